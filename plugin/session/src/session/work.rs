//! Asking the worker, and what comes of it.

use super::Session;
use crate::desk::{Refusal, refuse, sentence};
use crate::dropped::Found;
use crate::entry::{Entry, Voice, task_name};
use crate::jobs::{Over, Purpose};
use crate::knobs::Knobs;
use crate::message::{Place, Tone};
use inlay_engine::{JobError, Made, Maker, Order, Priority, Source};
use inlay_music::{Amount, Bars, Bpm, Prompt, Region, Request, Seed, Sound, Take, TakeId, Task, merge_regions};
use std::sync::Arc;

/// Notices one after the other.
fn sentences(notices: &[String]) -> String {
    notices.iter().map(|notice| format!("{}.", sentence(notice.trim_end_matches('.')))).collect::<Vec<_>>().join(" ")
}

/// What is said where no slot takes a take.
const NO_PLACE: &str = "All slots are pinned or playing: the new take is in the history. Unpin a slot, then put it there.";

impl Session {
    /// Makes a take from the words.
    pub(super) fn generate(&mut self) {
        let knobs = self.knobs();
        let seed = self.seed(&knobs);
        match self.desk.generate(&knobs, seed) {
            Ok(request) => {
                self.hush(Place::Prompt);
                self.hush(Place::Chords);
                self.note_tempo();
                self.ask(request, Source::Nothing, Place::Prompt, None, "generate");
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    /// Makes the regions of the selected slot's take anew.
    pub(super) fn inpaint(&mut self) {
        let Some((parent, clip)) = self.source("inpaint") else { return };
        let knobs = self.knobs();
        let bars = parent.about.request.bars;
        let regions = self.desk.regions_in(bars);
        if regions.is_empty() {
            return self.refuse(refuse(Place::Take, "Drag over the part that shall be made anew, then press Inpaint"));
        }
        // The rendition that is heard keeps its samples, rate and tempo.
        let heard = self.slots.take(self.selected).and_then(|id| self.history.get(id)).and_then(|e| e.voices[0].clone());
        let bpm = heard.as_ref().map_or(parent.about.request.bpm, Voice::bpm);
        let heard = heard.filter(|v| v.take.id != parent.id).map(|v| Arc::new(v.take.sound.clone()));
        let seed = self.seed(&knobs);
        match self.desk.going_on(&parent, Task::Inpaint { regions }, bpm, &knobs, seed) {
            Ok(request) => {
                self.ask(request, Source::Take { take: parent, heard }, Place::Take, clip, "inpaint");
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    /// Makes a variation of the selected slot's take.
    pub(super) fn vary(&mut self) {
        let Some((parent, clip)) = self.source("vary") else { return };
        let knobs = self.knobs();
        let seed = self.seed(&knobs);
        // A clip stays at the tempo that its song had.
        let bpm = if clip.is_some() { parent.about.request.bpm } else { self.desk.tempo };
        match self.desk.going_on(&parent, Task::Vary { amount: knobs.amount }, bpm, &knobs, seed) {
            Ok(request) => {
                self.ask(request, Source::Take { take: parent, heard: None }, Place::Take, clip, "vary");
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    /// Makes something else that follows the dropped file.
    pub(super) fn transform(&mut self) {
        let Some(file) = self.file.clone() else {
            return self.refuse(refuse(Place::Files, "There is no audio to start from: drop a file on the window first"));
        };
        let knobs = self.knobs();
        let seed = self.seed(&knobs);
        let asked = file.cut().map_err(|e| refuse(Place::Files, e)).and_then(|(sound, bars, bpm)| {
            let request = self.desk.transform(&knobs, seed, bars, bpm)?;
            Ok((request, sound))
        });
        match asked {
            Ok((request, sound)) => {
                let before = self.memento();
                // a file that nothing comes of stays
                if self.ask(request, Source::Audio(sound), Place::Files, None, "transform") {
                    self.undo.remember("drop", before);
                    self.file = None;
                }
            }
            Err(refusal) => self.refuse(refusal),
        }
    }

    /// Makes a take of the dropped file as it is.
    pub(super) fn accept(&mut self) {
        let Some(file) = self.file.clone() else { return };
        match file.cut() {
            Ok((sound, bars, bpm)) => {
                let stem = file.name.rsplit_once('.').map_or(file.name.as_str(), |(stem, _)| stem).to_owned();
                let before = self.memento();
                if self.ask_audio(sound, bars, bpm, None, &stem, "drop") {
                    self.undo.remember("drop", before);
                    self.file = None;
                }
            }
            Err(text) => self.refuse(refuse(Place::Files, text)),
        }
    }

    /// A take whose sound is this, unchanged.
    pub(super) fn keep_audio(&mut self, sound: Arc<Sound>, bars: Bars, bpm: Bpm, clip: Option<f64>, name: &str, change: &'static str) {
        self.ask_audio(sound, bars, bpm, clip, name, change);
    }

    /// Asks for a take whose sound is this; says whether it was queued.
    fn ask_audio(&mut self, sound: Arc<Sound>, bars: Bars, bpm: Bpm, clip: Option<f64>, name: &str, change: &'static str) -> bool {
        let knobs = self.knobs();
        let place = if change == "capture" { Place::Take } else { Place::Files };
        // The words that it goes on with are typed later; a name that says nothing is none.
        let words = Prompt::new(name).ok().filter(|p| p.understand_at(Some(bpm)).is_ok());
        let Some(prompt) = words.or_else(|| Prompt::new("audio").ok()) else { return false };
        let request = Request {
            task: Task::Transform { amount: Amount::NONE },
            prompt,
            negative: None,
            bars,
            bpm,
            key: None,
            chords: None,
            feel: Default::default(),
            seed: Seed(0),
            variation: 0,
            steps: knobs.steps,
            guidance: knobs.guidance,
            sampler: inlay_diffusion::Sampler::default().to_string(),
        };
        self.ask(request, Source::Audio(sound), place, clip, change)
    }

    /// A file was read.
    pub(super) fn found(&mut self, found: Result<Found, String>) {
        match found {
            Ok(Found::Take(take)) => {
                self.hush(Place::Files);
                self.land(vec![Arc::from(take)], self.selected, None, "drop");
            }
            Ok(Found::Audio(mut dropped)) => {
                self.hush(Place::Files);
                if let Some(text) = dropped.said.take() {
                    self.say(Tone::Notice, Place::Files, text);
                }
                self.remember("drop");
                self.file = Some(Arc::new(dropped));
            }
            Ok(Found::Model(seen)) => self.take_model(seen),
            Err(text) => self.say(Tone::Failure, Place::Files, text),
        }
        self.touch();
    }

    /// The selected slot's take, to go on from.
    fn source(&mut self, what: &str) -> Option<(Arc<Take>, Option<f64>)> {
        let entry = self.slots.take(self.selected).and_then(|id| self.history.get(id));
        let Some(entry) = entry else {
            self.refuse(refuse(Place::Take, format!("This slot is empty: generate a take first, then {what} it")));
            return None;
        };
        let Some(own) = entry.own.clone() else {
            let text = self.without_sound(&entry.id);
            self.refuse(refuse(Place::Take, text));
            return None;
        };
        Some((own, entry.clip))
    }

    /// The seed of the next request; a drawn one is shown.
    fn seed(&mut self, knobs: &Knobs) -> Seed {
        if !knobs.seed_lock {
            // without randomness from the system the seed is the next number: still another take
            self.desk.seed = getrandom::u32().map_or(Seed(self.desk.seed.get().wrapping_add(1)), |n| Seed(n.into()));
        }
        self.desk.seed
    }

    /// Says that the host's tempo is taken where the words name another.
    fn note_tempo(&mut self) {
        if let Some(named) = self.desk.other_tempo() {
            let text = format!("The words say {named}; the take is made at {}, the tempo that is set.", self.desk.tempo);
            self.say(Tone::Notice, Place::Prompt, text);
        }
    }

    pub(super) fn refuse(&mut self, refusal: Refusal) {
        self.say(Tone::Failure, refusal.place, refusal.text);
    }

    /// Queues what a user asked for; says whether that could be done.
    fn ask(&mut self, request: Request, source: Source, place: Place, clip: Option<f64>, change: &'static str) -> bool {
        if place != Place::Prompt {
            self.hush(place);
        }
        self.remember_prompt();
        // what was made in case of need makes room for what is needed
        self.jobs.drop_where(|p| matches!(p, Purpose::Ahead { .. }));
        let task = if change == "drop" || change == "capture" { change } else { task_name(&request.task) };
        let mut order = Order { request, source, variations: 1, maker: Maker::Own };
        // what is only kept needs no model
        if order.denoises() {
            order.maker = match self.models.maker() {
                Ok(maker) => maker,
                Err(text) => {
                    self.refuse(refuse(place, text));
                    return false;
                }
            };
        }
        order.request = self.models.suited(order.request, &order.maker);
        let purpose = Purpose::Take { wanted: self.selected, place, clip, change };
        let asked = self.submit(order, Priority::User, task, purpose);
        let queued = asked.is_ok();
        if let Err(error) = asked {
            self.refuse(refuse(place, error));
        }
        self.changed();
        queued
    }

    pub(super) fn submit(&mut self, order: Order, priority: Priority, task: &'static str, purpose: Purpose) -> Result<(), JobError> {
        let submitted = self.engine()?.submit(order, priority);
        if matches!(submitted, Err(JobError::Gone)) {
            self.lose_engine();
        }
        let job = submitted?;
        self.jobs.add(job, task, purpose);
        self.touch();
        Ok(())
    }

    /// The engine is gone: the next job starts another one.
    fn lose_engine(&mut self) {
        (self.engine, self.playing) = (None, None);
    }

    fn remember_prompt(&mut self) {
        let prompt = self.desk.prompt.trim().to_owned();
        if !prompt.is_empty() {
            self.prompts.retain(|p| *p != prompt);
            self.prompts.insert(0, prompt);
            self.prompts.truncate(super::PROMPTS);
        }
    }

    /// Hears the worker.
    pub(super) fn hear_worker(&mut self) {
        let (news, over) = self.jobs.hear();
        if news {
            self.touch();
        }
        for Over { purpose, end } in over {
            match (purpose, end) {
                (Purpose::Take { wanted, clip, change, place }, Ok(Made { takes, notices })) => {
                    self.land(takes, wanted, clip, change);
                    if !notices.is_empty() {
                        self.say(Tone::Notice, place, sentences(&notices));
                    }
                }
                (Purpose::Ahead { of }, Ok(made)) => self.land_ahead(made.takes, &of),
                (Purpose::Voice { of, .. }, Ok(made)) => self.land_voice(made.takes, &of),
                (Purpose::Again { take, slot }, Ok(made)) => self.land_again(made.takes, &take, slot),
                (_, Err(JobError::Cancelled)) => {}
                (_, Err(error @ JobError::Gone)) => {
                    self.lose_engine();
                    self.refuse(refuse(Place::Prompt, error));
                }
                (Purpose::Take { place, .. }, Err(error)) => self.refuse(refuse(place, error)),
                (Purpose::Again { .. }, Err(error)) => self.refuse(refuse(Place::Take, error)),
                // nobody waits for it; what is wrong is said when somebody does
                (Purpose::Ahead { .. }, Err(error)) => {
                    tracing::debug!("a take ahead: {error}");
                    self.ahead_failed = true;
                }
                (Purpose::Voice { of, bpm }, Err(error)) => {
                    self.unmakeable.push((of, bpm));
                    self.refuse(refuse(Place::Take, format!("this take can't follow the tempo by itself, so its pitch does: {error}")));
                }
            }
        }
    }

    /// New takes find their place.
    pub(super) fn land(&mut self, takes: Vec<Arc<Take>>, wanted: u8, clip: Option<f64>, change: &'static str) {
        for take in takes {
            let take = clip.map_or_else(|| Arc::clone(&take), |start| self.elsewhere(&take, start));
            let plays = self.sounding();
            let place = self.slots.place_for(wanted, plays);
            if [Some(wanted), place].into_iter().flatten().any(|slot| self.slots.take(slot) == Some(&take.id)) {
                self.same_again(take, clip, change);
                continue;
            }
            self.remember(change);
            let request = take.about.request.clone();
            let id = self.history.add(Entry { clip, ..Entry::new(take) });
            self.clear_stale(&id);
            match place.and_then(|slot| Some((slot, self.slots.get_mut(slot)?))) {
                Some((slot, place)) => {
                    place.take = Some(id);
                    self.hush(Place::Slot(slot));
                    // who didn't go elsewhere in the meantime wants to hear it
                    if slot != wanted && self.selected == wanted {
                        self.choose(slot);
                    }
                    self.heard(slot);
                    if slot == self.selected {
                        self.take_marks_off(&request);
                    }
                }
                None => self.say(Tone::Notice, Place::Take, NO_PLACE),
            }
        }
        self.tidy();
        self.changed();
    }

    /// The same sound captured at another place is another take: each plays where it was.
    fn elsewhere(&self, take: &Arc<Take>, start: f64) -> Arc<Take> {
        let moved = self.history.get(&take.id).is_some_and(|known| known.clip != Some(start));
        let id = TakeId(format!("{}-at-{:x}", take.id.0, start.to_bits()));
        if moved { Arc::new(Take { id, ..(**take).clone() }) } else { Arc::clone(take) }
    }

    /// A take landed that its slot holds already: nothing changes, but where it had lost its sound.
    fn same_again(&mut self, take: Arc<Take>, clip: Option<f64>, change: &'static str) {
        let known = self.history.get(&take.id).is_some_and(Entry::sounds);
        self.history.add(Entry { clip, ..Entry::new(take) });
        if known && self.knobs().seed_lock && change != "drop" && change != "capture" {
            let place = if change == "generate" { Place::Prompt } else { Place::Take };
            self.say(Tone::Notice, place, "The seed is locked, so this is the same take: open the lock for another one.");
        }
    }

    /// Marks of parts that were made anew are done with; others are for the next time.
    fn take_marks_off(&mut self, made: &Request) {
        let Task::Inpaint { regions: asked } = &made.task else { return };
        let all = merge_regions(asked, made.bars);
        let with = |mark: Region| merge_regions(&[asked.as_slice(), &[mark]].concat(), made.bars);
        self.desk.regions.retain(|mark| mark.check(made.bars).is_err() || with(*mark) != all);
    }

    /// A take's sound for another tempo is here.
    fn land_voice(&mut self, takes: Vec<Arc<Take>>, of: &TakeId) {
        if let (Some(entry), Some(take)) = (self.history.get_mut(of), takes.into_iter().next()) {
            entry.add_voice(Voice::new(take));
            self.changed();
        }
    }

    /// A take's sound was made again.
    fn land_again(&mut self, takes: Vec<Arc<Take>>, id: &TakeId, slot: Option<u8>) {
        if let (Some(entry), Some(take)) = (self.history.get_mut(id), takes.into_iter().next()) {
            entry.found(take);
            if let Some(wanted) = slot {
                // it may have been pinned meanwhile
                match self.slots.place_for(wanted, self.sounding()) {
                    Some(slot) => self.put(id.clone(), slot),
                    None => self.say(Tone::Notice, Place::Take, NO_PLACE),
                }
            }
            self.touch();
        }
    }
}
