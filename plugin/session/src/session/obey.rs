//! Doing what a user asks for.

use super::{Chore, Session};
use crate::capture::Capture;
use crate::command::Command;
use crate::desk::refuse;
use crate::jobs::Purpose;
use crate::message::{Place, Tone};
use crate::models::Kin;
use inlay_engine::{Order, Priority};
use inlay_music::{Bars, Region, TakeId};
use inlay_player::Quantize;
use std::sync::Arc;

impl Session {
    /// Does it, or says why not.
    pub(crate) fn obey(&mut self, command: Command) {
        match command {
            Command::Prompt(text) => {
                self.desk.prompt = text;
                self.hush(Place::Prompt);
                self.changed();
            }
            Command::Negative(text) => {
                self.desk.negative = text;
                self.changed();
            }
            Command::Key(key) => {
                self.desk.key = key;
                self.changed();
            }
            Command::ProjectKey(key) => {
                self.desk.project_key = key;
                crate::project::set(key);
                self.changed();
            }
            Command::Chords(text) => {
                // what is typed in one go is one change; clearing is another
                let goes_on = self.undo.last("chords").is_some() && !text.trim().is_empty();
                if text != self.desk.chords && !goes_on {
                    self.remember("chords");
                }
                self.type_chords(text);
                self.hush(Place::Chords);
                self.changed();
            }
            Command::OwnTempo(bpm) => {
                self.desk.own_tempo = bpm;
                self.desk.tempo = bpm.unwrap_or(self.last_tempo);
                self.changed();
            }
            Command::Seed(seed) => {
                self.desk.seed = seed;
                self.changed();
            }
            Command::Regions(regions) => {
                let moves = self.undo.last("marks").is_some_and(|before| is_move(&before.regions, &regions));
                if !moves && regions != self.desk.regions {
                    self.remember("marks");
                }
                self.desk.regions = regions;
                self.hush(Place::Take);
                self.changed();
            }

            Command::Generate => self.generate(),
            Command::Inpaint => self.inpaint(),
            Command::Vary => self.vary(),
            Command::Transform => self.transform(),
            Command::Cancel(job) => self.jobs.cancel(job),

            Command::Select(slot) => {
                // what happened before the click is heard before it
                self.hear_player();
                self.choose(slot);
                if let Some(playback) = &mut self.playback {
                    playback.insist();
                }
            }
            Command::Step { forward } => {
                if let Some(slot) = self.slots.step(self.selected, forward) {
                    self.choose(slot);
                }
            }
            Command::Pin { slot, pinned } => {
                self.remember("pin");
                if let Some(place) = self.slots.get_mut(slot) {
                    place.pinned = pinned;
                }
                self.changed();
            }
            Command::Clear(slot) => self.clear(slot),
            Command::Put { take, slot } => self.put_or_make(take, slot),
            Command::Favourite { take, favourite } => {
                if let Some(entry) = self.history.get_mut(&take) {
                    entry.favourite = favourite;
                }
                self.changed();
            }
            Command::Undo => {
                let now = self.memento();
                if let Some(before) = self.undo.undo(now) {
                    self.restore(before);
                }
            }
            Command::Redo => {
                let now = self.memento();
                if let Some(after) = self.undo.redo(now) {
                    self.restore(after);
                }
            }
            Command::Compare(other) => {
                let other = other.filter(|b| *b != self.selected && self.slots.get(*b).is_some());
                self.compare = other.map(|b| [self.selected, b]);
                self.touch();
            }
            Command::Flip => {
                if let Some([a, b]) = self.compare {
                    self.choose(if self.selected == a { b } else { a });
                }
            }

            Command::Ahead(on) => {
                self.ahead = on;
                if !on {
                    self.jobs.drop_where(|p| matches!(p, Purpose::Ahead { .. }));
                }
                self.changed();
            }
            Command::Audition(on) => {
                self.audition = on;
                self.touch();
            }
            Command::Capture(bars) => self.start_capture(bars),
            Command::EndCapture => self.end_capture(),

            Command::LookForModels => self.look_for_models(),
            Command::Model(folder) => {
                self.models.choose(folder.as_deref());
                self.hush(Place::Prompt);
                self.changed();
            }
            Command::Processor(processor) => self.choose_device(processor),
            Command::Lora { index, strength } => self.change_lora(index, strength),

            Command::Drop(path) => {
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                let doing = if Kin::of(&path) == Kin::Audio { "Listening to" } else { "Looking into" };
                self.say(Tone::Notice, Place::Files, format!("{doing} {name} …"));
                self.dropped.push_back(path);
                self.read_next(false);
            }
            Command::Correct { bpm, bars, start } => {
                if let Some(file) = self.file.clone() {
                    if self.undo.last("correct").is_none() {
                        self.remember("correct");
                    }
                    self.file = Some(Arc::new(file.corrected(bpm, bars, start)));
                    self.touch();
                }
            }
            Command::Accept => self.accept(),
            Command::Reject => {
                if self.file.is_some() {
                    self.remember("drop");
                    self.file = None;
                }
                self.hush(Place::Files);
            }

            Command::Folder(folder) => match crate::export::chosen(&folder) {
                Ok(folder) => {
                    self.folder = Some(folder);
                    self.hush(Place::Files);
                    self.changed();
                }
                Err(text) => self.refuse(refuse(Place::Files, text)),
            },
            Command::Format(format) => {
                self.format = format;
                self.changed();
            }
            Command::Export(slot) => self.export(slot),
            Command::NotShown(file) => {
                let folder = file.parent().unwrap_or(&file).display();
                self.refuse(refuse(Place::Files, format!("The system has no file manager that can show it: the file is in {folder}")));
            }
            Command::Dismiss(id) => {
                self.messages.retain(|m| m.id != id);
                self.touch();
            }
        }
    }

    fn clear(&mut self, slot: u8) {
        if self.slots.get(slot).is_none_or(|p| p.take.is_none()) {
            return;
        }
        if self.slots.get(slot).is_some_and(|p| p.pinned) {
            return self.refuse(refuse(Place::Slot(slot), "This slot is pinned: unpin it first"));
        }
        self.remember("clear");
        if let Some(place) = self.slots.get_mut(slot) {
            place.take = None;
        }
        self.tidy();
        self.changed();
    }

    /// Puts a take into a slot; one without its sound is made again first.
    fn put_or_make(&mut self, take: TakeId, slot: Option<u8>) {
        let plays = self.sounding();
        let free = slot.filter(|s| self.slots.get(*s).is_some_and(|p| !p.pinned));
        let Some(slot) = free.or_else(|| self.slots.place_for(slot.unwrap_or(self.selected), plays)) else {
            return self.refuse(refuse(Place::Take, "All slots are pinned or playing: unpin one first"));
        };
        if self.unpack(&take) {
            return self.put(take, slot);
        }
        self.redo(take, Some(slot));
    }

    /// What a project kept packed of a take is unpacked when it is wanted. Whether the take sounds now.
    pub(super) fn unpack(&mut self, take: &TakeId) -> bool {
        let Some(entry) = self.history.get(take) else { return false };
        let packed = entry.packed.iter().chain(&entry.packed_voices).filter(|p| !entry.sounds() && p.has_sound()).cloned();
        let packed: Vec<_> = packed.collect();
        for parcel in packed {
            self.history.opened(parcel.open());
        }
        self.history.get(take).is_some_and(crate::entry::Entry::sounds)
    }

    /// Makes the sound of a take again, for a slot that it then goes into.
    pub(super) fn redo(&mut self, take: TakeId, slot: Option<u8>) {
        let Some(entry) = self.history.get(&take) else { return };
        if self.is_made_again(&take) {
            return;
        }
        let kept = entry.latents.clone().or_else(|| entry.packed.as_ref().and_then(|p| p.open().latents));
        let made_by = entry.about.made_by.clone();
        let order = Order::again(Arc::new(entry.about.clone()), kept.filter(|latents| !latents.is_empty()));
        let order = Order { maker: self.models.maker_of(made_by.as_deref()).unwrap_or_default(), ..order };
        let purpose = Purpose::Again { take, slot };
        if let Err(error) = self.submit(order, Priority::User, "again", purpose) {
            self.refuse(refuse(Place::Take, error));
        }
    }

    /// Whether the sound of a take is on its way.
    pub(super) fn is_made_again(&self, take: &TakeId) -> bool {
        self.jobs.iter().any(|r| matches!(&r.purpose, Purpose::Again { take: t, .. } if t == take))
    }

    /// Puts a take whose sound is here into a slot, and selects it.
    pub(super) fn put(&mut self, take: TakeId, slot: u8) {
        self.remember("put");
        if let Some(place) = self.slots.get_mut(slot) {
            place.take = Some(take);
        }
        self.choose(slot);
        self.tidy();
        self.changed();
    }

    /// Why nothing can be done with a take that doesn't sound.
    pub(super) fn without_sound(&self, take: &TakeId) -> &'static str {
        if self.is_made_again(take) {
            "The sound of this take is still being made: wait for it"
        } else {
            "The sound of this take isn't here: select its slot to make it again"
        }
    }

    fn start_capture(&mut self, bars: Bars) {
        let Some(playback) = self.playback.as_mut().filter(|_| self.effect) else {
            let text = if self.effect { "Start the host's audio, then capture" } else { "Only Inlay FX has an input to capture" };
            return self.refuse(refuse(Place::Take, text));
        };
        let room = Capture::room(bars, self.last_tempo, playback.rate);
        match playback.controls.capture(bars.beats(), room, Quantize::Bar) {
            Ok(captured) => self.capture = Some(Capture::new(captured, bars)),
            Err(error) => return self.refuse(refuse(Place::Take, error)),
        }
        self.hush(Place::Take);
    }

    fn end_capture(&mut self) {
        let told = self.playback.as_mut().map(|p| p.controls.end_capture());
        if !matches!(told, Some(Ok(()))) || self.capture.as_ref().is_some_and(|c| !c.has_begun()) {
            // nothing will come of it
            self.capture = None;
        }
        self.touch();
    }

    fn export(&mut self, slot: u8) {
        let Some(entry) = self.slots.take(slot).and_then(|id| self.history.get(id)) else {
            return self.refuse(refuse(Place::Files, "This slot is empty: there is nothing to export"));
        };
        let Some(voice) = entry.voices[0].clone() else {
            let text = self.without_sound(&entry.id);
            return self.refuse(refuse(Place::Files, text));
        };
        let Some(folder) = self.folder.clone().or_else(crate::export::default_folder) else {
            return self.refuse(refuse(Place::Files, "Choose a folder for exports first"));
        };
        let rate = self.playback.as_ref().map_or(voice.take.sound.rate, |p| p.rate);
        self.chores.push(Chore::Write { take: voice.take, rate, folder, format: self.format });
    }
}

/// Whether of some marks one was moved or resized a little, and nothing else: keys do that in many small steps.
fn is_move(before: &[Region], after: &[Region]) -> bool {
    let mut changed = before.iter().zip(after).filter(|(a, b)| a != b);
    let (Some((a, b)), None) = (changed.next(), changed.next()) else { return false };
    let (start, length) = ((a.start() - b.start()).abs(), (a.length() - b.length()).abs());
    before.len() == after.len() && (start == 0.0 || length == 0.0) && start.max(length) <= 4.0
}
