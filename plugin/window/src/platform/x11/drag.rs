//! A file under the pointer on its way to another window: the source's side of XDND.
//!
//! The pointer is followed by asking for it: while the mouse button is down it belongs to the window that it went down in, and no
//! second connection could grab it. The drag has a connection and a window of its own, which end with it.

mod talk;

use std::path::Path;
use std::time::{Duration, Instant};

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateWindowAux, KeyButMask, Window, WindowClass};
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME};

use super::server::{Server, Trouble};
use talk::{Atoms, Target};

/// How long a window may take to say whether it would take the file.
const ANSWER: Duration = Duration::from_millis(500);
/// How long a window may take to read the file's name once it was dropped.
const FINISH: Duration = Duration::from_secs(10);

pub(super) struct Drag {
    server: Server,
    atoms: Atoms,
    /// The window that speaks for the drag.
    source: Window,
    /// The window that the file comes from, where it can't be dropped.
    from: Window,
    uri: String,
    phase: Phase,
}

enum Phase {
    Held { over: Option<Over>, at: Option<(i16, i16)> },
    Dropped { onto: Window, at: Instant },
}

/// The window under the pointer.
struct Over {
    target: Target,
    accepts: bool,
    /// Since when an answer is awaited: no second question before the first is answered.
    asked: Option<Instant>,
}

impl Drag {
    pub(super) fn start(from: Window, file: &Path) -> Result<Self, Trouble> {
        let server = Server::connect()?;
        let atoms = Atoms::new(&server.connection)?.reply()?;
        let source = server.connection.generate_id()?;
        let (class, nothing) = (WindowClass::INPUT_ONLY, CreateWindowAux::new());
        server.connection.create_window(COPY_DEPTH_FROM_PARENT, source, server.root, 0, 0, 1, 1, 0, class, COPY_FROM_PARENT, &nothing)?;
        server.connection.set_selection_owner(source, atoms.XdndSelection, CURRENT_TIME)?.check()?;
        let uri = crate::reveal::uri(&std::path::absolute(file)?);
        Ok(Self { server, atoms, source, from, uri, phase: Phase::Held { over: None, at: None } })
    }

    /// Whether the file is still in the hand.
    pub(super) fn is_held(&self) -> bool {
        matches!(self.phase, Phase::Held { .. })
    }

    /// Whether the window under the pointer would take the file.
    pub(super) fn is_accepted(&self) -> bool {
        matches!(&self.phase, Phase::Held { over: Some(over), .. } if over.accepts)
    }

    /// Moves on. False when the drag is over.
    pub(super) fn step(&mut self) -> Result<bool, Trouble> {
        while let Some(event) = self.server.connection.poll_for_event()? {
            if self.answer(&event)? {
                return Ok(false);
            }
        }
        let goes_on = match self.phase {
            Phase::Held { .. } => self.follow()?,
            Phase::Dropped { at, .. } => at.elapsed() < FINISH,
        };
        self.server.connection.flush()?;
        Ok(goes_on)
    }

    /// Hears what the other window says. True when it is done.
    fn answer(&mut self, event: &Event) -> Result<bool, Trouble> {
        match event {
            Event::SelectionRequest(request) => talk::give(&self.server, &self.atoms, request, &self.uri)?,
            Event::ClientMessage(message) if message.type_ == self.atoms.XdndStatus => {
                let [speaker, flags, ..] = message.data.as_data32();
                if let Phase::Held { over: Some(over), .. } = &mut self.phase
                    && over.target.window == speaker
                {
                    over.accepts = flags & 1 != 0;
                    over.asked = None;
                }
            }
            Event::ClientMessage(message) if message.type_ == self.atoms.XdndFinished => {
                let speaker = message.data.as_data32()[0];
                return Ok(matches!(self.phase, Phase::Dropped { onto, .. } if onto == speaker));
            }
            _ => {}
        }
        Ok(false)
    }

    /// Follows the pointer and lets go with the mouse button.
    fn follow(&mut self) -> Result<bool, Trouble> {
        let Phase::Held { over, at } = &mut self.phase else { return Ok(true) };
        let (server, atoms, source) = (&self.server, &self.atoms, self.source);
        let pointer = server.connection.query_pointer(server.root)?.reply()?;
        let waits = over.as_ref().and_then(|over| over.asked).is_some_and(|asked| asked.elapsed() < ANSWER);

        if !pointer.mask.contains(KeyButMask::BUTTON1) {
            return Ok(match over.take() {
                // Let go faster than the window could answer: its answer decides.
                Some(waiting) if waits => {
                    *over = Some(waiting);
                    true
                }
                Some(over) if over.accepts => {
                    talk::drop_on(server, atoms, source, over.target)?;
                    self.phase = Phase::Dropped { onto: over.target.window, at: Instant::now() };
                    true
                }
                Some(over) => {
                    talk::leave(server, atoms, source, over.target)?;
                    false
                }
                None => false,
            });
        }

        let pos = (pointer.root_x, pointer.root_y);
        let target = talk::target(server, atoms, self.from, pos)?;
        if over.as_ref().map(|over| over.target) != target {
            if let Some(over) = over.take() {
                talk::leave(server, atoms, source, over.target)?;
            }
            if let Some(target) = target {
                talk::enter(server, atoms, source, target)?;
                *over = Some(Over { target, accepts: false, asked: None });
                *at = None;
            }
        }
        if let Some(over) = over.as_mut().filter(|_| !waits && *at != Some(pos)) {
            talk::position(server, atoms, source, over.target, pos)?;
            over.asked = Some(Instant::now());
            *at = Some(pos);
        }
        Ok(true)
    }
}
