//! Reading an instance, whoever wrote it and whatever happened to it since.
//!
//! Each setting, take and part is read by itself: one that makes no sense is left out, with a [`Loss`].

mod fields;
mod takes;

use crate::VERSION;
use crate::loss::Loss;
use crate::saved::{ChosenModel, SLOTS, Saved, Slot};
use fields::Fields;
use inlay_music::{About, Prompt, Region, TakeId};
use serde_json::value::RawValue;
use std::collections::HashSet;
use std::path::PathBuf;

/// An instance as far as it could be read.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// What was read.
    pub saved: Saved,
    /// What was not. What is damaged inside of parcels shows when they are opened.
    pub losses: Vec<Loss>,
}

/// Nothing at all can be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("what Inlay kept in this project can't be read ({0}): another copy of the project may still have it")]
pub struct LoadError(pub String);

/// Characters of a text that somebody typed.
const TEXT: usize = 10_000;
/// Regions on a take.
const REGIONS: usize = 64;
/// LoRAs for a model.
const LORAS: usize = 16;
/// Prompts that are remembered.
const PROMPTS: usize = 200;

impl Saved {
    /// Reads what [`Saved::to_json`] wrote, in this version or another.
    ///
    /// # Errors
    /// [`LoadError`] only where the text as a whole is no JSON object.
    pub fn from_json(json: &str) -> Result<Loaded, LoadError> {
        let mut fields = Fields::of(json).map_err(|e| LoadError(e.to_string()))?;
        if let Some(newer) = fields.quietly::<u32>("inlay").filter(|v| *v > VERSION) {
            fields.losses.push(Loss::Newer(newer));
        }
        let mut saved = Saved::default();
        let text = |text: &String| text.chars().count() <= TEXT;
        fields.read("prompt", "the prompt", &mut saved.prompt, text);
        fields.read("negative", "what not to hear", &mut saved.negative, text);
        fields.read("key", "the key", &mut saved.key, |_| true);
        fields.read("project_key", "the project's key", &mut saved.project_key, |_| true);
        fields.read("chords", "the chords", &mut saved.chords, text);
        fields.read("own_tempo", "the tempo", &mut saved.own_tempo, |_| true);
        fields.read("host_tempo", "the host's tempo", &mut saved.host_tempo, |_| true);
        fields.read("seed", "the seed", &mut saved.seed, |_| true);
        fields.read("selected", "the selected slot", &mut saved.selected, is_slot);
        let pair = |pair: &Option<[u8; 2]>| pair.as_ref().is_none_or(|[a, b]| a != b && is_slot(a) && is_slot(b));
        fields.read("compare", "the comparison of slots", &mut saved.compare, pair);
        fields.read("ahead", "“ahead”", &mut saved.ahead, |_| true);
        fields.read("audition", "“audition”", &mut saved.audition, |_| true);
        fields.read("folder", "the folder for exports", &mut saved.folder, |f| f.as_ref().is_none_or(|f| f.as_os_str().len() <= TEXT));
        let named = |model: &Option<ChosenModel>| {
            model.as_ref().is_none_or(|m| {
                let short = |path: &PathBuf| path.as_os_str().len() <= TEXT;
                let named = m.name.chars().count() <= About::LONGEST_NAME && !m.name.chars().any(char::is_control);
                let loras = m.loras.len() <= LORAS && m.loras.iter().all(|l| short(&l.file) && (0.0..=4.0).contains(&l.strength));
                named && loras && m.folder.iter().chain(&m.text).all(short)
            })
        };
        fields.read("model", "the model", &mut saved.model, named);
        fields.read("format", "the format of exports", &mut saved.format, |_| true);
        saved.regions = fields.list::<Region>("regions", "a region", REGIONS, |_| true);
        let prompt = |text: &String| text.chars().count() <= Prompt::MOST;
        saved.prompts = fields.list("prompts", "a prompt of the list", PROMPTS, prompt);
        saved.takes = takes::read(&mut fields);
        saved.slots = slots(&mut fields, &saved);
        Ok(Loaded { saved, losses: fields.losses })
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "one of several checks that take references")]
fn is_slot(slot: &u8) -> bool {
    usize::from(*slot) < SLOTS
}

/// The slots; what they refer to has to be there.
fn slots(fields: &mut Fields<'_>, saved: &Saved) -> [Slot; SLOTS] {
    let known: HashSet<&TakeId> = saved.takes.iter().map(|k| &k.take.id).collect();
    let mut slots: [Slot; SLOTS] = Default::default();
    let written: Vec<&RawValue> = fields.raw_list("slots", "a list of slots");
    if written.len() > SLOTS {
        fields.losses.push(Loss::Setting("what lies beyond the eighth slot"));
    }
    for ((slot, raw), at) in slots.iter_mut().zip(written).zip(0..) {
        let Ok(mut one) = Fields::of(raw.get()) else {
            fields.losses.push(Loss::Slot(at));
            continue;
        };
        one.read("pinned", "whether a slot is pinned", &mut slot.pinned, |_| true);
        let take = match one.parse::<Option<TakeId>>("take") {
            Some(Ok(take)) => take,
            Some(Err(())) => {
                one.losses.push(Loss::Slot(at));
                None
            }
            None => None,
        };
        if take.as_ref().is_some_and(|id| !known.contains(id)) {
            one.losses.push(Loss::Slot(at));
        } else {
            slot.take = take;
        }
        fields.losses.append(&mut one.losses);
    }
    slots
}
