//! A request in the words that models from disk are told, as they were trained to read them.
//!
//! Stable Audio 3 learnt from AudioSparx' and Freesound's descriptions: its guide to prompts asks for their tags in front ("TrackType: Instrument" for a part alone,
//! "TrackType: Music, VocalType: Instrumental" for several, "TrackType: SFX"), and for the tempo as "120 BPM". Stable Audio Open learnt from plain descriptions. Loops in the
//! data say that they are, and how many bars they have. Whoever writes a tag of their own knows better.

mod parts;

use super::making;
use crate::error::JobError;
use inlay_music::{Key, Request};
use inlay_stable::Found;
use parts::Parts;

/// What a model learnt to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Learnt {
    /// Tags, of music.
    Tags,
    /// Tags, of effects.
    Effects,
    /// Plain words.
    Words,
}

impl Learnt {
    /// By the kind of the model. Stable Audio 3 small is there for music and for effects, which nothing but its name tells.
    pub fn of(found: &Found, name: &str) -> Self {
        match found {
            Found::Open(_) => Self::Words,
            Found::Three(_) if name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|part| part == "sfx") => {
                Self::Effects
            }
            Found::Three(_) => Self::Tags,
        }
    }

    /// What stands before the words.
    fn tags(self, words: &str) -> &'static str {
        if self == Self::Words || words.to_ascii_lowercase().contains("tracktype:") {
            return "";
        }
        match parts::of(words) {
            _ if self == Self::Effects => "TrackType: SFX, ",
            Parts { named: 1, .. } => "TrackType: Instrument, ",
            Parts { sung: true, .. } => "TrackType: Music, ",
            Parts { .. } => "TrackType: Music, VocalType: Instrumental, ",
        }
    }
}

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
pub(super) fn of(request: &Request, learnt: Learnt) -> Result<Said, JobError> {
    let said = request.prompt.said()?;
    let tags = learnt.tags(&said.words);
    let key = request.key.or(said.key).map(|key: Key| format!(", in {}", key)).unwrap_or_default();
    let (bpm, bars) = making(request);
    let bars = if bars == 1.0 { "1 bar".to_owned() } else { format!("{bars} bars") };
    let negative = request.negative.as_ref().map(|negative| negative.as_str().to_owned());
    let prompt = format!("{tags}{}{key}, loop, {bars}, {} BPM", said.words, rounded(bpm));
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
        let of = |request: &Request| of(request, Learnt::Words).unwrap();
        let Said { prompt, negative, chart } = of(&request("Dusty boom bap drums", 4, 92.0));
        assert_eq!((prompt.as_str(), negative, chart), ("Dusty boom bap drums, loop, 4 bars, 92 BPM", None, false));
        let Said { prompt, chart, .. } = of(&request("Warm Rhodes, Am | F | C G, 90 bpm", 1, 87.5));
        assert_eq!((prompt.as_str(), chart), ("Warm Rhodes, loop, 1 bar, 87.5 BPM", true));
        let asked = Request { key: Some("C# dorian".parse().unwrap()), feel: Feel::Half, ..request("pad in a minor", 4, 140.0) };
        let negative = Some(Prompt::new("vocals").unwrap());
        let Said { prompt, negative, .. } = of(&Request { negative, ..asked });
        assert_eq!((prompt.as_str(), negative.as_deref()), ("pad, in C# dorian, loop, 2 bars, 70 BPM", Some("vocals")));
    }

    #[test]
    fn what_learnt_tags_is_told_whether_a_part_plays_alone() {
        let prompt = |words: &str, learnt| of(&request(words, 4, 92.0), learnt).unwrap().prompt;
        assert_eq!(prompt("Dusty boom bap drums", Learnt::Tags), "TrackType: Instrument, Dusty boom bap drums, loop, 4 bars, 92 BPM");
        let several = "TrackType: Music, VocalType: Instrumental, drums and bass, loop, 4 bars, 92 BPM";
        assert_eq!(prompt("drums and bass", Learnt::Tags), several);
        assert!(prompt("lofi study beat with piano", Learnt::Tags).starts_with("TrackType: Music, "));
        assert!(prompt("choir over soft strings", Learnt::Tags).starts_with("TrackType: Music, choir"));
        assert!(prompt("sunny afternoon", Learnt::Tags).starts_with("TrackType: Music, "));
        assert!(prompt("door slams", Learnt::Effects).starts_with("TrackType: SFX, door slams"));
        let own = prompt("tracktype: Instrument, format: duo, drums and bass", Learnt::Tags);
        assert!(own.starts_with("tracktype: Instrument, format: duo, drums and bass, loop"), "{own}");
    }

    #[test]
    fn the_model_for_effects_is_known_by_its_name() {
        let folder = inlay_tiny::folder("sa3-tiny");
        let found = Found::read(folder.path(), None).unwrap();
        let learnt = |name: &str| Learnt::of(&found, name);
        assert_eq!(learnt("stable-audio-3-small-sfx"), Learnt::Effects);
        assert_eq!(["stable-audio-3-small-music", "stable-audio-3-medium", "sfxs"].map(learnt), [Learnt::Tags; 3]);
        let folder = inlay_tiny::folder("sao10-tiny");
        assert_eq!(Learnt::of(&Found::read(folder.path(), None).unwrap(), "sfx"), Learnt::Words);
    }
}
