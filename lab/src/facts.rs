//! What there is to say of a take and of a sound, for people and (as JSON) for programs.

use crate::request;
use inlay_audio::loudness::loudness;
use inlay_music::{SampleRate, Take, Task};
use serde::Serialize;

/// What made a take.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    /// Its name by content.
    pub take: String,
    /// The take it came from.
    pub parent: Option<String>,
    /// generate, inpaint, vary, transform or retime.
    pub task: String,
    /// What was made anew, as `--region` reads it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// How far from its source it is, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<f64>,
    /// As typed.
    pub prompt: String,
    /// What should not be heard.
    pub negative: Option<String>,
    /// Tempo.
    pub bpm: f64,
    /// Length.
    pub bars: u32,
    /// "A minor".
    pub key: Option<String>,
    /// The chords it was made with: "Am | F".
    pub chords: Option<String>,
    /// half, normal or double.
    pub feel: String,
    /// Where all chance comes from.
    pub seed: u64,
    /// Which of the variations of the seed, from 0.
    pub variation: u32,
    /// Diffusion steps.
    pub steps: u32,
    /// Strength of guidance.
    pub guidance: f64,
    /// How the steps were walked.
    pub sampler: String,
    /// Whether sound from somebody's file is part of it.
    pub from_audio: bool,
    /// The name of the model from disk that made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// Hash of the weights that made it.
    pub model: String,
}

impl Facts {
    /// Of a take.
    pub fn of(take: &Take) -> Self {
        let about = &take.about;
        let request = &about.request;
        let regions = match &request.task {
            Task::Inpaint { regions } => regions.iter().map(|r| r.text(request.bars).to_string()).collect(),
            _ => vec![],
        };
        let amount = match &request.task {
            Task::Vary { amount } | Task::Transform { amount } => Some(amount.get()),
            _ => None,
        };
        Self {
            take: take.id.0.clone(),
            parent: about.parent.as_ref().map(|p| p.0.clone()),
            task: request.task.to_string(),
            regions,
            amount,
            prompt: request.prompt.to_string(),
            negative: request.negative.as_ref().map(ToString::to_string),
            bpm: request.bpm.get(),
            bars: request.bars.get(),
            key: request::key(request).map(|key| key.to_string()),
            chords: about.chords.as_ref().map(ToString::to_string),
            feel: request.feel.to_string(),
            seed: request.seed.get(),
            variation: request.variation,
            steps: request.steps,
            guidance: request.guidance,
            sampler: request.sampler.clone(),
            from_audio: about.from_audio,
            made_by: about.made_by.clone(),
            model: about.model.clone(),
        }
    }

    /// "4 bars at 92 BPM, A minor".
    pub fn music(&self) -> String {
        let key = self.key.as_ref().map(|key| format!(", {key}")).unwrap_or_default();
        let feel = if self.feel == "normal" { String::new() } else { format!(", {} time", self.feel) };
        format!("{} bar{} at {} BPM{key}{feel}", self.bars, if self.bars == 1 { "" } else { "s" }, self.bpm)
    }

    /// The same with the seed, parted by dots: the second line of a picture.
    pub fn subtitle(&self) -> String {
        let mut parts = vec![format!("{} BPM", self.bpm)];
        parts.extend(self.key.clone());
        parts.push(format!("{} bar{}", self.bars, if self.bars == 1 { "" } else { "s" }));
        parts.extend(self.chords.clone());
        parts.push(format!("seed {}", self.seed));
        parts.join("  ·  ")
    }
}

/// What a sound is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Level {
    /// Frames a second.
    pub rate: u32,
    /// One or two, of somebody's file more.
    pub channels: usize,
    /// Frames of each.
    pub frames: usize,
    /// Length.
    pub seconds: f64,
    /// Integrated loudness in LUFS, heard as a loop; none for silence.
    pub loudness: Option<f64>,
    /// The loudest sample in dB of full scale; none for silence.
    pub peak: Option<f64>,
}

impl Level {
    /// Of `channels`, all as long.
    pub fn of<C: AsRef<[f32]>>(channels: &[C], mono: &[f32], rate: SampleRate) -> Self {
        let frames = channels.first().map_or(0, |c| c.as_ref().len());
        let loudest = channels.iter().flat_map(|c| c.as_ref()).fold(0.0f32, |peak, v| peak.max(v.abs()));
        Self {
            rate: rate.get(),
            channels: channels.len(),
            frames,
            seconds: frames as f64 / f64::from(rate.get()),
            loudness: loudness(mono, rate).map(hundredths),
            peak: (loudest > 0.0).then(|| hundredths(20.0 * f64::from(loudest).log10())),
        }
    }

    /// "−18.0 LUFS, peak −3.2 dBFS".
    pub fn words(&self) -> String {
        match (self.loudness, self.peak) {
            (Some(loudness), Some(peak)) => format!("{} LUFS, peak {} dBFS", number(loudness), number(peak)),
            (None, Some(peak)) => format!("too quiet to be measured, peak {} dBFS", number(peak)),
            _ => "silent".into(),
        }
    }
}

/// The mean of one or two channels.
pub fn mono<C: AsRef<[f32]>>(channels: &[C]) -> Vec<f32> {
    match channels {
        [left, right] => left.as_ref().iter().zip(right.as_ref()).map(|(l, r)| 0.5 * (l + r)).collect(),
        [mono, ..] => mono.as_ref().to_vec(),
        [] => vec![],
    }
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// One decimal, with a real minus.
fn number(value: f64) -> String {
    format!("{value:.1}").replace('-', "−")
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_sine_at_half_of_full_scale_has_a_peak_of_6_db_below() {
        let sine: Vec<f32> = (0..44_100).map(|i| 0.5 * (i as f32 * 0.1425).sin()).collect();
        let level = Level::of(&[&sine], &sine, SampleRate::CD);
        assert_eq!((level.frames, level.seconds, level.channels), (44_100, 1.0, 1));
        assert!((level.peak.unwrap() + 6.02).abs() < 0.02 && level.loudness.is_some());
        assert!(level.words().contains("peak −6.0 dBFS"), "{}", level.words());
    }

    #[test]
    fn silence_has_no_level() {
        let level = Level::of(&[[0.0f32; 9]], &[0.0; 9], SampleRate::CD);
        assert_eq!((level.loudness, level.peak, level.words().as_str()), (None, None, "silent"));
    }
}
