//! All that an instance keeps in a project.

use crate::parcel::Parcel;
use inlay_music::{Bpm, Key, Region, Seed, TakeId};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Places for takes in an instance.
pub(crate) const SLOTS: usize = 8;

/// An instance as it is saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// What should sound, as typed.
    pub prompt: String,
    /// What should not be heard, as typed.
    pub negative: String,
    /// Key of this instance.
    pub key: Option<Key>,
    /// The project's key.
    pub project_key: Option<Key>,
    /// Chords as typed.
    pub chords: String,
    /// Tempo of its own; None follows the host.
    pub own_tempo: Option<Bpm>,
    /// The host's tempo when it was last heard: until it is heard again, new takes have it.
    pub host_tempo: Option<Bpm>,
    /// The seed of the next request where it is pinned.
    pub seed: Seed,
    /// What shall be made anew in the selected slot's take.
    pub regions: Vec<Region>,

    /// The eight slots.
    pub slots: [Slot; SLOTS],
    /// The slot that was chosen last.
    pub selected: u8,
    /// The two slots that are compared, while they are; the first is A.
    pub compare: Option<[u8; 2]>,
    /// Whether the next variations are made while the current one plays.
    pub ahead: bool,
    /// Whether the player runs by itself while the host is stopped.
    pub audition: bool,

    /// Where exports go. A name that isn't Unicode isn't saved.
    pub folder: Option<PathBuf>,
    /// What takes are exported as.
    pub format: ExportFormat,
    /// The model from disk that makes takes; None: Inlay's own.
    pub model: Option<ChosenModel>,
    /// Prompts that were used before, newest first.
    pub prompts: Vec<String>,

    /// All takes, in the order in which they came, each once.
    pub takes: Vec<Kept>,
}

impl Default for Saved {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            negative: String::new(),
            key: None,
            project_key: None,
            chords: String::new(),
            own_tempo: None,
            host_tempo: None,
            seed: Seed(0),
            regions: vec![],
            slots: Default::default(),
            selected: 0,
            compare: None,
            ahead: true,
            audition: false,
            folder: None,
            format: ExportFormat::default(),
            model: None,
            prompts: vec![],
            takes: vec![],
        }
    }
}

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slot {
    /// The take in it.
    pub take: Option<TakeId>,
    /// Never overwritten by new takes.
    pub pinned: bool,
}

/// A take of the history.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The take as it was born.
    pub take: Arc<Parcel>,
    /// What it was last heard as, at most two, the latest first: the take itself, or the same music made for another tempo.
    pub voices: Vec<Arc<Parcel>>,
    /// Chosen to be kept with its sound.
    pub favourite: bool,
    /// A clip: it plays once, at this song position in quarter notes.
    pub clip: Option<f64>,
    /// Nobody asked for it, and nobody heard it yet.
    pub unheard: bool,
}

impl Kept {
    /// Voices at most.
    pub const VOICES: usize = 2;

    /// A take that was never heard at another tempo, and is nothing special.
    pub fn new(take: Arc<Parcel>) -> Self {
        Self { voices: vec![Arc::clone(&take)], take, favourite: false, clip: None, unheard: false }
    }

    /// The take and all of its voices that hold sound, each once.
    pub fn sounding(&self) -> impl Iterator<Item = &Arc<Parcel>> {
        let others = self.voices.iter().filter(|v| v.id != self.take.id);
        std::iter::once(&self.take).chain(others).filter(|p| p.has_sound())
    }
}

/// A model from disk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChosenModel {
    /// What it is called: on another machine it is looked for by this.
    pub name: String,
    /// Where it was. A name that isn't Unicode isn't saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<PathBuf>,
    /// The folder of its text encoder, where that isn't in the usual place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<PathBuf>,
    /// What changes it, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loras: Vec<ChosenLora>,
    /// Whether it leaves the graphics processor to others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub processor: bool,
}

/// A LoRA for a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChosenLora {
    /// Its file.
    pub file: PathBuf,
    /// 0 is off, 1 as trained.
    pub strength: f32,
}

/// What takes are exported as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// WAV, 24 bit: every host reads it.
    #[default]
    Wav,
    /// FLAC; some hosts can't import it.
    Flac,
}

impl Saved {
    /// The takes in slots, each once, the selected slot's first.
    pub fn in_slots(&self) -> impl Iterator<Item = &Kept> {
        let mut seen = HashSet::new();
        let order = (0..SLOTS).map(move |n| (n + usize::from(self.selected)) % SLOTS);
        let ids = order.filter_map(|slot| self.slots[slot].take.as_ref()).filter(move |id| seen.insert(*id));
        ids.filter_map(|id| self.takes.iter().find(|k| k.take.id == *id))
    }

    /// Whether a take sits in a slot.
    pub(crate) fn is_in_slot(&self, id: &TakeId) -> bool {
        self.slots.iter().any(|slot| slot.take.as_ref() == Some(id))
    }
}
