//! The player of an instance, as its session has it: what is loaded follows what should be.

use crate::entry::{Entry, Voice};
use crate::history::History;
use crate::slots::Slots;
use inlay_music::{Bpm, Rendition, SampleRate, Take, TakeId};
use inlay_player::{Controls, Fact, Now, Quantize, SLOTS, Status};
use std::sync::Arc;

/// What a slot of the player holds: tells whether that is what it should hold.
#[derive(Debug, Clone, PartialEq)]
struct Held {
    take: TakeId,
    clip: Option<f64>,
    tempos: [Option<Bpm>; 2],
}

/// The player's other end.
#[derive(Debug)]
pub(crate) struct Playback {
    pub controls: Controls,
    pub rate: SampleRate,
    held: [Option<Held>; SLOTS],
    selected: Option<u8>,
    /// Nothing was selected yet: what the instance comes with plays at once.
    fresh: bool,
    audition: bool,
}

/// What a slot still lacks: a take's sound at the player's rate.
#[derive(Debug, Clone)]
pub(crate) struct Missing {
    pub entry: TakeId,
    pub take: Arc<Take>,
}

impl Playback {
    pub fn new(controls: Controls, rate: SampleRate) -> Self {
        Self { controls, rate, held: Default::default(), selected: None, fresh: true, audition: false }
    }

    pub fn now(&self) -> Now {
        self.controls.status().now()
    }

    pub fn status(&self) -> Arc<Status> {
        self.controls.shared_status()
    }

    /// What happened on the audio thread since the last call.
    pub fn facts(&mut self) -> Vec<Fact> {
        self.controls.collect();
        std::iter::from_fn(|| self.controls.fact()).collect()
    }

    /// The audio thread chose a slot by itself.
    pub fn chose(&mut self, slot: u8) {
        self.selected = Some(slot);
    }

    /// The selected slot is told again, whatever the audio thread chose or is about to: a user asks for it.
    pub fn insist(&mut self) {
        self.selected = None;
    }

    /// The selected slot plays at once, whatever was told before.
    pub fn begin_anew(&mut self) {
        (self.selected, self.fresh) = (None, true);
    }

    /// Says to the player what differs from what should be. What can't be told now (the host runs no audio, and the ring is full) is
    /// told by a later call.
    pub fn follow(&mut self, slots: &Slots, history: &History, selected: u8, audition: bool, when: Quantize) {
        for slot in 0..SLOTS as u8 {
            let entry = slots.take(slot).and_then(|id| history.get(id));
            let wanted = entry.and_then(|e| held(e, self.rate));
            let Some(now) = self.held.get_mut(usize::from(slot)) else { continue };
            if *now == wanted {
                continue;
            }
            let told = match (&wanted, entry) {
                (Some(_), Some(entry)) => self.controls.load(slot, entry.as_loop(), when),
                // a take whose sound comes later keeps the old one playing; an empty slot doesn't
                _ if slots.take(slot).is_some() => continue,
                _ => self.controls.clear(slot, when),
            };
            match told {
                Ok(()) => *now = wanted,
                Err(inlay_player::ControlError::Busy) => return,
                Err(error) => {
                    tracing::warn!("slot {}: {error}", slot + 1);
                    *now = wanted;
                }
            }
        }
        let when = if self.fresh { Quantize::Now } else { when };
        if self.selected != Some(selected) && self.controls.select(selected, when).is_ok() {
            (self.selected, self.fresh) = (Some(selected), false);
        }
        if self.audition != audition && self.controls.audition(audition).is_ok() {
            self.audition = audition;
        }
    }

    /// Sounds that takes in slots lack at the player's rate, the selected slot's first.
    pub fn missing(&self, slots: &Slots, history: &History, selected: u8) -> Vec<Missing> {
        let order = (0..SLOTS as u8).map(|n| (n + selected) % SLOTS as u8);
        let entries = order.filter_map(|slot| history.get(slots.take(slot)?));
        entries.flat_map(|e| e.voices.iter().flatten().filter(|v| !fits(v, self.rate)).map(|v| missing(e, v))).collect()
    }
}

fn missing(entry: &Entry, voice: &Voice) -> Missing {
    Missing { entry: entry.id.clone(), take: Arc::clone(&voice.take) }
}

impl Entry {
    /// A sound of it was rendered.
    pub(crate) fn rendered(&mut self, take: &Take, rendition: &Arc<Rendition>) {
        for voice in self.voices.iter_mut().flatten().filter(|v| v.take.id == take.id) {
            voice.rendition = Some(Arc::clone(rendition));
        }
    }
}

fn fits(voice: &Voice, rate: SampleRate) -> bool {
    voice.rendition.as_ref().is_some_and(|r| r.rate == rate)
}

/// What the player would hold of an entry; None as long as nothing of it can be played at this rate.
fn held(entry: &Entry, rate: SampleRate) -> Option<Held> {
    let tempo = |v: &Option<Voice>| v.as_ref().filter(|v| fits(v, rate)).map(Voice::bpm);
    let tempos = [tempo(&entry.voices[0]), tempo(&entry.voices[1])];
    tempos.iter().any(Option::is_some).then(|| Held { take: entry.id.clone(), clip: entry.clip, tempos })
}
