//! A request in the words that models from disk are told.
//!
//! Stable Audio's prompts are descriptions with the tempo as "120 BPM" behind them, and the key as "in C minor" among them. Loops in the data say how many bars they have.

use super::making;
use crate::error::JobError;
use inlay_music::{Key, Request};

/// What the model is told.
pub(super) struct Said {
    /// What should sound.
    pub prompt: String,
    /// What should not.
    pub negative: Option<String>,
    /// There are chords among the words, which it isn't told.
    pub chart: bool,
}

/// A request in words.
pub(super) fn of(request: &Request) -> Result<Said, JobError> {
    let said = request.prompt.said()?;
    let key = request.key.or(said.key).map(|key: Key| format!(", in {}", key)).unwrap_or_default();
    let (bpm, bars) = making(request);
    let bars = if bars == 1.0 { "1 bar".to_owned() } else { format!("{bars} bars") };
    let negative = request.negative.as_ref().map(|negative| negative.as_str().to_owned());
    let prompt = format!("{}{key}, loop, {bars}, {} BPM", said.words, rounded(bpm));
    Ok(Said { prompt, negative, chart: said.chart })
}

/// A tempo as people write it: whole, or with one digit behind the point.
fn rounded(bpm: f64) -> f64 {
    (bpm * 10.0).round() / 10.0
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::make::test::request;
    use inlay_music::{Feel, Prompt};

    #[test]
    fn tempo_bars_and_key_follow_the_words() {
        let Said { prompt, negative, chart } = of(&request("Dusty boom bap drums", 4, 92.0)).unwrap();
        assert_eq!((prompt.as_str(), negative, chart), ("Dusty boom bap drums, loop, 4 bars, 92 BPM", None, false));
        let Said { prompt, chart, .. } = of(&request("Warm Rhodes, Am | F | C G, 90 bpm", 1, 87.5)).unwrap();
        assert_eq!((prompt.as_str(), chart), ("Warm Rhodes, loop, 1 bar, 87.5 BPM", true));
        let asked = Request { key: Some("C# dorian".parse().unwrap()), feel: Feel::Half, ..request("pad in a minor", 4, 140.0) };
        let negative = Some(Prompt::new("vocals").unwrap());
        let Said { prompt, negative, .. } = of(&Request { negative, ..asked }).unwrap();
        assert_eq!((prompt.as_str(), negative.as_deref()), ("pad, in C# dorian, loop, 2 bars, 70 BPM", Some("vocals")));
    }
}
