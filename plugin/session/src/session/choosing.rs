//! Models from disk: choosing one, and what is said where one is missing.

use super::{Chore, Session};
use crate::desk::sentence;
use crate::message::{Place, Tone};
use crate::models::{Seen, missing};
use inlay_state::ChosenLora;
use std::path::PathBuf;

impl Session {
    /// Reads what was dropped next, one after the other: a LoRA belongs to the model before it. `over`: the one before has been read.
    pub(super) fn read_next(&mut self, over: bool) {
        self.reading &= !over;
        if self.reading {
            return;
        }
        if let Some(path) = self.dropped.pop_front() {
            self.reading = true;
            self.chores.push(Chore::Read(path, self.models.known()));
        }
    }

    /// A model's folder was dropped.
    pub(super) fn take_model(&mut self, seen: Seen) {
        match &seen.found {
            Ok(_) => {
                let text = format!("{} makes takes from now on. Details has Inlay's own, too.", seen.name);
                self.models.add(seen);
                self.say(Tone::Notice, Place::Files, text);
                self.changed();
            }
            Err(problem) => {
                let text = format!("{}: {problem}", seen.name);
                self.models.refuse(&seen);
                self.say(Tone::Failure, Place::Files, sentence(&text));
            }
        }
    }

    /// After a project was loaded that has to do with models from disk: looks whether they are here.
    pub(super) fn look_after_load(&mut self) {
        let from_disk = self.models.chosen.is_some() || self.history.iter().any(|e| e.about.made_by.is_some());
        if from_disk {
            self.models_unchecked = true;
            self.look_for_models();
        }
    }

    /// Looks which models there are.
    pub(super) fn look_for_models(&mut self) {
        self.chores.push(Chore::Look(self.models.elsewhere(), self.loads));
    }

    /// A LoRA was dropped: it changes the model that was chosen.
    pub(super) fn take_lora(&mut self, lora: Result<PathBuf, String>) {
        let file = match lora {
            Ok(file) => file,
            Err(problem) => return self.say(Tone::Failure, Place::Files, sentence(&problem)),
        };
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned();
        let Some(chosen) = &mut self.models.chosen else {
            let text = format!("{name} changes a model from disk: choose the model that it was made for in Details, then drop it again.");
            return self.say(Tone::Failure, Place::Files, text);
        };
        chosen.loras.retain(|lora| lora.file != file);
        chosen.loras.push(ChosenLora { file, strength: 1.0 });
        let text = format!("{name} changes {} from now on. Details has its strength.", chosen.name);
        self.say(Tone::Notice, Place::Files, text);
        self.changed();
    }

    /// Sets the strength of a LoRA, or takes it off.
    pub(super) fn change_lora(&mut self, index: usize, strength: Option<f32>) {
        let Some(loras) = self.models.chosen.as_mut().map(|chosen| &mut chosen.loras).filter(|loras| index < loras.len()) else { return };
        match strength {
            Some(strength) => loras[index].strength = strength.clamp(0.0, 4.0),
            None => drop(loras.remove(index)),
        }
        self.changed();
    }

    /// Whether the chosen model leaves the graphics processor to others.
    pub(super) fn choose_device(&mut self, processor: bool) {
        self.models.choose_device(processor);
        self.changed();
    }

    /// Says which models of a project that was loaded are missing. Its takes play all the same.
    pub(super) fn say_missing(&mut self) {
        if !std::mem::take(&mut self.models_unchecked) {
            return;
        }
        let chosen = self.models.chosen.as_ref().map(|chosen| chosen.name.clone());
        let made = self.history.iter().filter_map(|e| e.about.made_by.clone());
        let mut names: Vec<String> = chosen.clone().into_iter().chain(made).filter(|name| !self.models.has(name)).collect();
        names.sort();
        names.dedup();
        let text = match (names.as_slice(), chosen) {
            ([], _) => return,
            ([name], Some(chosen)) if *name == chosen => format!("{}. Takes of this project play as they were saved.", missing(name)),
            (names, _) => {
                format!("Takes of this project play as they were saved, but {} isn't on this machine to make more.", names.join(", "))
            }
        };
        self.say(Tone::Notice, Place::Instance, text);
    }
}
