//! What the next request is made of.

use crate::knobs::Knobs;
use crate::message::Place;
use crate::snapshot::Desk;
use inlay_diffusion::Sampler;
use inlay_music::{Bars, Bpm, ChordChart, Prompt, Region, Request, Seed, Take, Task};

/// Why a request can't be made, and where its cause stands.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub place: Place,
    pub text: String,
}

/// A sentence at a place.
pub(crate) fn refuse(place: Place, text: impl ToString) -> Refusal {
    Refusal { place, text: sentence(&text.to_string()) }
}

/// Words with a capital at their start.
pub fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Default for Desk {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            negative: String::new(),
            key: None,
            project_key: None,
            chords: String::new(),
            chords_error: None,
            seed: Seed(0),
            own_tempo: None,
            tempo: Bpm::DEFAULT,
            regions: vec![],
        }
    }
}

impl Desk {
    /// Chords as typed, and what is wrong with them for a take of so many bars.
    pub(crate) fn type_chords(&mut self, text: String, bars: Bars) {
        self.chords_error = chart(&text).and_then(|c| fitting(c, bars)).err();
        self.chords = text;
    }

    /// A take from the words.
    pub(crate) fn generate(&self, knobs: &Knobs, seed: Seed) -> Result<Request, Refusal> {
        self.fresh(Task::Generate, knobs.bars, self.tempo, knobs, seed)
    }

    /// A take that follows a sound of so many bars at a tempo.
    pub(crate) fn transform(&self, knobs: &Knobs, seed: Seed, bars: Bars, bpm: Bpm) -> Result<Request, Refusal> {
        let request = self.fresh(Task::Transform { amount: knobs.amount }, bars, bpm, knobs, seed)?;
        Ok(Request { feel: Default::default(), ..request })
    }

    fn fresh(&self, task: Task, bars: Bars, bpm: Bpm, knobs: &Knobs, seed: Seed) -> Result<Request, Refusal> {
        let prompt = self.prompt().ok_or_else(|| refuse(Place::Prompt, "type what you want to hear, then press Enter"))??;
        let understood = prompt.understand_at(Some(bpm)).map_err(|e| refuse(Place::Prompt, e))?;
        let project = self.project_key.filter(|_| understood.key.is_none() && understood.chords.is_none() && understood.pitched);
        let chords = chart(&self.chords).and_then(|c| fitting(c, bars)).map_err(|e| refuse(Place::Chords, e))?;
        Ok(Request {
            task,
            prompt,
            negative: self.negative()?,
            bars,
            bpm,
            key: self.key.or(project.filter(|_| chords.is_none())),
            chords,
            feel: knobs.feel,
            seed,
            variation: 0,
            steps: knobs.steps,
            guidance: knobs.guidance,
            sampler: Sampler::default().to_string(),
        })
    }

    /// A take that goes on from `parent`: what isn't said anew stays as it was made.
    pub(crate) fn going_on(&self, parent: &Take, task: Task, bpm: Bpm, knobs: &Knobs, seed: Seed) -> Result<Request, Refusal> {
        let old = &parent.about.request;
        let prompt = self.prompt().transpose()?.unwrap_or_else(|| old.prompt.clone());
        let same_words = prompt == old.prompt;
        let understood = prompt.understand_at(Some(bpm)).map_err(|e| refuse(Place::Prompt, e))?;
        let typed = chart(&self.chords).and_then(|c| fitting(c, old.bars)).map_err(|e| refuse(Place::Chords, e))?;
        let words_have_harmony = !same_words && (understood.key.is_some() || understood.chords.is_some());
        let new_harmony = typed.is_some() || self.key.is_some() || words_have_harmony;
        let (kept_key, kept_chords) = if new_harmony { (None, None) } else { (old.key, parent.about.chords.clone()) };
        Ok(Request {
            task,
            prompt,
            negative: self.negative()?,
            bpm,
            key: self.key.or(kept_key),
            chords: typed.or(kept_chords),
            seed,
            variation: 0,
            steps: knobs.steps,
            guidance: knobs.guidance,
            ..old.clone()
        })
    }

    /// The regions of the desk as far as they lie in a take of so many bars.
    pub(crate) fn regions_in(&self, bars: Bars) -> Vec<Region> {
        let inside: Vec<Region> = self.regions.iter().filter_map(|r| r.check(bars).ok()).collect();
        inlay_music::merge_regions(&inside, bars)
    }

    /// A tempo among the words that isn't the one that takes are made at.
    pub(crate) fn other_tempo(&self) -> Option<Bpm> {
        self.prompt()?.ok()?.understand().ok()?.bpm.filter(|named| *named != self.tempo)
    }

    /// None where nothing was typed.
    fn prompt(&self) -> Option<Result<Prompt, Refusal>> {
        (!self.prompt.trim().is_empty()).then(|| Prompt::new(&self.prompt).map_err(|e| refuse(Place::Prompt, e)))
    }

    fn negative(&self) -> Result<Option<Prompt>, Refusal> {
        let typed = Some(self.negative.as_str()).filter(|n| !n.trim().is_empty());
        typed.map(Prompt::new).transpose().map_err(|e| refuse(Place::Prompt, format!("what should not be heard can't be used: {e}")))
    }
}

/// Chords as typed; None where nothing was.
fn chart(text: &str) -> Result<Option<ChordChart>, String> {
    if text.trim().is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|e: inlay_music::ChartError| e.to_string()) }
}

fn fitting(chart: Option<ChordChart>, bars: Bars) -> Result<Option<ChordChart>, String> {
    if let Some(chart) = &chart {
        chart.per_beat(bars).map_err(|e| e.to_string())?;
    }
    Ok(chart)
}

#[cfg(test)]
mod test;
