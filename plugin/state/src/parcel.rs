//! One take, packed.

use crate::loss::{Loss, name};
use crate::open::Opened;
use crate::part::{Label, Part};
use half::f16;
use inlay_audio::file::{WriteError, pack, unpack};
use inlay_engine::redo;
use inlay_music::{About, Frames, SampleRate, Sound, Take, TakeId, loop_length};
use std::sync::Arc;

/// Why a take can't be packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// Its sound is none.
    #[error("this take can't be kept in the project: {0}")]
    Sound(#[from] WriteError),
    /// Its sound isn't as long as its bars.
    #[error("this take can't be kept in the project: it has {found} frames instead of {expected}; make it again")]
    Length {
        /// By tempo, bars and rate.
        expected: usize,
        /// In its sound.
        found: usize,
    },
}

/// A take packed for a project: what it is, its latents, and its sound as 24-bit FLAC at its own rate. Immutable; clones share it.
#[derive(Debug, Clone, PartialEq)]
pub struct Parcel {
    pub(crate) id: TakeId,
    pub(crate) about: Arc<About>,
    pub(crate) latents: Option<Part>,
    pub(crate) sound: Option<PackedSound>,
}

/// A sound and its shape; its length follows from the take.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PackedSound {
    pub part: Part,
    pub rate: SampleRate,
    pub channels: usize,
}

impl Parcel {
    /// Packs a take with its sound. Takes some time (tens of milliseconds): do it once, in the background.
    ///
    /// # Errors
    /// [`PackError`] for a sound that no take has.
    pub fn pack(take: &Take) -> Result<Self, PackError> {
        let (expected, found) = (length(&take.about, take.sound.rate), take.sound.frames());
        if expected != found {
            return Err(PackError::Length { expected: expected.get(), found: found.get() });
        }
        let part = Part::new(&pack(&take.sound)?);
        let sound = PackedSound { part, rate: take.sound.rate, channels: take.sound.channels.len() };
        let silent = Self::without_sound(take.id.clone(), &take.about, Some(&take.latents));
        Ok(Self { sound: Some(sound), ..silent })
    }

    /// Packs what is left of a take where its sound isn't kept, or isn't there.
    pub fn without_sound(id: TakeId, about: &About, latents: Option<&[f16]>) -> Self {
        let pack = |latents: &[f16]| Part::new(&latents.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>());
        // a take that lost them has none of them
        let latents = latents.filter(|l| !l.is_empty()).map(pack);
        Self { id, about: Arc::new(about.clone()), latents, sound: None }
    }

    /// Which take.
    pub fn id(&self) -> &TakeId {
        &self.id
    }

    /// What it is and what made it.
    pub fn about(&self) -> &About {
        &self.about
    }

    /// Whether its sound is in it.
    pub fn has_sound(&self) -> bool {
        self.sound.is_some()
    }

    /// Whether its latents are in it.
    pub fn has_latents(&self) -> bool {
        self.latents.is_some()
    }

    /// Bytes that it takes in a project, but for its words.
    pub fn size(&self) -> usize {
        self.parts().map(|p| p.text().len()).sum()
    }

    pub(crate) fn parts(&self) -> impl Iterator<Item = &Part> {
        self.latents.iter().chain(self.sound.iter().map(|s| &s.part))
    }

    /// Unpacks it. What is damaged costs itself alone.
    pub fn open(&self) -> Opened {
        let mut losses = Vec::new();
        let latents = self.latents.as_ref().and_then(|part| {
            let latents = self.read_latents(part);
            if latents.is_none() {
                losses.push(Loss::Latents(name(&self.about)));
            }
            latents
        });
        let sound = self.sound.as_ref().and_then(|packed| {
            let sound = self.read_sound(packed);
            if sound.is_none() {
                let again = latents.is_some() && redo::check(&self.about, redo::Kept::Latents).is_ok();
                losses.push(if again { Loss::Sound(name(&self.about)) } else { Loss::SoundForGood(name(&self.about)) });
            }
            sound
        });
        let take = sound.map(|sound| {
            let latents = latents.clone().unwrap_or_default();
            Arc::new(Take { id: self.id.clone(), about: (*self.about).clone(), latents, sound })
        });
        Opened { id: self.id.clone(), take, latents, losses }
    }

    fn read_latents(&self, part: &Part) -> Option<Arc<[f16]>> {
        let bytes = part.bytes().ok()?;
        let (values, rest) = bytes.as_chunks::<2>();
        let latents: Arc<[f16]> = values.iter().map(|b| f16::from_le_bytes(*b)).collect();
        let fit = rest.is_empty() && inlay_engine::file::check_latents(&self.about, &latents).is_ok();
        fit.then_some(latents)
    }

    fn read_sound(&self, packed: &PackedSound) -> Option<Sound> {
        let bytes = packed.part.bytes().ok()?;
        unpack(&bytes, packed.rate, packed.channels, length(&self.about, packed.rate)).ok()
    }
}

fn length(about: &About, rate: SampleRate) -> Frames {
    loop_length(about.request.bpm, about.request.bars.beats(), rate)
}

/// What is said of a parcel's sound in the text.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct SoundLabel {
    /// Its place among the parts.
    pub part: usize,
    #[serde(flatten)]
    pub label: Label,
    pub rate: SampleRate,
    pub channels: usize,
}

/// What is said of a parcel's latents in the text.
#[derive(Debug, Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(crate) struct LatentsLabel {
    /// Its place among the parts.
    pub part: usize,
    #[serde(flatten)]
    pub label: Label,
}
