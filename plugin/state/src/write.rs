//! Writing an instance.
//!
//! First what it is, then all parts in a list: whoever reads goes over the long texts only twice, and a part that several takes share
//! stands there once.

use crate::VERSION;
use crate::parcel::{LatentsLabel, Parcel, SoundLabel};
use crate::part::{Label, Part};
use crate::saved::{ChosenModel, ExportFormat, Kept, Saved, Slot};
use inlay_music::{About, Bpm, Key, Region, Seed, TakeId};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

#[derive(Serialize)]
struct Root<'a> {
    inlay: u32,
    prompt: &'a str,
    negative: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    project_key: Option<Key>,
    chords: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    own_tempo: Option<Bpm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    host_tempo: Option<Bpm>,
    seed: Seed,
    regions: &'a [Region],
    slots: Vec<SlotOut<'a>>,
    selected: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    compare: Option<[u8; 2]>,
    ahead: bool,
    audition: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<&'a str>,
    format: ExportFormat,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<ChosenModel>,
    prompts: &'a [String],
    takes: Vec<KeptOut<'a>>,
}

#[derive(Serialize)]
struct SlotOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    take: Option<&'a TakeId>,
    #[serde(skip_serializing_if = "is_not")]
    pinned: bool,
}

#[derive(Serialize)]
struct KeptOut<'a> {
    #[serde(flatten)]
    take: ParcelOut<'a>,
    voices: Vec<VoiceOut<'a>>,
    #[serde(skip_serializing_if = "is_not")]
    favourite: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    clip: Option<f64>,
    #[serde(skip_serializing_if = "is_not")]
    unheard: bool,
}

/// A voice that is the take itself is its id.
#[derive(Serialize)]
#[serde(untagged)]
enum VoiceOut<'a> {
    Own(&'a TakeId),
    Other(ParcelOut<'a>),
}

#[derive(Serialize)]
struct ParcelOut<'a> {
    id: &'a TakeId,
    about: &'a About,
    #[serde(skip_serializing_if = "Option::is_none")]
    latents: Option<LatentsLabel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sound: Option<SoundLabel>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over references")]
fn is_not(value: &bool) -> bool {
    !value
}

/// The parts in the order in which they are written.
#[derive(Default)]
struct Parts<'a> {
    list: Vec<&'a Part>,
    places: BTreeMap<Label, usize>,
}

impl<'a> Parts<'a> {
    /// Where a part stands; equal ones stand there once.
    fn place(&mut self, part: &'a Part) -> usize {
        if let Some(&at) = self.places.get(&part.label())
            && self.list[at] == part
        {
            return at;
        }
        let at = self.list.len();
        self.list.push(part);
        self.places.insert(part.label(), at);
        at
    }

    fn parcel(&mut self, parcel: &'a Parcel) -> ParcelOut<'a> {
        let latents = parcel.latents.as_ref().map(|part| LatentsLabel { part: self.place(part), label: part.label() });
        let sound = parcel.sound.as_ref().map(|sound| SoundLabel {
            part: self.place(&sound.part),
            label: sound.part.label(),
            rate: sound.rate,
            channels: sound.channels,
        });
        ParcelOut { id: &parcel.id, about: &parcel.about, latents, sound }
    }

    fn kept(&mut self, kept: &'a Kept) -> KeptOut<'a> {
        let Kept { take, voices, favourite, clip, unheard } = kept;
        let own = self.parcel(take);
        let voices = voices.iter().map(|v| if v.id == take.id { VoiceOut::Own(&v.id) } else { VoiceOut::Other(self.parcel(v)) });
        let voices = voices.collect();
        KeptOut { take: own, voices, favourite: *favourite, clip: clip.filter(|c| c.is_finite()), unheard: *unheard }
    }
}

const OPEN: &str = ",\"parts\":[";
const CLOSE: &str = "]}";

impl Saved {
    /// The text that keeps it. The same instance gives the same text.
    pub fn to_json(&self) -> String {
        let (mut json, parts) = self.words();
        json.reserve_exact(around(&parts));
        // the object goes on
        json.pop();
        json.push_str(OPEN);
        for (at, part) in parts.iter().enumerate() {
            json.push_str(if at == 0 { "\"" } else { ",\"" });
            json.push_str(part.text());
            json.push('"');
        }
        json.push_str(CLOSE);
        json
    }

    /// The length of [`Saved::to_json`], without joining it.
    pub fn size(&self) -> usize {
        let (json, parts) = self.words();
        json.len() - 1 + around(&parts)
    }

    /// Everything but the parts, and these.
    fn words(&self) -> (String, Vec<&Part>) {
        let mut parts = Parts::default();
        let takes = self.takes.iter().map(|k| parts.kept(k)).collect();
        let root = Root {
            inlay: VERSION,
            prompt: &self.prompt,
            negative: &self.negative,
            key: self.key,
            project_key: self.project_key,
            chords: &self.chords,
            own_tempo: self.own_tempo,
            host_tempo: self.host_tempo,
            seed: self.seed,
            regions: &self.regions,
            slots: self.slots.iter().map(|Slot { take, pinned }| SlotOut { take: take.as_ref(), pinned: *pinned }).collect(),
            selected: self.selected,
            compare: self.compare,
            ahead: self.ahead,
            audition: self.audition,
            folder: self.folder.as_deref().and_then(Path::to_str),
            format: self.format,
            model: self.model.clone().map(unicode),
            prompts: &self.prompts,
            takes,
        };
        // plain data with text keys: serializing it to memory has nothing to fail on
        let json = serde_json::to_string(&root).unwrap_or_else(|_| format!("{{\"inlay\":{VERSION}}}"));
        (json, parts.list)
    }
}

/// A place whose name can't be written is left out.
fn unicode(model: ChosenModel) -> ChosenModel {
    let loras = model.loras.into_iter().filter(|lora| lora.file.to_str().is_some()).collect();
    let [folder, text] = [model.folder, model.text].map(|place| place.filter(|place| place.to_str().is_some()));
    ChosenModel { folder, text, loras, ..model }
}

/// What the list of parts adds.
fn around(parts: &[&Part]) -> usize {
    let texts: usize = parts.iter().map(|p| p.text().len() + 3).sum();
    OPEN.len() + CLOSE.len() + texts.saturating_sub(usize::from(!parts.is_empty()))
}
