//! A session as its editor draws it.

use super::Session;
use crate::snapshot::{LoraView, ModelView, SlotView, Snapshot};
use inlay_engine::Engine;
use inlay_music::About;
use inlay_player::SLOTS;
use inlay_state::ChosenLora;

/// What is shown before the engine was asked.
const OWN_MODEL: &str = "Inlay's own";

fn lora(lora: &ChosenLora) -> LoraView {
    let name = lora.file.file_name().unwrap_or(lora.file.as_os_str()).to_string_lossy().into_owned();
    LoraView { name, strength: lora.strength }
}

impl Session {
    /// Counts changes: while it stays, so does the snapshot.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// All of it, as it is now.
    pub fn snapshot(&self) -> Snapshot {
        let plays = self.sounding();
        let jobs = self.jobs.view(|wanted| self.slots.place_for(wanted, plays), |take| self.slots.place_of(take));
        let coming = |slot: usize| jobs.iter().find(|j| j.slot == Some(slot as u8)).map(|j| j.id);
        let slot = |i: usize| SlotView { take: self.slots.0[i].take.clone(), pinned: self.slots.0[i].pinned, coming: coming(i) };
        let rate = self.playback.as_ref().map(|p| p.rate);
        Snapshot {
            revision: self.revision,
            desk: self.desk.clone(),
            slots: std::array::from_fn::<_, SLOTS, _>(slot),
            selected: self.selected,
            history: self.history.iter().map(|e| e.view(|about| self.model_name(about))).collect(),
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
            model: self.model(),
            prompts: self.prompts.clone(),
            jobs,
        }
    }

    /// The model that makes takes.
    fn model(&self) -> ModelView {
        let info = self.engine.as_ref().map(Engine::model);
        let own = || info.as_ref().map_or_else(|| OWN_MODEL.to_owned(), |i| i.name.clone());
        ModelView {
            name: self.models.chosen.as_ref().map_or_else(own, |chosen| chosen.name.clone()),
            device: match self.models.processor() {
                None | Some(true) => "processor".into(),
                Some(false) => info.and_then(|info| info.disk).unwrap_or_else(|| "chosen with the first take".into()),
            },
            processor: self.models.processor(),
            choices: self.models.view(),
            folder: inlay_engine::maker::models_folder(),
            loras: self.models.chosen.iter().flat_map(|chosen| &chosen.loras).map(lora).collect(),
        }
    }

    /// The name of the model that made a take.
    fn model_name(&self, about: &About) -> String {
        let hash = about.model.as_str();
        if let Some(name) = &about.made_by {
            return if self.models.has(name) { name.clone() } else { format!("{name} (not on this machine)") };
        }
        let own = self.engine.as_ref().map(Engine::model).filter(|m| m.hash.as_deref() == Some(hash));
        own.map_or_else(|| format!("another model ({})", hash.chars().take(8).collect::<String>()), |m| m.name)
    }
}
