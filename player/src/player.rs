//! What runs on the audio thread.

mod commands;
mod decide;

use crate::capture::Capture;
use crate::clock::Clock;
use crate::control::{self, Controls, Ends, Fact, Now};
use crate::deck::{CHUNK, Chunk, Deck};
use crate::mix::{Mix, Mixer};
use crate::notes::{Event, EventKind, Held, PlayMode, Shot, slot_of};
use crate::quantize::Quantize;
use crate::shelf::Shelf;
use crate::sinc::Sinc;
use crate::slots::{SLOTS, Slot};
use crate::transport::Transport;
use decide::{Pending, Turn};
use inlay_music::SampleRate;

/// One block of the host.
#[derive(Debug)]
pub struct Block<'a> {
    /// Time at the block's first frame.
    pub transport: &'a Transport,
    /// What happens in the block, in order.
    pub events: &'a [Event],
    /// Level, width and mix.
    pub mix: Mix,
    /// What notes do.
    pub mode: PlayMode,
    /// When notes and automation change the slot.
    pub quantize: Quantize,
    /// Left and right of the input, for an effect.
    pub input: Option<[&'a [f32]; 2]>,
    /// Left and right of the output; all of it is written.
    pub output: [&'a mut [f32]; 2],
}

/// The audio thread's own: plays eight slots in time with the host.
///
/// All memory is allocated when it is made. What it is told, and what it gives back, goes through the [`Controls`] that are made with it.
#[derive(Debug)]
pub struct Player {
    rate: f64,
    /// Frames since it was made: the player's own count, which all frames in here are in.
    n: i64,
    clock: Clock,
    shelf: Shelf,
    slots: [Slot; SLOTS],
    selected: u8,
    pending: Option<Pending>,
    turn: Option<Turn>,
    held: Held,
    shot: Option<Shot>,
    shots: u32,
    mode: PlayMode,
    audition: bool,
    deck: Deck,
    sinc: Sinc,
    chunk: Box<Chunk>,
    mixer: Mixer,
    capture: Capture,
    ends: Ends,
}

impl Player {
    /// A player of silence and what tells it to play, for `rate` frames a second. Allocates: not for the audio thread.
    pub fn new(rate: SampleRate) -> (Self, Controls) {
        let (controls, ends) = control::rings();
        let rate = f64::from(rate.get());
        let player = Self {
            rate,
            n: 0,
            clock: Clock::new(rate),
            shelf: Shelf::new(),
            slots: [Slot::default(); SLOTS],
            selected: 0,
            pending: None,
            turn: None,
            held: Held::default(),
            shot: None,
            shots: 0,
            mode: PlayMode::default(),
            audition: false,
            deck: Deck::new(rate),
            sinc: Sinc::new(),
            chunk: Box::new(Chunk::new()),
            mixer: Mixer::new(rate),
            capture: Capture::new(),
            ends,
        };
        (player, controls)
    }

    /// Plays one block, of any length. The output is a function of what was loaded and told, the transport, the events and the mix.
    ///
    /// # Realtime safety
    /// Neither allocates nor frees, locks, waits nor makes a system call. Its time is bounded by the block's length.
    pub fn process(&mut self, block: Block<'_>) {
        let [left, right] = block.output;
        let frames = left.len().min(right.len());
        self.mode = block.mode;
        self.take_commands();
        self.begin(frames, block.transport);
        self.mixer.aim(&block.mix);
        let mut events = block.events.iter().peekable();
        let mut at = 0;
        while at < frames {
            while let Some(event) = events.next_if(|e| e.at as usize <= at) {
                self.happen(&event.kind, self.n + at as i64, block.quantize);
            }
            let n = self.n + at as i64;
            self.advance(n);
            let event = events.peek().map_or(frames, |e| e.at as usize);
            let change = self.next_change(n).map_or(frames, |c| usize::try_from(c - self.n).unwrap_or(frames));
            let end = event.min(change).min(at + CHUNK).clamp(at + 1, frames);
            let input = block.input.map(|channels| channels.map(|c| c.get(at..end.min(c.len())).unwrap_or(&[])));
            if let Some([l, r]) = input {
                self.capture.hear(l, r, &self.ends.status);
            }
            self.deck.render(&self.shelf, &self.sinc, n, end - at, &mut self.chunk);
            self.mixer.write(&self.chunk, input, &mut left[at..end], &mut right[at..end]);
            at = end;
        }
        // What lies behind the block's end (or in a block without frames) happens now.
        for event in events {
            self.happen(&event.kind, self.n + frames as i64, block.quantize);
        }
        left[frames..].fill(0.0);
        right[frames..].fill(0.0);
        self.n += frames as i64;
        self.end();
    }

    /// The slot that is selected, or will be at the boundary.
    pub fn next_slot(&self) -> u8 {
        self.asked()
    }

    /// Falls silent at once and forgets held notes; slots stay. For when the host stops calling.
    ///
    /// # Realtime safety
    /// Neither allocates nor frees, locks nor waits.
    pub fn reset(&mut self) {
        self.deck.silence();
        self.held = Held::default();
        self.shot = None;
        self.clock.stop();
        let fact = self.capture.end(false);
        self.tell(fact);
    }

    /// Hears the host, and lets what sounds follow.
    fn begin(&mut self, frames: usize, transport: &Transport) {
        let n = self.n;
        self.clock.begin(n, frames, transport, self.audition);
        if let Some(shot) = &mut self.shot
            && shot.line.per_beat != self.clock.line.per_beat
        {
            shot.line.beat = shot.line.beat_at(n);
            (shot.line.n, shot.line.per_beat) = (n, self.clock.line.per_beat);
        }
        let (clock, shot) = (&self.clock, &self.shot);
        self.deck.follow(|lead| decide::line(lead, clock, shot.as_ref()));
    }

    /// What an event does.
    fn happen(&mut self, kind: &EventKind, n: i64, quantize: Quantize) {
        match *kind {
            EventKind::Select { slot } => self.select(slot, quantize, n),
            EventKind::Step { forward } => self.step(forward, quantize, n),
            EventKind::AllNotesOff => self.held = Held::default(),
            // By MIDI's own rule a note without velocity is one that ends.
            EventKind::NoteOn { note, velocity } if velocity != 0.0 => {
                let Some(slot) = slot_of(note) else { return };
                self.tell(Some(Fact::Note { slot, velocity }));
                if !self.clock.running && self.held.top().is_none() {
                    // The song stands: the first note starts a time of its own.
                    self.clock.anchor(n, 0.0);
                }
                self.held.press(slot, velocity);
                match self.mode {
                    PlayMode::Switch => self.select(slot, quantize, n),
                    PlayMode::Gate => {}
                    PlayMode::OneShot => {
                        self.shots = self.shots.wrapping_add(1);
                        let line = crate::line::Line { n, beat: 0.0, per_beat: self.clock.line.per_beat };
                        self.shot = Some(Shot { slot, id: self.shots, line });
                    }
                }
            }
            EventKind::NoteOn { note, .. } | EventKind::NoteOff { note } => {
                let Some(slot) = slot_of(note) else { return };
                self.tell(Some(Fact::Note { slot, velocity: 0.0 }));
                self.held.release(slot);
            }
        }
    }

    /// Shows where things are, and gives back what nobody needs.
    fn end(&mut self) {
        let named = self.slots.iter().fold(self.deck.named(), |bits, slot| bits | slot.named());
        self.shelf.clear(named, &mut self.ends.spent);
        self.capture.give_back(&mut self.ends.spent);
        let sounding = self.deck.heard().map(|v| (v.slot, v.phase(self.n)));
        let Clock { running, tempo, line, revision, .. } = &self.clock;
        let now = Now { running: *running, tempo: *tempo, beat: line.beat_at(self.n), sounding, selected: self.selected };
        self.ends.status.show(&now, *revision);
    }

    /// Tells the conductor, if there is room; else it is counted.
    fn tell(&mut self, fact: Option<Fact>) {
        if let Some(fact) = fact
            && self.ends.facts.push(fact).is_err()
        {
            self.ends.status.lose_fact();
        }
    }
}
