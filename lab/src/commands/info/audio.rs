//! What is heard in audio that Inlay didn't write.

use crate::heard::{Heard, Known, cut};
use inlay_audio::chroma::chroma;
use inlay_audio::file::{Clip, Depth};
use serde::Serialize;

/// Names of the pitch classes.
const NOTES: [&str; 12] = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"];
/// A note with less than this share of the energy isn't named.
const SHARE: f64 = 0.08;

/// A file's format and what was heard in it.
#[derive(Debug, Serialize)]
pub(super) struct Audio {
    /// "24 bit", "32 bit float", "lossy".
    pub depth: String,
    /// The tempo, if there is one.
    pub bpm: Option<f64>,
    /// Where the tempo comes from.
    pub tempo: Option<Known>,
    /// Share of what begins that falls on sixteenths, 0 to 1.
    pub confidence: Option<f32>,
    /// Half and double the tempo.
    pub alternatives: Vec<f64>,
    /// Seconds before the first downbeat.
    pub downbeat: Option<f64>,
    /// How many bars Inlay would take.
    pub bars: Option<u32>,
    /// Notes that stand out, the strongest first.
    pub notes: Vec<&'static str>,
}

impl Audio {
    /// Listens to a file. What a user should know goes to `notices`.
    pub(super) fn of(clip: &Clip, notices: &mut Vec<String>) -> (Self, Option<Heard>) {
        let heard = match cut(clip, None, None) {
            Ok(heard) => Some(heard),
            Err(trouble) => {
                notices.push(trouble.to_string());
                None
            }
        };
        let found = heard.as_ref().map(|heard| &heard.found);
        let audio = Self {
            depth: match clip.depth {
                Depth::Int(bits) => format!("{bits} bit"),
                Depth::Float(bits) => format!("{bits} bit float"),
                Depth::Lossy => "lossy".into(),
            },
            bpm: found.map(|f| f.bpm.get()),
            tempo: heard.as_ref().map(|h| h.known),
            confidence: found.map(|f| f.confidence),
            alternatives: found.map(|f| f.alternatives.iter().map(|bpm| bpm.get()).collect()).unwrap_or_default(),
            downbeat: found.map(|f| f.downbeat.get() as f64 / f64::from(clip.rate.get())),
            bars: heard.as_ref().map(|h| h.bars.get()),
            notes: notes(clip),
        };
        (audio, heard)
    }
}

fn notes(clip: &Clip) -> Vec<&'static str> {
    let shares = chroma(&clip.downmix(), clip.rate);
    let mut notes: Vec<(f64, &str)> = shares.into_iter().zip(NOTES).filter(|(share, _)| *share >= SHARE).collect();
    notes.sort_by(|a, b| b.0.total_cmp(&a.0));
    notes.into_iter().map(|(_, note)| note).collect()
}
