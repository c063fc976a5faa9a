//! All takes that an instance knows.

use crate::entry::Entry;
use inlay_music::TakeId;
use inlay_state::Opened;
use std::collections::HashSet;

/// Takes outside of slots whose sound is kept in memory, besides favourites and what can't be made again.
const SOUNDING: usize = 24;
/// Takes at most; the oldest that nobody wants go first.
const MOST: usize = 500;

/// Takes in the order in which they came, each once.
#[derive(Debug, Default)]
pub(crate) struct History {
    entries: Vec<Entry>,
}

impl History {
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Entry> {
        self.entries.iter()
    }

    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut()
    }

    /// Parcels of some take were opened.
    pub fn opened(&mut self, opened: Opened) {
        let of = |e: &&mut Entry| e.id == opened.id || e.packed_voices.iter().any(|v| *v.id() == opened.id);
        if let Some(entry) = self.entries.iter_mut().find(of) {
            entry.unpack(&opened);
        }
    }

    pub fn get(&self, id: &TakeId) -> Option<&Entry> {
        self.entries.iter().rev().find(|e| e.id == *id)
    }

    pub fn get_mut(&mut self, id: &TakeId) -> Option<&mut Entry> {
        self.entries.iter_mut().rev().find(|e| e.id == *id)
    }

    /// Keeps a take. One that is known already (the same request gives the same take) gets its sound back.
    pub fn add(&mut self, entry: Entry) -> TakeId {
        let id = entry.id.clone();
        match self.get_mut(&id) {
            Some(known) => {
                known.unheard &= entry.unheard;
                if let (None, Some(take)) = (&known.own, entry.own) {
                    known.found(take);
                }
            }
            None => self.entries.push(entry),
        }
        id
    }

    /// Frees what nobody needs: renditions outside of slots, the sound of old takes, and the oldest takes where there are too many.
    /// `slotted` are in slots now; `held` are, or would be after undo; `again` says whether a take's sound can be made again.
    pub fn tidy(&mut self, slotted: &HashSet<&TakeId>, held: &HashSet<&TakeId>, again: impl Fn(&Entry) -> bool) {
        let mut sounding = 0;
        self.entries.iter_mut().filter(|e| !slotted.contains(&e.id)).for_each(Entry::rest);
        for entry in self.entries.iter_mut().rev().filter(|e| !held.contains(&e.id)) {
            if entry.own.is_some() && !entry.favourite && again(entry) {
                sounding += 1;
                if sounding > SOUNDING {
                    entry.forget_sound();
                }
            }
        }
        let mut over = self.entries.len().saturating_sub(MOST);
        self.entries.retain(|e| {
            let goes = over > 0 && !e.favourite && !held.contains(&e.id);
            over -= usize::from(goes);
            !goes
        });
    }
}
