//! Doing what a user asks for.

use super::{Chore, Session};
use crate::capture::Capture;
use crate::command::Command;
use crate::desk::refuse;
use crate::jobs::Purpose;
use crate::message::{Place, Tone};
use inlay_engine::{Order, Priority};
use inlay_music::{Bars, TakeId};
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
                let bars = self.knobs().bars;
                self.desk.type_chords(text, bars);
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

            Command::Drop(path) => {
                let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                self.say(Tone::Notice, Place::Files, format!("Listening to {name} …"));
                self.chores.push(Chore::Read(path));
            }
            Command::Correct { bpm, bars, start } => {
                self.file = self.file.as_ref().map(|f| Arc::new(f.corrected(bpm, bars, start)));
                self.touch();
            }
            Command::Accept => self.accept(),
            Command::Reject => {
                if self.file.is_some() {
                    self.remember("drop");
                    self.file = None;
                }
                self.hush(Place::Files);
            }

            Command::Folder(folder) => {
                self.folder = Some(folder);
                self.changed();
            }
            Command::Format(format) => {
                self.format = format;
                self.changed();
            }
            Command::Export(slot) => self.export(slot),
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
        let Some(entry) = self.history.get(&take) else { return };
        // what a project kept packed is unpacked when it is wanted
        let packed = entry.packed.iter().chain(&entry.packed_voices).filter(|p| !entry.sounds() && p.has_sound()).cloned();
        let packed: Vec<_> = packed.collect();
        for parcel in packed {
            self.history.opened(parcel.open());
        }
        if self.history.get(&take).is_some_and(crate::entry::Entry::sounds) {
            return self.put(take, slot);
        }
        self.redo(take, Some(slot));
    }

    /// Makes the sound of a take again, for a slot that it then goes into.
    pub(super) fn redo(&mut self, take: TakeId, slot: Option<u8>) {
        let Some(entry) = self.history.get(&take) else { return };
        if self.jobs.iter().any(|r| matches!(&r.purpose, Purpose::Again { take: t, .. } if *t == take)) {
            return;
        }
        let kept = entry.latents.clone().or_else(|| entry.packed.as_ref().and_then(|p| p.open().latents));
        let order = Order::again(Arc::new(entry.about.clone()), kept);
        let purpose = Purpose::Again { take, slot };
        if let Err(error) = self.submit(order, Priority::User, "again", purpose) {
            self.refuse(refuse(Place::Take, error));
        }
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
        let entry = self.slots.take(slot).and_then(|id| self.history.get(id));
        let Some(voice) = entry.and_then(|e| e.voices[0].clone()) else {
            return self.refuse(refuse(Place::Files, "This slot is empty: there is nothing to export"));
        };
        let Some(folder) = self.folder.clone().or_else(crate::export::default_folder) else {
            return self.refuse(refuse(Place::Files, "Choose a folder for exports first"));
        };
        let rate = self.playback.as_ref().map_or(voice.take.sound.rate, |p| p.rate);
        self.chores.push(Chore::Write { take: voice.take, rate, folder, format: self.format });
    }
}
