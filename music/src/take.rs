//! Takes: immutable pieces of music with everything that made them.

use crate::chart::ChordChart;
use crate::request::Request;
use crate::time::{Bpm, Frames, SampleRate};
use half::f16;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Names a take by its content, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TakeId(pub String);

/// What a take is and what made it: all of it but numbers of sound.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// What was asked for.
    pub request: Request,
    /// The chords that it was made with, where it has some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chords: Option<ChordChart>,
    /// The take that this one came from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<TakeId>,
    /// The tempo that the latents were made at, where that isn't the request's (a take that was retimed).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_at: Option<Bpm>,
    /// Hash of the weights that made the latents.
    pub model: String,
    /// Hash of the weights that latents belong to.
    pub codec: String,
    /// From the model's level to the take's.
    pub gain: f32,
    /// Weight of the side signal: of the one that is made from mid, or of the one that two channels hold.
    pub width: f32,
    /// Whether sound from an audio file is part of it: then it isn't made again from its latents.
    #[serde(default)]
    pub from_audio: bool,
    /// The name of the model from disk that made it; without one Inlay's own did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
}

impl About {
    /// The most characters that a model's name has.
    pub const LONGEST_NAME: usize = 128;

    /// Whether its sound is more than its latents say, since it came from an audio file or a model from disk: then it is kept as it is.
    pub fn sound_is_its_own(&self) -> bool {
        self.from_audio || self.made_by.is_some()
    }
}

/// An immutable piece of music, with everything that made it.
///
/// Sound is 24 bit and latents are f16 from birth: all later work uses the rounded ones.
#[derive(Debug, Clone, PartialEq)]
pub struct Take {
    /// By content.
    pub id: TakeId,
    /// What it is and what made it.
    pub about: About,
    /// Latents [T, channels] of the making, row-major.
    pub latents: Arc<[f16]>,
    /// What sounds.
    pub sound: Sound,
}

impl Take {
    /// The model from disk that sampled it; none for Inlay's own, which may have made a part of another model's take anew.
    pub fn sampled_by(&self) -> Option<&str> {
        self.about.made_by.as_deref().filter(|_| self.latents.is_empty())
    }
}

/// Sound as it was born: rounded to 24 bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Sound {
    /// Its rate.
    pub rate: SampleRate,
    /// One channel (mid, whose side is made from it unless the take's width is 0) or two (left and right as they are heard).
    /// Values are whole multiples of 2⁻²³.
    pub channels: Vec<Arc<[f32]>>,
}

impl Sound {
    /// Frames in each channel.
    pub fn frames(&self) -> Frames {
        Frames(self.channels.first().map_or(0, |c| c.len()))
    }
}

/// A take at one sample rate and tempo: what is played. Two channels of 24-bit values.
#[derive(Debug, Clone, PartialEq)]
pub struct Rendition {
    /// Of which take.
    pub take: TakeId,
    /// Its rate.
    pub rate: SampleRate,
    /// Left.
    pub left: Arc<[f32]>,
    /// Right.
    pub right: Arc<[f32]>,
}
