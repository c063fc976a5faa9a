//! Requests: what to make.

use crate::chart::ChordChart;
use crate::feel::Feel;
use crate::key::Key;
use crate::prompt::Prompt;
use crate::region::Region;
use crate::seed::Seed;
use crate::time::{Bars, Bpm};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What to make, and from what words. Together with its source it determines a take.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// The kind of work.
    pub task: Task,
    /// What should sound, as typed.
    pub prompt: Prompt,
    /// What should not be heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub negative: Option<Prompt>,
    /// Length.
    pub bars: Bars,
    /// Tempo.
    pub bpm: Bpm,
    /// Key; without chords it means a progression chosen by the seed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Key>,
    /// Chords over the take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chords: Option<ChordChart>,
    /// Half, normal or double time.
    #[serde(default)]
    pub feel: Feel,
    /// Where all chance comes from.
    pub seed: Seed,
    /// Which of the variations of the seed this is, from 0.
    #[serde(default)]
    pub variation: u32,
    /// Diffusion steps.
    pub steps: u32,
    /// Strength of classifier-free guidance; 1 is none.
    pub guidance: f64,
    /// Name of the sampler, as the model's library knows it.
    pub sampler: String,
}

/// The kind of work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Task {
    /// From nothing.
    Generate,
    /// New music in some regions of a take, all in one go.
    Inpaint {
        /// Where, in beats of the take; at least one.
        regions: Vec<Region>,
    },
    /// Like a take, but different.
    Vary {
        /// How different.
        amount: Amount,
    },
    /// From an audio file.
    Transform {
        /// How far from it.
        amount: Amount,
    },
    /// The same at another tempo, at the same pitch.
    Retime,
}

/// How far from what is there: 0 (no change) to 1 (all new).
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Amount(f64);

/// Why a number is no amount.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("an amount of {0} can't be used: choose 0 (no change) to 1 (all new)")]
pub struct AmountError(pub f64);

impl Amount {
    /// No change.
    pub const NONE: Amount = Amount(0.0);
    /// What a variation is made with where nobody says: clearly related, clearly new.
    pub const DEFAULT: Amount = Amount(0.5);

    /// # Errors
    /// [`AmountError`] unless 0 ≤ `amount` ≤ 1 (so NaN is refused too).
    pub fn new(amount: f64) -> Result<Self, AmountError> {
        if (0.0..=1.0).contains(&amount) { Ok(Self(amount)) } else { Err(AmountError(amount)) }
    }

    /// 0 to 1.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Amount {
    type Error = AmountError;
    fn try_from(amount: f64) -> Result<Self, AmountError> {
        Self::new(amount)
    }
}

impl From<Amount> for f64 {
    fn from(amount: Amount) -> f64 {
        amount.0
    }
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Task::Generate => "generate",
            Task::Inpaint { .. } => "inpaint",
            Task::Vary { .. } => "vary",
            Task::Transform { .. } => "transform",
            Task::Retime => "retime",
        })
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_request_comes_back_from_json() {
        let request = Request {
            task: Task::Inpaint { regions: vec![Region::new(8.0, 4.0, Bars::new(4).unwrap()).unwrap()] },
            prompt: Prompt::new("dusty boom bap drums").unwrap(),
            negative: Some(Prompt::new("muffled").unwrap()),
            bars: Bars::new(4).unwrap(),
            bpm: Bpm::new(92.5).unwrap(),
            key: Some("Am".parse().unwrap()),
            chords: Some("Am | F | C G".parse().unwrap()),
            feel: Feel::Half,
            seed: Seed(u64::MAX),
            variation: 2,
            steps: 16,
            guidance: 3.0,
            sampler: "dpm++2m".into(),
        };
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(serde_json::from_str::<Request>(&json).unwrap(), request);
    }

    #[test]
    fn an_amount_beyond_one_is_refused_in_json_too() {
        assert!(serde_json::from_str::<Amount>("1.5").is_err());
        assert!(Amount::new(f64::NAN).is_err());
    }
}
