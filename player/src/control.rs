//! The other side of the player: what the conductor holds.
//!
//! Commands and renditions go to the audio thread by one ring, facts and spent renditions come back by two others. None of them
//! waits: a full ring is an answer.

mod status;

pub use status::{Now, Status};

use crate::quantize::Quantize;
use crate::slots::SLOTS;
use inlay_music::{Beats, Bpm, Rendition};
use rtrb::{Consumer, Producer};
use std::sync::Arc;

/// Commands that wait for the audio thread at most.
const COMMANDS: usize = 128;
/// Facts that wait for the conductor at most.
const FACTS: usize = 1024;
/// Spent things that wait for the conductor at most.
const SPENT: usize = 128;
/// Frames of the shortest loop that can be played.
const SHORTEST: usize = 256;

/// Why the player can't be told something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ControlError {
    /// Nobody took the last commands: the host doesn't run the audio thread.
    Busy,
    /// There are slots 0 to 7.
    Slot(u8),
    /// A loop without a rendition, shorter than 256 frames, with channels of two lengths, or of no beats.
    Loop,
    /// A capture of no frames, or of more than the memory that can be asked for.
    Capture,
}

impl std::fmt::Display for ControlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy => f.write_str("the host isn't running the plugin's audio: start it, then try again"),
            Self::Slot(slot) => write!(f, "there is no slot {}: choose one from 1 to 8", u16::from(*slot) + 1),
            Self::Loop => f.write_str("this take holds no sound that can be played: make it again"),
            Self::Capture => f.write_str("this much can't be captured: choose a shorter stretch"),
        }
    }
}

impl std::error::Error for ControlError {}

/// A take as the player gets it.
#[derive(Debug, Clone)]
pub struct Loop {
    /// Its length in quarter notes.
    pub beats: Beats,
    /// The song position that it was captured at, in quarter notes, for a clip: it replaces the input there once and never loops.
    pub clip: Option<f64>,
    /// Its last two renditions by tempo, each with the tempo that it was made for.
    pub renditions: [Option<(Bpm, Arc<Rendition>)>; 2],
}

impl Loop {
    /// Whether the audio thread can play it without looking.
    fn is_sound(&self) -> bool {
        let fit = |(_, r): &(Bpm, Arc<Rendition>)| r.left.len() == r.right.len() && r.left.len() >= SHORTEST;
        let clip = self.clip.is_none_or(|c| c.abs() <= 1e8);
        let beats = (1.0 / 64.0..=4096.0).contains(&self.beats.get());
        let some = self.renditions.iter().any(Option::is_some);
        clip && beats && some && self.renditions.iter().flatten().all(fit)
    }
}

/// What the audio thread is told.
#[derive(Debug)]
pub(crate) enum Command {
    Load { slot: u8, content: Option<Loop>, when: Quantize },
    Select { slot: u8, when: Quantize },
    Audition(bool),
    Capture { id: u32, ring: Producer<[f32; 2]>, beats: f64, when: Quantize },
    EndCapture,
}

/// What the audio thread gives back to be freed.
#[derive(Debug)]
#[expect(dead_code, reason = "it is only dropped, but on the right thread")]
pub(crate) enum Spent {
    Rendition(Arc<Rendition>),
    Capture(Producer<[f32; 2]>),
}

/// Something that happened on the audio thread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fact {
    /// A note from 36 to 43 began (`velocity` above 0) or ended.
    Note {
        /// The slot that it plays.
        slot: u8,
        /// 0 to 1; 0 where it ended.
        velocity: f32,
    },
    /// Another slot is selected from now on.
    Selected {
        /// Which.
        slot: u8,
    },
    /// The first frame of the input is in the capture's ring.
    CaptureBegan {
        /// Which capture.
        capture: u32,
        /// Its song position in quarter notes.
        beat: f64,
        /// The tempo there.
        bpm: f64,
    },
    /// No more frames come. The capture is as long as was asked for, or the host stopped or jumped, or it was ended.
    CaptureEnded {
        /// Which capture.
        capture: u32,
        /// Frames in the ring.
        frames: u64,
        /// Frames that the ring had no room for: what was captured isn't in time behind them.
        lost: u64,
        /// All beats that were asked for are in it, whatever their tempo was.
        whole: bool,
    },
}

/// The conductor's end of a capture.
#[derive(Debug)]
pub struct Captured {
    /// Which capture it is among the facts.
    pub id: u32,
    /// Where its frames come out.
    pub ring: Consumer<[f32; 2]>,
}

/// Tells the player what to do, and hears what it did. Made with [`Player::new`](crate::Player::new).
#[derive(Debug)]
pub struct Controls {
    /// Captures so far.
    pub(crate) captures: u32,
    pub(crate) commands: Producer<Command>,
    pub(crate) facts: Consumer<Fact>,
    pub(crate) spent: Consumer<Spent>,
    pub(crate) status: Arc<Status>,
}

/// The ends of the rings that the audio thread holds.
#[derive(Debug)]
pub(crate) struct Ends {
    pub commands: Consumer<Command>,
    pub facts: Producer<Fact>,
    pub spent: Producer<Spent>,
    pub status: Arc<Status>,
}

/// The rings between the two.
pub(crate) fn rings() -> (Controls, Ends) {
    let (commands, told) = rtrb::RingBuffer::new(COMMANDS);
    let (tell, facts) = rtrb::RingBuffer::new(FACTS);
    let (give, spent) = rtrb::RingBuffer::new(SPENT);
    let status = Arc::new(Status::default());
    let ends = Ends { commands: told, facts: tell, spent: give, status: Arc::clone(&status) };
    (Controls { captures: 0, commands, facts, spent, status }, ends)
}

impl Controls {
    /// Puts a take into a slot. Where the slot sounds with another take, the change comes at the boundary.
    ///
    /// # Errors
    /// [`ControlError::Slot`], [`ControlError::Loop`], [`ControlError::Busy`].
    pub fn load(&mut self, slot: u8, content: Loop, when: Quantize) -> Result<(), ControlError> {
        if !content.is_sound() {
            return Err(ControlError::Loop);
        }
        self.tell(Command::Load { slot: checked(slot)?, content: Some(content), when })
    }

    /// Empties a slot; where it sounds, at the boundary.
    ///
    /// # Errors
    /// [`ControlError::Slot`], [`ControlError::Busy`].
    pub fn clear(&mut self, slot: u8, when: Quantize) -> Result<(), ControlError> {
        self.tell(Command::Load { slot: checked(slot)?, content: None, when })
    }

    /// Plays another slot from the boundary on.
    ///
    /// # Errors
    /// [`ControlError::Slot`], [`ControlError::Busy`].
    pub fn select(&mut self, slot: u8, when: Quantize) -> Result<(), ControlError> {
        self.tell(Command::Select { slot: checked(slot)?, when })
    }

    /// Plays also while the host is stopped, from the first beat; or no longer.
    ///
    /// # Errors
    /// [`ControlError::Busy`].
    pub fn audition(&mut self, on: bool) -> Result<(), ControlError> {
        self.tell(Command::Audition(on))
    }

    /// Captures `beats` of the input from the boundary on, while the song runs; a capture that still runs is ended. What is captured
    /// comes out of the returned ring, which holds `room` frames: it need not hold all of it if it is emptied in time.
    ///
    /// # Errors
    /// [`ControlError::Capture`], [`ControlError::Busy`].
    pub fn capture(&mut self, beats: Beats, room: usize, when: Quantize) -> Result<Captured, ControlError> {
        if beats.get() <= 0.0 || beats.get() > 4096.0 || !(1..=1 << 28).contains(&room) {
            return Err(ControlError::Capture);
        }
        let (producer, ring) = rtrb::RingBuffer::new(room);
        let id = self.captures.wrapping_add(1);
        self.tell(Command::Capture { id, ring: producer, beats: beats.get(), when })?;
        self.captures = id;
        Ok(Captured { id, ring })
    }

    /// Ends a capture, also one that waits for its boundary.
    ///
    /// # Errors
    /// [`ControlError::Busy`].
    pub fn end_capture(&mut self) -> Result<(), ControlError> {
        self.tell(Command::EndCapture)
    }

    /// The oldest fact that wasn't heard yet.
    pub fn fact(&mut self) -> Option<Fact> {
        self.facts.pop().ok()
    }

    /// What sounds, and where the song is.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The same for who only looks: it stays valid as long as somebody holds it.
    pub fn shared_status(&self) -> Arc<Status> {
        Arc::clone(&self.status)
    }

    /// Frees what the audio thread no longer needs; says how many things that were. Call it now and then: without it the shelf fills,
    /// and takes stay outside.
    pub fn collect(&mut self) -> usize {
        std::iter::from_fn(|| self.spent.pop().ok()).count()
    }

    fn tell(&mut self, command: Command) -> Result<(), ControlError> {
        self.collect();
        self.commands.push(command).map_err(|_| ControlError::Busy)
    }
}

/// A slot that is there.
fn checked(slot: u8) -> Result<u8, ControlError> {
    if usize::from(slot) < SLOTS { Ok(slot) } else { Err(ControlError::Slot(slot)) }
}
