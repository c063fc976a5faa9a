//! What the conductor says.

use super::Player;
use super::decide::Pending;
use crate::control::{Command, Fact, Loop};
use crate::quantize::Quantize;
use crate::slots::{SLOTS, Set};

impl Player {
    /// Does what was said since the last block, in order. What there is no room for stays in the ring, with all behind it.
    ///
    /// # Realtime safety
    /// Moves what comes out of the ring: nothing is dropped.
    pub(super) fn take_commands(&mut self) {
        while let Ok(command) = self.ends.commands.peek() {
            let room = match command {
                Command::Load { .. } => self.shelf.has_room_for(2),
                Command::Capture { .. } => self.end_capture(),
                _ => true,
            };
            if !room {
                return;
            }
            let Ok(command) = self.ends.commands.pop() else { return };
            match command {
                Command::Load { slot, content, when } => self.load(slot, content, when),
                Command::Select { slot, when } => self.select(slot, when, self.n),
                Command::Audition(on) => self.audition = on,
                Command::Capture { id, ring, beats, when } => self.capture.arm(id, ring, beats, when, self.n, &self.clock),
                Command::EndCapture => {
                    self.end_capture();
                }
            }
        }
    }

    /// Ends the capture, if there is one; says whether there is room for another.
    fn end_capture(&mut self) -> bool {
        let fact = self.capture.end(false);
        self.tell(fact);
        self.capture.give_back(&mut self.ends.spent);
        self.capture.is_free()
    }

    /// Asks for another slot, from the boundary on.
    pub(super) fn select(&mut self, slot: u8, when: Quantize, n: i64) {
        if usize::from(slot) < SLOTS {
            // what was due at once has come by then
            if let Some(due) = self.pending.take_if(|p| p.when == Quantize::Now) {
                self.apply(&due);
            }
            self.pending = Some(Pending { slot, when, from: self.clock.line.beat_at(n), anchors: self.clock.anchors });
        }
    }

    /// Asks for the next slot that holds a take after the one that plays or is asked for already.
    pub(super) fn step(&mut self, forward: bool, when: Quantize, n: i64) {
        let (from, count) = (usize::from(self.asked()), SLOTS);
        let nth = |i: usize| if forward { (from + i) % count } else { (from + count - i) % count };
        if let Some(slot) = (1..count).map(nth).find(|slot| self.slots[*slot].will_hold()) {
            self.select(slot as u8, when, n);
        }
    }

    /// The slot that plays from the next boundary on.
    pub(super) fn asked(&self) -> u8 {
        self.pending.map_or(self.selected, |p| p.slot)
    }

    fn load(&mut self, slot: u8, content: Option<Loop>, when: Quantize) {
        let set = content.map(|Loop { beats, clip, renditions }| Set {
            beats: beats.get(),
            clip,
            places: renditions.map(|r| r.and_then(|(bpm, rendition)| self.shelf.put(rendition, bpm.get()))),
        });
        let Some(place) = self.slots.get_mut(usize::from(slot)) else { return };
        let same = matches!((&place.now, &set), (Some(a), Some(b)) if a.same_take(b, &self.shelf));
        if same || !self.deck.sounds(slot) {
            (place.now, place.next) = (set, None);
        } else {
            place.next = Some(set);
            let target = self.pending.as_ref().map_or(self.selected, |p| p.slot);
            self.select(target, when, self.n);
        }
    }

    /// At the boundary: the slot that was asked for, with the takes that waited.
    pub(super) fn apply(&mut self, pending: &Pending) {
        self.slots.iter_mut().for_each(|s| s.turn());
        self.selected = pending.slot;
        // also where it is the same one again: who asked for another in the meantime hears that it isn't coming
        self.tell(Some(Fact::Selected { slot: pending.slot }));
    }
}
