//! A session as its editor draws it.

use super::Session;
use crate::snapshot::{ModelView, SlotView, Snapshot};
use inlay_player::SLOTS;

impl Session {
    /// Counts changes: while it stays, so does the snapshot.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// All of it, as it is now.
    pub fn snapshot(&self) -> Snapshot {
        let plays = self.sounding();
        let jobs = self.jobs.view(|wanted| self.slots.place_for(wanted, plays));
        let coming = |slot: usize| jobs.iter().find(|j| j.slot == Some(slot as u8)).map(|j| j.id);
        let slot = |i: usize| SlotView { take: self.slots.0[i].take.clone(), pinned: self.slots.0[i].pinned, coming: coming(i) };
        let rate = self.playback.as_ref().map(|p| p.rate);
        Snapshot {
            revision: self.revision,
            desk: self.desk.clone(),
            slots: std::array::from_fn::<_, SLOTS, _>(slot),
            selected: self.selected,
            history: self.history.iter().map(|e| e.view(|hash| self.model_name(hash))).collect(),
            messages: self.messages.clone(),
            undo: self.undo.back(),
            redo: self.undo.forth(),
            capture: rate.and_then(|rate| Some(self.capture.as_ref()?.view(rate))).unwrap_or_default(),
            file: self.file.as_ref().map(|f| f.view()),
            compare: self.compare,
            ahead: self.ahead,
            audition: self.audition,
            effect: self.effect,
            folder: self.folder.clone().or_else(crate::export::default_folder),
            format: self.format,
            exported: self.exported.clone(),
            model: ModelView::default(),
            prompts: self.prompts.clone(),
            jobs,
        }
    }

    /// The name of the model that has this hash.
    fn model_name(&self, hash: &str) -> String {
        hash.chars().take(8).collect()
    }
}
