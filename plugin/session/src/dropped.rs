//! An audio file that was dropped, and the loop in it.

use crate::models::Seen;
use crate::snapshot::{FileView, Peaks};
use inlay_audio::file::{self, Clip};
use inlay_audio::tempo::{detect, locate};
use inlay_engine::file::import;
use inlay_music::{Bars, Bpm, Feel, Sound, Take, loop_length};
use std::path::Path;
use std::sync::Arc;

/// What was found in a file.
#[derive(Debug)]
pub(crate) enum Found {
    /// A take that Inlay wrote.
    Take(Box<Take>),
    /// Audio with a loop in it.
    Audio(Dropped),
    /// A model's folder.
    Model(Seen),
}

/// A file's sound, and which part of it is taken.
#[derive(Debug, Clone)]
pub(crate) struct Dropped {
    pub name: String,
    sound: Sound,
    peaks: Arc<Peaks>,
    bpm: f64,
    bars: Bars,
    /// Seconds.
    start: f64,
    /// What the user should know of it.
    pub said: Option<String>,
}

impl Dropped {
    /// Reads a file, and listens for its tempo and first downbeat. May take seconds: not for a thread that somebody waits for.
    ///
    /// # Errors
    /// Why it can't be read, as a sentence.
    pub fn read(path: &Path) -> Result<Found, String> {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let clip = file::read(path).map_err(|e| format!("{name}: {e}"))?;
        if let Ok(Some(take)) = import(&clip) {
            return Ok(Found::Take(Box::new(take)));
        }
        Ok(Found::Audio(Self::listen(name, &clip)))
    }

    fn listen(name: String, clip: &Clip) -> Self {
        let channels: Vec<Arc<[f32]>> = match clip.channels.len() {
            1 | 2 => clip.channels.iter().map(|c| c.as_slice().into()).collect(),
            _ => clip.stereo().map(Into::into).to_vec(),
        };
        let sound = Sound { rate: clip.rate, channels };
        let mono = clip.downmix();
        let found = clip.bpm.map_or_else(|| detect(&mono, clip.rate), |bpm| locate(&mono, clip.rate, bpm));
        let seconds = |frames: usize| frames as f64 / f64::from(clip.rate.get());
        let (bpm, start, said) = match &found {
            Ok(f) if clip.bpm.is_some() => (f.bpm.get(), seconds(f.downbeat.get()), Some("Its tempo is what the file says.".to_owned())),
            Ok(f) if f.confidence < 0.5 => {
                (f.bpm.get(), seconds(f.downbeat.get()), Some("Its tempo is hard to hear: check it, then press Use.".to_owned()))
            }
            Ok(f) => (f.bpm.get(), seconds(f.downbeat.get()), None),
            Err(_) => (Bpm::DEFAULT.get(), 0.0, Some("No tempo can be heard in it: type it, then press Use.".to_owned())),
        };
        let peaks = Arc::new(Peaks::of(&sound));
        let [shortest, ..] = Bars::ALL;
        let mut dropped = Self { name, sound, peaks, bpm, bars: shortest, start, said };
        dropped.bars = dropped.most_bars();
        dropped
    }

    /// The most bars that fit from the start on.
    fn most_bars(&self) -> Bars {
        let [shortest, ..] = Bars::ALL;
        let fits = |bars: &Bars| {
            let end = self.start + bars.beats().get() * 60.0 / self.bpm;
            end <= self.seconds() + 0.05 && Bpm::new(self.bpm).is_ok_and(|bpm| Feel::Normal.making(bpm, *bars).is_ok())
        };
        Bars::ALL.into_iter().rev().find(fits).unwrap_or(shortest)
    }

    fn seconds(&self) -> f64 {
        self.sound.frames().get() as f64 / f64::from(self.sound.rate.get())
    }

    /// The same with what a user corrected; nonsense stays out.
    pub fn corrected(&self, bpm: f64, bars: Bars, start: f64) -> Self {
        let bpm = if bpm.is_finite() { bpm.clamp(Bpm::MIN, Bpm::MAX) } else { self.bpm };
        let start = if start.is_finite() { start.clamp(0.0, self.seconds()) } else { self.start };
        Self { bpm, bars, start, said: None, ..self.clone() }
    }

    /// The part that is taken: exactly so many bars at its tempo, silent where the file has none.
    ///
    /// # Errors
    /// A tempo that loops can't have, as a sentence.
    pub fn cut(&self) -> Result<(Arc<Sound>, Bars, Bpm), String> {
        let bpm = Bpm::new(self.bpm).map_err(|e| e.to_string())?;
        let length = loop_length(bpm, self.bars.beats(), self.sound.rate).get();
        let first = (self.start * f64::from(self.sound.rate.get())).round() as usize;
        let part = |c: &Arc<[f32]>| c.iter().skip(first).copied().chain(std::iter::repeat(0.0)).take(length).collect();
        let channels = self.sound.channels.iter().map(part).collect();
        Ok((Arc::new(Sound { rate: self.sound.rate, channels }), self.bars, bpm))
    }

    pub fn view(&self) -> FileView {
        FileView {
            name: self.name.clone(),
            seconds: self.seconds(),
            bpm: self.bpm,
            bars: self.bars,
            start: self.start,
            peaks: Arc::clone(&self.peaks),
        }
    }
}

#[cfg(test)]
mod test;
