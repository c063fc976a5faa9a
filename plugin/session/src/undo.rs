//! Taking changes back.

use crate::dropped::Dropped;
use crate::slots::Slots;
use inlay_music::{Region, TakeId};
use std::sync::Arc;

/// Changes that can be taken back.
const MOST: usize = 64;

/// What a change may have changed: nothing of it is large.
#[derive(Debug, Clone)]
pub(crate) struct Memento {
    pub slots: Slots,
    pub selected: u8,
    pub regions: Vec<Region>,
    pub chords: String,
    pub file: Option<Arc<Dropped>>,
}

/// Two stacks of what was before, and after.
#[derive(Debug, Default)]
pub(crate) struct Undo {
    back: Vec<(&'static str, Memento)>,
    forth: Vec<(&'static str, Memento)>,
}

impl Undo {
    /// Remembers what was before a change with this name.
    pub fn remember(&mut self, change: &'static str, before: Memento) {
        self.forth.clear();
        self.back.push((change, before));
        if self.back.len() > MOST {
            self.back.remove(0);
        }
    }

    /// What was before the last change, where that was one of this name: the next one may go on with it.
    pub fn last(&self, change: &str) -> Option<&Memento> {
        self.back.last().filter(|(name, _)| *name == change && self.forth.is_empty()).map(|(_, before)| before)
    }

    /// A slot was filled by nobody's wish: whatever is taken back or done again, it stays filled where it would be empty.
    pub fn fill(&mut self, slot: u8, take: &TakeId) {
        for (_, memento) in self.back.iter_mut().chain(&mut self.forth) {
            if let Some(place) = memento.slots.get_mut(slot).filter(|p| p.take.is_none() && !p.pinned) {
                place.take = Some(take.clone());
            }
        }
    }

    /// What is to be put back, against what is now.
    pub fn undo(&mut self, now: Memento) -> Option<Memento> {
        let (change, before) = self.back.pop()?;
        self.forth.push((change, now));
        Some(before)
    }

    /// The other way.
    pub fn redo(&mut self, now: Memento) -> Option<Memento> {
        let (change, after) = self.forth.pop()?;
        self.back.push((change, now));
        Some(after)
    }

    /// The change that would be taken back.
    pub fn back(&self) -> Option<&'static str> {
        self.back.last().map(|(change, _)| *change)
    }

    /// The change that would be done again.
    pub fn forth(&self) -> Option<&'static str> {
        self.forth.last().map(|(change, _)| *change)
    }

    /// Takes that would be in slots again.
    pub fn takes(&self) -> impl Iterator<Item = &TakeId> {
        self.back.iter().chain(&self.forth).flat_map(|(_, m)| m.slots.takes())
    }
}
