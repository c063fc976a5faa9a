//! Values of flags, each with a sentence for what it isn't.

use inlay_audio::stereo::Width;
use inlay_diffusion::{Sampler, SamplerError};
use inlay_music::{Amount, Bars, Bpm, Prompt, Region, RegionError, SampleRate};
use std::path::PathBuf;

type Read<T> = Result<T, String>;

/// Beats a minute: `92`, `92.5`.
///
/// # Errors
/// A sentence.
pub fn bpm(text: &str) -> Read<Bpm> {
    let number = number(text).ok_or_else(|| format!("\"{text}\" is no tempo: write beats a minute, like 92 or 92.5"))?;
    Bpm::new(number).map_err(|e| e.to_string())
}

/// A count of bars.
///
/// # Errors
/// A sentence.
pub fn bars(text: &str) -> Read<Bars> {
    let count = text.trim().parse().map_err(|_| format!("{text} bars can't be made: choose 1, 2, 4, 8 or 16"))?;
    Bars::new(count).map_err(|e| e.to_string())
}

/// Samples a second: `48000`, `48k`, `44.1k`.
///
/// # Errors
/// A sentence.
pub fn rate(text: &str) -> Read<SampleRate> {
    let trimmed = text.trim();
    let hertz = match trimmed.strip_suffix(['k', 'K']) {
        Some(thousands) => number(thousands).map(|n| n * 1000.0),
        None => number(trimmed),
    };
    match hertz {
        // The nearest whole number: 44.1 thousand isn't one in binary.
        Some(hertz) if (0.0..=f64::from(u32::MAX)).contains(&hertz) => SampleRate::new(hertz.round() as u32).map_err(|e| e.to_string()),
        _ => Err(format!("\"{text}\" is no sample rate: write hertz, like 48000, 44.1k or 96k")),
    }
}

/// Words of a region, to be read once the length of its take is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionWords(String);

impl RegionWords {
    /// The region of a take with so many bars.
    ///
    /// # Errors
    /// As [`Region::parse`].
    pub fn of(&self, take: Bars) -> Result<Region, RegionError> {
        Region::parse(&self.0, take)
    }
}

/// `3`, `3-4`, `3.2-3.4`, `4-1`.
///
/// # Errors
/// A sentence, if it doesn't follow the grammar. What lies outside of the take is said by [`RegionWords::of`], which knows its length.
pub fn region(text: &str) -> Read<RegionWords> {
    use RegionError::{Bar, Long, Start};
    let [.., longest] = Bars::ALL;
    match Region::parse(text, longest) {
        Ok(_) | Err(Bar { .. } | Long { .. } | Start { .. }) => Ok(RegionWords(text.into())),
        Err(wrong) => Err(wrong.to_string()),
    }
}

/// The name of a sampler, of Inlay's own model or of one from disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplerWord(String);

impl SamplerWord {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A sampler of Inlay's own model.
    ///
    /// # Errors
    /// A sentence.
    pub fn own(&self) -> Result<Sampler, SamplerError> {
        self.0.parse()
    }
}

/// A sampler's name.
///
/// # Errors
/// A sentence with the names of Inlay's own model, where no model knows it.
pub fn sampler(text: &str) -> Read<SamplerWord> {
    match (text.parse::<Sampler>(), text.parse::<inlay_stable::Sampler>()) {
        (Ok(own), _) => Ok(SamplerWord(own.to_string())),
        (_, Ok(disk)) => Ok(SamplerWord(disk.to_string())),
        (Err(wrong), Err(_)) => Err(wrong.to_string()),
    }
}

/// A LoRA's file and its strength.
#[derive(Debug, Clone, PartialEq)]
pub struct LoraWords {
    /// The file.
    pub file: PathBuf,
    /// 0 is off, 1 as trained.
    pub strength: f32,
}

/// `warm.safetensors`, `warm.safetensors:0.7`.
///
/// # Errors
/// A sentence.
pub fn lora(text: &str) -> Read<LoraWords> {
    match text.rsplit_once(':').and_then(|(file, strength)| Some((file, number(strength)?))) {
        Some((file, strength)) if (0.0..=4.0).contains(&strength) => Ok(LoraWords { file: file.into(), strength: strength as f32 }),
        Some((_, strength)) => Err(format!("a LoRA's strength of {strength} can't be used: choose 0 (off) to 4 (1 is as trained)")),
        None => Ok(LoraWords { file: text.into(), strength: 1.0 }),
    }
}

/// How far from its parent a variation goes.
///
/// # Errors
/// A sentence.
pub fn amount(text: &str) -> Read<Amount> {
    within(text, 0.0, 1.0, "an amount", "0 (the same) to 1 (all new)").and_then(|amount| Amount::new(amount).map_err(|e| e.to_string()))
}

/// Strength of guidance.
///
/// # Errors
/// A sentence.
pub fn guidance(text: &str) -> Read<f64> {
    within(text, 0.0, 20.0, "a guidance", "0 to 20 (1 is none, 3 is usual)")
}

/// Width of the stereo image, in percent of the take's own: `100`, `150%`.
///
/// # Errors
/// A sentence.
pub fn width(text: &str) -> Read<Width> {
    within(text.trim().trim_end_matches('%'), 0.0, 200.0, "a width", "0 (mono) to 200 percent (100 is the take's own)")
        .and_then(|percent| Width::new((percent / 100.0) as f32).map_err(|e| e.to_string()))
}

/// Steps of the sampler.
///
/// # Errors
/// A sentence.
pub fn steps(text: &str) -> Read<u32> {
    count(text, 1000, "steps", "1 to 1000 (16 is usual, 8 a draft)")
}

/// Takes of one request.
///
/// # Errors
/// A sentence.
pub fn variations(text: &str) -> Read<u32> {
    count(text, 64, "variations", "1 to 64")
}

/// Threads that compute.
///
/// # Errors
/// A sentence.
pub fn threads(text: &str) -> Read<u32> {
    count(text, 256, "threads", "1 to 256")
}

/// Measured runs.
///
/// # Errors
/// A sentence.
pub fn runs(text: &str) -> Read<u32> {
    count(text, 1000, "runs", "1 to 1000")
}

/// A prompt, negative prompt or part of one.
///
/// # Errors
/// A sentence where it is empty or too long.
pub fn prompt(text: &str) -> Read<Prompt> {
    Prompt::new(text).map_err(|e| e.to_string())
}

fn number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}

fn within(text: &str, low: f64, high: f64, what: &str, choice: &str) -> Read<f64> {
    number(text)
        .filter(|n| (low..=high).contains(n))
        .ok_or_else(|| format!("{what} of {} can't be used: choose one from {choice}", text.trim()))
}

fn count(text: &str, most: u32, what: &str, choice: &str) -> Read<u32> {
    let count = text.trim().parse().ok().filter(|n| (1..=most).contains(n));
    count.ok_or_else(|| format!("{} {what} can't be used: choose {choice}", text.trim()))
}
