//! Reading takes. Their parts are taken over as they stand and looked into when the takes are opened.

use super::fields::Fields;
use crate::loss::{Loss, name};
use crate::parcel::{LatentsLabel, PackedSound, Parcel, SoundLabel};
use crate::part::{Label, Part};
use crate::saved::Kept;
use inlay_music::{About, Bpm, TakeId};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// More takes than an instance keeps.
const TAKES: usize = 4000;
/// Further from the song's start than any song goes, in quarter notes.
const SONG: f64 = 1e6;

/// All takes that can be read, each once.
pub(super) fn read(fields: &mut Fields<'_>) -> Vec<Kept> {
    let written = fields.raw_list("takes", "the list of takes");
    let mut parts = Parts { raw: fields.raw_list("parts", "the sound of the takes"), known: BTreeMap::new() };
    let mut seen = HashSet::new();
    let mut takes = Vec::new();
    for raw in written {
        let kept = kept(raw, &mut parts, &mut fields.losses).filter(|_| takes.len() < TAKES);
        match kept.filter(|k| seen.insert(k.take.id.clone())) {
            Some(kept) => takes.push(kept),
            None => fields.losses.push(Loss::Take),
        }
    }
    takes
}

/// The list of parts.
struct Parts<'a> {
    raw: Vec<&'a RawValue>,
    /// Those that somebody asked for: several takes may share one.
    known: BTreeMap<(usize, Label), Part>,
}

impl Parts<'_> {
    fn get(&mut self, at: usize, label: Label) -> Option<Part> {
        let raw = self.raw.get(at)?;
        let text = raw.get().strip_prefix('"')?.strip_suffix('"')?;
        Some(self.known.entry((at, label)).or_insert_with(|| Part::found(text, label)).clone())
    }
}

fn kept(raw: &RawValue, parts: &mut Parts<'_>, losses: &mut Vec<Loss>) -> Option<Kept> {
    let mut fields = Fields::of(raw.get()).ok()?;
    let take = Arc::new(parcel(&mut fields, parts)?);
    let mut kept = Kept { voices: vec![], ..Kept::new(Arc::clone(&take)) };
    fields.read("favourite", "whether a take is a favourite", &mut kept.favourite, |_| true);
    fields.read("clip", "where a clip begins", &mut kept.clip, |c| c.is_none_or(|c| c.abs() <= SONG));
    fields.read("unheard", "whether a take was heard", &mut kept.unheard, |_| true);
    for raw in fields.raw_list("voices", "a take's other tempos") {
        match voice(raw, &take, parts) {
            Ok((voice, mut lost)) if kept.voices.len() < Kept::VOICES && kept.voices.iter().all(|v| v.id != voice.id) => {
                kept.voices.push(voice);
                losses.append(&mut lost);
            }
            Ok(_) => {}
            Err(bpm) => losses.push(Loss::Voice { name: name(&take.about), bpm }),
        }
    }
    losses.append(&mut fields.losses);
    Some(kept)
}

/// A voice, or the tempo of one that can't be read.
fn voice(raw: &RawValue, take: &Arc<Parcel>, parts: &mut Parts<'_>) -> Result<(Arc<Parcel>, Vec<Loss>), Bpm> {
    let own = take.about.request.bpm;
    if let Ok(id) = serde_json::from_str::<TakeId>(raw.get()) {
        return if id == take.id { Ok((Arc::clone(take), vec![])) } else { Err(own) };
    }
    let mut fields = Fields::of(raw.get()).map_err(|_| own)?;
    let voice = parcel(&mut fields, parts).ok_or(own)?;
    // a voice is the same music: as many bars, and with sound, or else it is of no use
    let bpm = voice.about.request.bpm;
    let fits = voice.id != take.id && voice.has_sound() && voice.about.request.bars == take.about.request.bars;
    if fits { Ok((Arc::new(voice), fields.losses)) } else { Err(bpm) }
}

fn parcel(fields: &mut Fields<'_>, parts: &mut Parts<'_>) -> Option<Parcel> {
    let id = fields.quietly::<TakeId>("id").filter(is_id)?;
    let about = fields.quietly::<About>("about").filter(|about| inlay_engine::file::check(about).is_ok())?;
    let latents = fields.parse::<Option<LatentsLabel>>("latents").transpose().map(Option::flatten);
    let latents = latents.and_then(|l| l.map(|l| parts.get(l.part, l.label).ok_or(())).transpose());
    let latents = latents.unwrap_or_else(|()| {
        fields.losses.push(Loss::Latents(name(&about)));
        None
    });
    let sound = fields.parse::<Option<SoundLabel>>("sound").transpose().map(Option::flatten);
    let sound = sound.and_then(|s| s.map(|s| packed(s, parts).ok_or(())).transpose());
    let sound = sound.unwrap_or_else(|()| {
        let again = latents.is_some() && !about.sound_is_its_own();
        fields.losses.push(if again { Loss::Sound(name(&about)) } else { Loss::SoundForGood(name(&about)) });
        None
    });
    Some(Parcel { id, about: Arc::new(about), latents, sound })
}

fn packed(sound: SoundLabel, parts: &mut Parts<'_>) -> Option<PackedSound> {
    if !(1..=2).contains(&sound.channels) {
        return None;
    }
    Some(PackedSound { part: parts.get(sound.part, sound.label)?, rate: sound.rate, channels: sound.channels })
}

/// Whether this can name a take: it is shown to nobody, but compared with others all the time.
fn is_id(id: &TakeId) -> bool {
    (1..=128).contains(&id.0.len()) && id.0.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}
