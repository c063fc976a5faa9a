//! Feel, and the tempo and bars that a loop is made at.

use crate::time::{Bars, Bpm, TimeError};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Below this many beats a minute the model makes a loop at twice the tempo.
pub const SLOWEST_MADE: f64 = 60.0;

/// How fast the beat feels against the tempo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feel {
    /// Half as fast: 4 bars at 140 BPM sound like 2 at 70.
    Half,
    /// As fast as the tempo says.
    #[default]
    Normal,
    /// Twice as fast: 4 bars at 80 BPM sound like 8 at 160.
    Double,
}

/// Why a loop can't be made with this feel, tempo and length.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FeelError {
    /// One bar in half time.
    #[error("one bar in half time would be half a bar: make at least 2 bars, or choose normal feel")]
    HalfBar,
    /// Half time would fall below [`SLOWEST_MADE`].
    #[error("half time at {0} would be slower than the 60 BPM that the model can play: choose 120 BPM or more, or normal feel")]
    Slow(Bpm),
    /// 16 bars in double time.
    #[error("{0} in double time would be twice as many, and 16 is the most: make at most 8 bars, or choose normal feel")]
    Double(Bars),
    /// 16 bars below [`SLOWEST_MADE`].
    #[error("{0} below 60 BPM are made as twice as many, and 16 is the most: make at most 8 bars, or choose 60 BPM or more")]
    SlowBars(Bars),
    /// A word that names no feel.
    #[error("{0} is no feel: choose half, normal or double")]
    Word(String),
}

/// The tempo and length at which the model makes what was asked; it lasts as long as what was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Making {
    bpm: f64,
    bars: Bars,
    beats_made: f64,
}

impl Making {
    /// Beats a minute in the making: 60 to 480.
    pub fn bpm(self) -> f64 {
        self.bpm
    }

    /// Bars in the making.
    pub fn bars(self) -> Bars {
        self.bars
    }

    /// Beats made for one asked: 0.5, 1 or 2. All positions are multiplied by it.
    pub fn beats_made(self) -> f64 {
        self.beats_made
    }
}

impl Feel {
    /// What the model has to make. The rules, in this order:
    ///
    /// 1. The feel halves or doubles tempo and bars. Half a bar, or more than 16 bars, is refused.
    /// 2. What is then below 60 BPM is made at twice the tempo and twice the bars, from at most 8 bars. This applies to normal feel:
    ///    double time is never that slow, and where half time is, the two would cancel out and give plain normal feel under the name of half,
    ///    so it is refused instead. Below 60 BPM normal and double feel are the same: it is how the model plays slowly at all.
    ///
    /// # Errors
    /// [`FeelError`] with the choices that are left.
    pub fn making(self, bpm: Bpm, bars: Bars) -> Result<Making, FeelError> {
        let slow = bpm.get() < SLOWEST_MADE;
        let twice = |error| Bars::new(bars.get() * 2).map_err(|_| error);
        let as_asked = Making { bpm: bpm.get(), bars, beats_made: 1.0 };
        let doubled = |bars| Making { bpm: bpm.get() * 2.0, bars, beats_made: 2.0 };
        match self {
            Feel::Half if bars.get() == 1 => Err(FeelError::HalfBar),
            Feel::Half if bpm.get() / 2.0 < SLOWEST_MADE => Err(FeelError::Slow(bpm)),
            Feel::Half => {
                let bars = Bars::new(bars.get() / 2).map_err(|_: TimeError| FeelError::HalfBar)?;
                Ok(Making { bpm: bpm.get() / 2.0, bars, beats_made: 0.5 })
            }
            Feel::Normal if slow => twice(FeelError::SlowBars(bars)).map(doubled),
            Feel::Normal => Ok(as_asked),
            Feel::Double => twice(FeelError::Double(bars)).map(doubled),
        }
    }

    /// "half", "normal" or "double".
    pub fn word(self) -> &'static str {
        match self {
            Feel::Half => "half",
            Feel::Normal => "normal",
            Feel::Double => "double",
        }
    }
}

impl FromStr for Feel {
    type Err = FeelError;
    fn from_str(text: &str) -> Result<Self, FeelError> {
        let word = text.trim().to_lowercase();
        [Feel::Half, Feel::Normal, Feel::Double]
            .into_iter()
            .find(|feel| feel.word() == word)
            .ok_or_else(|| FeelError::Word(crate::pitch::quote(text.trim())))
    }
}

impl fmt::Display for Feel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod test {
    use super::*;

    fn making(feel: Feel, bpm: f64, bars: u32) -> Result<(f64, u32, f64), FeelError> {
        let made = feel.making(Bpm::new(bpm).unwrap(), Bars::new(bars).unwrap())?;
        Ok((made.bpm(), made.bars().get(), made.beats_made()))
    }

    #[test]
    fn feel_scales_tempo_and_bars_alike() {
        assert_eq!(making(Feel::Normal, 92.5, 4), Ok((92.5, 4, 1.0)));
        assert_eq!(making(Feel::Half, 140.0, 4), Ok((70.0, 2, 0.5)));
        assert_eq!(making(Feel::Double, 240.0, 8), Ok((480.0, 16, 2.0)));
        assert_eq!(making(Feel::Half, 120.0, 16), Ok((60.0, 8, 0.5)));
    }

    #[test]
    fn a_slow_loop_is_made_at_twice_the_tempo() {
        assert_eq!(making(Feel::Normal, 60.0, 16), Ok((60.0, 16, 1.0)));
        assert_eq!(making(Feel::Normal, 59.5, 8), Ok((119.0, 16, 2.0)));
        assert_eq!(making(Feel::Double, 50.0, 4), making(Feel::Normal, 50.0, 4));
    }

    #[test]
    fn lasts_as_long_as_what_was_asked_whatever_the_feel() {
        for feel in [Feel::Half, Feel::Normal, Feel::Double] {
            for bars in Bars::ALL {
                for bpm in [40.0, 59.9, 61.7, 119.9, 120.1, 240.0] {
                    if let Ok((made_bpm, made_bars, _)) = making(feel, bpm, bars.get()) {
                        assert!(made_bpm >= SLOWEST_MADE);
                        assert_eq!(f64::from(made_bars) / made_bpm, f64::from(bars.get()) / bpm);
                    }
                }
            }
        }
    }

    #[test]
    fn says_which_choices_are_left() {
        let error = |feel, bpm, bars| making(feel, bpm, bars).unwrap_err().to_string();
        assert_eq!(error(Feel::Half, 140.0, 1), "one bar in half time would be half a bar: make at least 2 bars, or choose normal feel");
        assert_eq!(
            error(Feel::Half, 119.5, 4),
            "half time at 119.5 BPM would be slower than the 60 BPM that the model can play: choose 120 BPM or more, or normal feel"
        );
        assert_eq!(
            error(Feel::Double, 100.0, 16),
            "16 bars in double time would be twice as many, and 16 is the most: make at most 8 bars, or choose normal feel"
        );
        assert_eq!(
            error(Feel::Normal, 59.0, 16),
            "16 bars below 60 BPM are made as twice as many, and 16 is the most: make at most 8 bars, or choose 60 BPM or more"
        );
        assert_eq!("Swing".parse::<Feel>().unwrap_err().to_string(), "\"Swing\" is no feel: choose half, normal or double");
    }

    #[test]
    fn is_a_word_in_json_and_on_the_command_line() {
        assert_eq!(serde_json::to_string(&Feel::Half).unwrap(), "\"half\"");
        assert_eq!(" Double".parse::<Feel>(), Ok(Feel::Double));
    }
}
