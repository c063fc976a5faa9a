//! The thread of an instance, and how others reach it.

use crate::command::Command;
use crate::knobs::Host;
use crate::live::Live;
use crate::session::{Chore, Done, Session};
use crate::snapshot::Snapshot;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, unbounded};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Between ticks while something moves.
const BUSY: Duration = Duration::from_millis(15);
/// Between ticks while nothing does.
const IDLE: Duration = Duration::from_millis(100);
/// The conductor's stack: it renders and encodes, but never recurses.
const STACK: usize = 512 << 10;

/// What comes to the conductor.
#[derive(Debug)]
enum Letter {
    Command(Command),
    Done(Done),
    /// Something changed outside: look at once.
    Wake,
}

/// How the editor and others reach an instance. Cheap to clone; nothing of it waits for work.
#[derive(Debug, Clone)]
pub struct Link {
    letters: Sender<Letter>,
    shown: Arc<Mutex<(Arc<Snapshot>, Live)>>,
}

impl Link {
    /// Asks for something. What comes of it is in later snapshots.
    pub fn send(&self, command: Command) {
        // a conductor that is gone belonged to an instance that is gone
        let _ = self.letters.send(Letter::Command(command));
    }

    /// The instance as it is, and what moves all the time.
    pub fn show(&self) -> (Arc<Snapshot>, Live) {
        self.shown.lock().clone()
    }
}

/// Holds an instance's session and the thread that moves it on. The thread ends by itself after this is dropped; nobody waits for it.
#[derive(Debug)]
pub struct Conductor {
    session: Arc<Mutex<Session>>,
    link: Link,
    alive: Arc<()>,
}

impl Conductor {
    /// Starts the thread.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(session: Session) -> std::io::Result<Self> {
        let host = session.host();
        let shown = Arc::new(Mutex::new((Arc::new(session.snapshot()), Live { status: session.status() })));
        let session = Arc::new(Mutex::new(session));
        let (letters, inbox) = unbounded();
        let link = Link { letters: letters.clone(), shown: Arc::clone(&shown) };
        let alive = Arc::new(());
        let round = Round { host, session: Arc::clone(&session), inbox, letters, shown, alive: Arc::downgrade(&alive) };
        std::thread::Builder::new().name("inlay conductor".into()).stack_size(STACK).spawn(move || round.run())?;
        Ok(Self { session, link, alive })
    }

    /// For the editor.
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// Works on the session itself, for the host's own calls (activate, load, save): the conductor waits meanwhile, and looks at once
    /// afterwards. Never for the audio thread.
    pub fn with<T>(&self, work: impl FnOnce(&mut Session) -> T) -> T {
        let result = {
            let mut session = self.session.lock();
            let result = work(&mut session);
            publish(&session, &self.link.shown);
            result
        };
        let _ = self.link.letters.send(Letter::Wake);
        result
    }
}

impl Drop for Conductor {
    fn drop(&mut self) {
        self.alive = Arc::new(());
        let _ = self.link.letters.send(Letter::Wake);
    }
}

/// What the thread has.
struct Round {
    host: Arc<dyn Host>,
    session: Arc<Mutex<Session>>,
    inbox: Receiver<Letter>,
    letters: Sender<Letter>,
    shown: Arc<Mutex<(Arc<Snapshot>, Live)>>,
    alive: std::sync::Weak<()>,
}

impl Round {
    fn run(self) {
        let mut wait = BUSY;
        loop {
            let first = match self.inbox.recv_timeout(wait) {
                Ok(letter) => Some(letter),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return,
            };
            if self.alive.strong_count() == 0 {
                return;
            }
            let chores = {
                let mut session = self.session.lock();
                for letter in first.into_iter().chain(self.inbox.try_iter()) {
                    match letter {
                        Letter::Command(command) => session.obey(command),
                        Letter::Done(done) => session.bring(done),
                        Letter::Wake => {}
                    }
                }
                session.tick(Instant::now());
                publish(&session, &self.shown);
                wait = if session.is_busy() { BUSY } else { IDLE };
                session.chores()
            };
            for chore in chores {
                if let Some(done) = self.start(chore) {
                    let mut session = self.session.lock();
                    session.bring(done);
                    publish(&session, &self.shown);
                    wait = Duration::ZERO;
                }
            }
            self.host.rest();
        }
    }

    /// Does what is short; gives what may be long to a thread of its own.
    fn start(&self, chore: Chore) -> Option<Done> {
        if !chore.is_long() {
            return Some(chore.run());
        }
        let (letters, reads) = (self.letters.clone(), matches!(chore, Chore::Read(..)));
        let spawned = std::thread::Builder::new().name("inlay files".into()).spawn(move || {
            let _ = letters.send(Letter::Done(chore.run()));
        });
        spawned.err().map(|e| {
            let text = format!("The system gives no thread ({e}): close other programs, then try again.");
            // what waits to be read goes on
            if reads { Done::Read(Err(text)) } else { Done::Written(Err(text)) }
        })
    }
}

/// Shows a session that changed.
fn publish(session: &Session, shown: &Mutex<(Arc<Snapshot>, Live)>) {
    let live = Live { status: session.status() };
    let same = { shown.lock().0.revision == session.revision() };
    if !same {
        let snapshot = Arc::new(session.snapshot());
        *shown.lock() = (snapshot, live);
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::knobs::Knobs;
    use crate::signals::TRIGGERS;
    use inlay_music::{Amount, Bars, Feel};
    use inlay_player::Quantize;
    use std::sync::{OnceLock, Weak, atomic::AtomicBool, atomic::Ordering::Relaxed};

    /// Saves as soon as it hears of a change, as hosts may.
    #[derive(Default)]
    struct Eager {
        conductor: OnceLock<Weak<Conductor>>,
        changed: AtomicBool,
        saved: Mutex<Vec<String>>,
    }

    impl Host for Eager {
        fn knobs(&self) -> Knobs {
            let [bars, ..] = Bars::ALL;
            let (feel, amount, quantize) = (Feel::Normal, Amount::DEFAULT, Quantize::Bar);
            Knobs { bars, feel, steps: 16, guidance: 3.0, amount, seed_lock: false, slot: 0, quantize }
        }

        fn changed(&self) {
            self.changed.store(true, Relaxed);
        }

        fn rest(&self) {
            if self.changed.swap(false, Relaxed)
                && let Some(conductor) = self.conductor.get().and_then(Weak::upgrade)
            {
                self.saved.lock().push(conductor.with(|session| session.save()));
            }
        }

        fn triggers(&self) -> [bool; TRIGGERS] {
            [false; TRIGGERS]
        }
    }

    #[test]
    fn a_host_that_saves_as_soon_as_it_hears_of_a_change_finds_the_session_free() {
        let host = Arc::new(Eager::default());
        let conductor = Arc::new(Conductor::start(Session::new(host.clone(), Arc::default(), false)).unwrap());
        host.conductor.set(Arc::downgrade(&conductor)).unwrap();
        conductor.link().send(Command::Prompt("house drums".into()));
        let start = Instant::now();
        while host.saved.lock().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(60), "nobody said that it rests");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(host.saved.lock()[0].contains("house drums"));
    }
}
