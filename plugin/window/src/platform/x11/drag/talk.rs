//! What the two sides of a drag say to each other.

use x11rb::CURRENT_TIME;
use x11rb::protocol::xproto::{
    Atom, AtomEnum, ClientMessageEvent, ConnectionExt as _, EventMask, PropMode, SELECTION_NOTIFY_EVENT, SelectionNotifyEvent,
    SelectionRequestEvent, Window,
};
use x11rb::wrapper::ConnectionExt as _;

use super::super::server::{Server, Trouble};

x11rb::atom_manager! {
    /// The protocol's words.
    pub(super) Atoms: AtomsCookie {
        XdndAware,
        XdndEnter,
        XdndPosition,
        XdndStatus,
        XdndLeave,
        XdndDrop,
        XdndFinished,
        XdndSelection,
        XdndActionCopy,
        TARGETS,
        UriList: b"text/uri-list",
    }
}

/// The protocol's version, unchanged since 2002.
const VERSION: u32 = 5;

/// A window that takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) window: Window,
    version: u32,
}

/// The window at `pos` that takes part, if it isn't the one that the drag comes from.
pub(super) fn target(server: &Server, atoms: &Atoms, from: Window, pos: (i16, i16)) -> Result<Option<Target>, Trouble> {
    let (own, frame) = (server.connection.query_pointer(from)?, server.connection.get_geometry(from)?);
    let (own, frame) = (own.reply()?, frame.reply()?);
    let inside = |at: i16, length: u16| u16::try_from(at).is_ok_and(|at| at < length);
    if inside(own.win_x, frame.width) && inside(own.win_y, frame.height) {
        return Ok(None);
    }
    let mut window = server.root;
    loop {
        window = server.connection.translate_coordinates(server.root, window, pos.0, pos.1)?.reply()?.child;
        if window == x11rb::NONE {
            return Ok(None);
        }
        let aware = server.connection.get_property(false, window, atoms.XdndAware, AtomEnum::ATOM, 0, 1)?.reply()?;
        if let Some(version) = aware.value32().and_then(|mut values| values.next()) {
            return Ok(Some(Target { window, version: version.min(VERSION) }));
        }
    }
}

pub(super) fn enter(server: &Server, atoms: &Atoms, source: Window, target: Target) -> Result<(), Trouble> {
    say(server, target, atoms.XdndEnter, [source, target.version << 24, atoms.UriList, 0, 0])
}

pub(super) fn position(server: &Server, atoms: &Atoms, source: Window, target: Target, pos: (i16, i16)) -> Result<(), Trouble> {
    let packed = u32::from(pos.0 as u16) << 16 | u32::from(pos.1 as u16);
    say(server, target, atoms.XdndPosition, [source, 0, packed, CURRENT_TIME, atoms.XdndActionCopy])
}

pub(super) fn leave(server: &Server, atoms: &Atoms, source: Window, target: Target) -> Result<(), Trouble> {
    say(server, target, atoms.XdndLeave, [source, 0, 0, 0, 0])
}

pub(super) fn drop_on(server: &Server, atoms: &Atoms, source: Window, target: Target) -> Result<(), Trouble> {
    say(server, target, atoms.XdndDrop, [source, 0, CURRENT_TIME, 0, 0])
}

fn say(server: &Server, target: Target, word: Atom, data: [u32; 5]) -> Result<(), Trouble> {
    let message = ClientMessageEvent::new(32, target.window, word, data);
    server.connection.send_event(false, target.window, EventMask::NO_EVENT, message)?;
    Ok(())
}

/// Gives the file's address to whoever asks for it.
pub(super) fn give(server: &Server, atoms: &Atoms, request: &SelectionRequestEvent, uri: &str) -> Result<(), Trouble> {
    let connection = &server.connection;
    // Old programs name no property and mean the target's name.
    let property = if request.property == x11rb::NONE { request.target } else { request.property };
    let mut given = property;
    if request.target == atoms.UriList {
        connection.change_property8(PropMode::REPLACE, request.requestor, property, atoms.UriList, format!("{uri}\r\n").as_bytes())?;
    } else if request.target == atoms.TARGETS {
        connection.change_property32(PropMode::REPLACE, request.requestor, property, AtomEnum::ATOM, &[atoms.TARGETS, atoms.UriList])?;
    } else {
        given = x11rb::NONE;
    }
    let answer = SelectionNotifyEvent {
        response_type: SELECTION_NOTIFY_EVENT,
        sequence: 0,
        time: request.time,
        requestor: request.requestor,
        selection: request.selection,
        target: request.target,
        property: given,
    };
    connection.send_event(false, request.requestor, EventMask::NO_EVENT, answer)?;
    Ok(())
}
