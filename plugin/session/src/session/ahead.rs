//! What nobody asked for yet: the next variations, and takes at the song's new tempo.

use super::Session;
use crate::entry::Entry;
use crate::jobs::Purpose;
use inlay_engine::{Order, Priority, Source};
use inlay_music::{Amount, Bpm, Request, Take, TakeId, Task};
use std::sync::Arc;

/// Variations that wait to be heard, at most.
const AHEAD: usize = 2;

impl Session {
    /// Starts the next variation of what plays, where one is wanted and there is room for it.
    pub(super) fn go_ahead(&mut self) {
        let plays = self.plays() && self.sounding().is_some();
        let unheard = self.slots.takes().filter(|id| self.history.get(id).is_some_and(|e| e.unheard)).count();
        let full = self.slots.first_empty().is_none() || unheard >= AHEAD;
        if !self.ahead || self.ahead_failed || !plays || full || !self.jobs.is_empty() {
            return;
        }
        let Some(entry) = self.slots.take(self.selected).and_then(|id| self.history.get(id)) else { return };
        let (Some(take), None) = (entry.own.clone(), entry.clip) else { return };
        let of = take.id.clone();
        // by a model from disk only as long as it is the chosen one: it takes much more
        let chosen = self.models.chosen.as_ref().map(|chosen| chosen.name.as_str());
        if take.sampled_by().is_some_and(|name| chosen != Some(name)) {
            return;
        }
        let Some(maker) = self.models.maker_of(take.sampled_by()) else { return };
        let (request, source) = self.next_variation(&take);
        let asked = self.submit(Order { request, source, variations: 1, maker }, Priority::Speculative, "ahead", Purpose::Ahead { of });
        self.ahead_failed = asked.is_err();
    }

    /// What follows a take: the next variation of its words, or of itself where it came from something else.
    fn next_variation(&self, take: &Arc<Take>) -> (Request, Source) {
        let request = &take.about.request;
        let same = |e: &&Entry| {
            let r = &e.about.request;
            r.prompt == request.prompt && r.seed == request.seed && r.task == request.task && r.bpm == request.bpm && r.bars == request.bars
        };
        let last = self.history.iter().filter(same).map(|e| e.about.request.variation).max().unwrap_or(request.variation);
        let variation = last.wrapping_add(1);
        match request.task {
            Task::Generate => (Request { variation, bpm: self.last_tempo, ..request.clone() }, Source::Nothing),
            _ => {
                let task = Task::Vary { amount: Amount::DEFAULT };
                // variations of one seed count on, whatever they are variations of
                let count = self.history.iter().filter(|e| e.about.parent.as_ref() == Some(&take.id)).count() as u32;
                let request = Request { task, variation: variation.wrapping_add(count), ..request.clone() };
                (request, Source::Take { take: Arc::clone(take), heard: None })
            }
        }
    }

    /// A variation that nobody asked for waits in an empty slot.
    pub(super) fn land_ahead(&mut self, takes: Vec<Arc<Take>>, of: &TakeId) {
        // it belongs to what plays, or nowhere
        if self.slots.take(self.selected).is_none_or(|now| now != of && self.root(now) != self.root(of)) {
            return;
        }
        for take in takes {
            let Some(slot) = self.slots.first_empty() else { return };
            let id = self.history.add(Entry { unheard: true, ..Entry::new(take) });
            // nobody asked for it, so it is no change that could be taken back
            self.undo.fill(slot, &id);
            if let Some(place) = self.slots.get_mut(slot) {
                place.take = Some(id);
            }
        }
        self.changed();
    }

    /// What was made ahead of other words leaves its slots: nobody will want it.
    pub(super) fn clear_stale(&mut self, newest: &TakeId) {
        let root = self.root(newest);
        let stale = |id: &TakeId| self.history.get(id).is_some_and(|e| e.unheard && !e.favourite) && self.root(id) != root;
        let gone: Vec<bool> = self.slots.0.iter().map(|p| !p.pinned && p.take.as_ref().is_some_and(stale)).collect();
        for (place, gone) in self.slots.0.iter_mut().zip(gone) {
            if gone {
                place.take = None;
            }
        }
        self.ahead_failed = false;
    }

    /// What relates takes: the words and the seed that the first of them was made with.
    fn root(&self, id: &TakeId) -> Option<(String, u64)> {
        let mut entry = self.history.get(id)?;
        // a damaged state may have a circle of parents
        for _ in 0..64 {
            match entry.about.parent.as_ref().and_then(|p| self.history.get(p)) {
                Some(parent) => entry = parent,
                None => break,
            }
        }
        let request = &entry.about.request;
        Some((request.prompt.to_string(), request.seed.get()))
    }

    /// Lets takes in slots follow the song's tempo: the selected one first, one at a time.
    pub(super) fn retime(&mut self, bpm: Bpm) {
        if self.jobs.iter().any(|r| matches!(r.purpose, Purpose::Voice { .. })) {
            return;
        }
        let order = (0..8).map(|n| (n + self.selected) % 8);
        let ids: Vec<TakeId> = order.filter_map(|slot| self.slots.take(slot).cloned()).collect();
        for id in ids {
            if self.unmakeable.contains(&(id.clone(), bpm)) {
                continue;
            }
            let Some(entry) = self.history.get_mut(&id) else { continue };
            if entry.voices[0].as_ref().is_none_or(|v| v.bpm() == bpm) {
                continue;
            }
            if entry.turn_to(bpm) {
                self.touch();
                continue;
            }
            let Some(take) = entry.own.clone() else { continue };
            let request = Request { task: Task::Retime, bpm, ..entry.about.request.clone() };
            let purpose = Purpose::Voice { of: id.clone(), bpm };
            let order = Order { request, source: Source::Take { take, heard: None }, variations: 1, maker: Default::default() };
            if self.submit(order, Priority::Retime, "retime", purpose).is_err() {
                self.unmakeable.push((id, bpm));
                continue;
            }
            return;
        }
    }
}
