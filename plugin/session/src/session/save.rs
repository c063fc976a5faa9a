//! What an instance saves, and how it comes back.

use super::{Chore, Session};
use crate::entry::{Entry, Voice};
use crate::message::{Place, Tone};
use crate::models::Models;
use crate::slots;
use inlay_music::TakeId;
use inlay_state::{Kept, LIMIT, Loaded, Opened, Parcel, Saved, Slot, open, summary};
use std::sync::Arc;
use std::thread::available_parallelism;

impl Session {
    /// All that a project keeps of an instance, as JSON. Takes that were packed already are only joined; one that wasn't is packed now.
    pub fn save(&mut self) -> String {
        self.history.iter_mut().for_each(Entry::pack);
        let mut saved = self.saved();
        let told = saved.trim(LIMIT);
        let json = saved.to_json();
        // hosts save often: what was said once is not said again
        let text = told.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        if text != self.trimmed {
            self.trimmed.clone_from(&text);
            if !text.is_empty() {
                self.say(Tone::Notice, Place::Instance, crate::desk::sentence(&text));
            }
        }
        json
    }

    fn saved(&self) -> Saved {
        let desk = &self.desk;
        let slot = |p: &slots::Place| Slot { take: p.take.clone(), pinned: p.pinned };
        Saved {
            prompt: desk.prompt.clone(),
            negative: desk.negative.clone(),
            key: desk.key,
            project_key: desk.project_key,
            chords: desk.chords.clone(),
            own_tempo: desk.own_tempo,
            host_tempo: Some(self.last_tempo),
            seed: desk.seed,
            regions: desk.regions.clone(),
            slots: std::array::from_fn(|i| slot(&self.slots.0[i])),
            selected: self.selected,
            compare: self.compare,
            ahead: self.ahead,
            audition: self.audition,
            folder: self.folder.clone(),
            format: self.format,
            model: self.models.chosen.clone(),
            prompts: self.prompts.clone(),
            takes: self.history.iter().map(Entry::kept).collect(),
        }
    }

    /// Becomes what was saved, and says what of it was lost. Where the instance is active, its slots play what they hold when this
    /// returns.
    pub fn load(&mut self, json: &str) {
        let Loaded { saved, losses } = match Saved::from_json(json) {
            Ok(loaded) => loaded,
            Err(error) => return self.say(Tone::Failure, Place::Instance, error.to_string()),
        };
        let mut losses = losses;
        self.forget();
        let desk = &mut self.desk;
        (desk.prompt, desk.negative) = (saved.prompt.clone(), saved.negative.clone());
        (desk.key, desk.project_key, desk.own_tempo) = (saved.key, saved.project_key, saved.own_tempo);
        (desk.seed, desk.regions) = (saved.seed, saved.regions.clone());
        // the host itself knows better
        if let (None, Some(tempo)) = (self.blocks.1, saved.host_tempo) {
            self.last_tempo = tempo;
        }
        desk.tempo = saved.own_tempo.unwrap_or(self.last_tempo);
        let bars = self.host.knobs().bars;
        self.desk.type_chords(saved.chords.clone(), bars);
        if saved.project_key.is_some() {
            crate::project::set(saved.project_key);
        }
        // a key that another project of this process has is none of this one's
        self.project_key = crate::project::revision();
        for (place, slot) in self.slots.0.iter_mut().zip(&saved.slots) {
            *place = slots::Place { take: slot.take.clone(), pinned: slot.pinned };
        }
        (self.selected, self.compare) = (saved.selected, saved.compare);
        (self.ahead, self.audition) = (saved.ahead, saved.audition);
        (self.folder, self.prompts) = (saved.folder.clone(), saved.prompts.clone());
        self.format = saved.format;
        self.models = Models::of(saved.model.clone());
        self.loads += 1;
        for kept in &saved.takes {
            self.history.add(Entry::of(kept));
        }
        // what plays is wanted now, the rest when somebody wants it
        let wanted: Vec<&Parcel> = saved.in_slots().flat_map(Kept::sounding).map(Arc::as_ref).collect();
        for opened in open(&wanted, available_parallelism().map_or(1, usize::from)) {
            losses.extend(opened.losses.iter().cloned());
            self.history.opened(opened);
        }
        self.look_after_load();
        self.make_again();
        if let Some(playback) = &mut self.playback {
            // before its first block it starts with what was loaded; later it goes there at the boundary
            if self.blocks.1.is_none() { playback.begin_anew() } else { playback.insist() }
        }
        self.load_now();
        if let Some(text) = summary(&losses) {
            self.say(Tone::Failure, Place::Instance, text);
        }
        self.touch();
    }

    /// Nothing of what was is left; jobs for it are cancelled.
    fn forget(&mut self) {
        self.jobs = Default::default();
        self.history = Default::default();
        self.slots = Default::default();
        self.undo = Default::default();
        (self.file, self.compare) = (None, None);
        self.messages.clear();
        self.unmakeable.clear();
        self.trimmed.clear();
        self.ahead_failed = false;
    }

    /// Takes in slots whose sound was lost are made again, where that can be done.
    fn make_again(&mut self) {
        for slot in 0..self.slots.0.len() as u8 {
            let Some(id) = self.slots.take(slot).cloned() else { continue };
            if self.history.get(&id).is_some_and(|e| !e.sounds() && e.packed.as_ref().is_none_or(|p| !p.has_sound())) {
                self.redo(id, None);
            }
        }
    }

    /// What should be packed while there is time.
    pub(super) fn unpacked(&self) -> Option<Chore> {
        self.history.iter().find_map(|e| Some(Chore::Pack(e.id.clone(), e.unpacked()?)))
    }
}

impl Entry {
    /// A take of a project, whose sound is still packed.
    pub(crate) fn of(kept: &Kept) -> Self {
        let parcel = &kept.take;
        let later: Vec<Arc<Parcel>> = kept.voices.iter().filter(|v| v.id() != parcel.id()).cloned().collect();
        let order = kept.voices.iter().map(|v| v.about().request.bpm).collect();
        Self {
            id: parcel.id().clone(),
            about: parcel.about().clone(),
            latents: None,
            own: None,
            voices: [None, None],
            favourite: kept.favourite,
            clip: kept.clip,
            unheard: kept.unheard,
            peaks: None,
            packed: Some(Arc::clone(parcel)),
            packed_voices: later,
            order,
            unpackable: false,
        }
    }

    /// As a project keeps it. Everything is packed before.
    fn kept(&self) -> Kept {
        let bare = || Arc::new(Parcel::without_sound(self.id.clone(), &self.about, self.latents.as_deref()));
        let take = self.packed.clone().unwrap_or_else(bare);
        let voice = |bpm| {
            let own = (take.about().request.bpm == bpm).then(|| Arc::clone(&take));
            own.or_else(|| self.packed_voices.iter().find(|v| v.about().request.bpm == bpm).cloned())
        };
        let order: Vec<_> = match &self.voices {
            [None, None] => self.order.clone(),
            voices => voices.iter().flatten().map(Voice::bpm).collect(),
        };
        let voices = order.into_iter().filter_map(voice).collect();
        Kept { take, voices, favourite: self.favourite, clip: self.clip, unheard: self.unheard }
    }

    /// The first sound of it that isn't packed yet.
    fn unpacked(&self) -> Option<Arc<inlay_music::Take>> {
        if self.unpackable {
            return None;
        }
        let own = self.own.as_ref().filter(|_| self.packed.as_ref().is_none_or(|p| !p.has_sound()));
        let known = |take: &inlay_music::Take| take.id == self.id || self.packed_voices.iter().any(|v| *v.id() == take.id);
        own.cloned().or_else(|| self.voices.iter().flatten().map(|v| &v.take).find(|t| !known(t)).cloned())
    }

    /// Packs what isn't packed yet, at once.
    fn pack(&mut self) {
        while let Some(take) = self.unpacked() {
            self.was_packed(Parcel::pack(&take).map(Arc::new).map_err(|e| e.to_string()));
        }
    }

    /// A sound of it was packed, or can't be: then it isn't tried again.
    pub(crate) fn was_packed(&mut self, parcel: Result<Arc<Parcel>, String>) {
        let parcel = match parcel {
            Ok(parcel) => parcel,
            Err(error) => {
                tracing::warn!("{error}");
                self.unpackable = true;
                return;
            }
        };
        if *parcel.id() == self.id {
            self.packed = Some(parcel);
        } else {
            // voices that are heard no more are kept no more
            let heard = |id: &TakeId| self.voices.iter().flatten().any(|v| v.take.id == *id);
            self.packed_voices.retain(|v| heard(v.id()));
            self.packed_voices.push(parcel);
        }
    }

    /// What its parcels held.
    pub(crate) fn unpack(&mut self, opened: &Opened) {
        let Some(take) = &opened.take else {
            if opened.id == self.id {
                // what is damaged isn't saved again
                self.latents.clone_from(&opened.latents);
                self.packed = Some(Arc::new(Parcel::without_sound(self.id.clone(), &self.about, self.latents.as_deref())));
            } else {
                self.packed_voices.retain(|v| *v.id() != opened.id);
            }
            return;
        };
        let bpm = take.about.request.bpm;
        if take.id == self.id {
            self.found(Arc::clone(take));
            if !self.order.is_empty() && !self.order.contains(&bpm) {
                self.voices = self.voices.clone().map(|v| v.filter(|v| v.bpm() != bpm));
            }
        } else {
            self.add_voice(Voice::new(Arc::clone(take)));
        }
        // the latest tempo first, as it was
        if let Some(first) = self.order.first().copied()
            && self.voices[0].as_ref().is_some_and(|v| v.bpm() != first)
        {
            self.voices.swap(0, 1);
        }
        if self.voices[0].is_none() {
            self.voices.swap(0, 1);
        }
    }
}
