//! The seed of everything random in a take.

use crate::pitch::quote;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A text that is no seed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} isn't a seed: write a whole number from 0 to 18446744073709551615", quote(.0))]
pub struct SeedError(pub String);

/// The key of the counter-based generator: the same request and seed give the same take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }
}

impl FromStr for Seed {
    type Err = SeedError;
    fn from_str(text: &str) -> Result<Self, SeedError> {
        text.trim().parse().map(Seed).map_err(|_| SeedError(text.trim().into()))
    }
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn reads_what_it_shows() {
        for seed in [Seed(0), Seed(7), Seed(u64::MAX)] {
            assert_eq!(seed.to_string().parse(), Ok(seed));
            assert_eq!(serde_json::from_str::<Seed>(&serde_json::to_string(&seed).unwrap()).unwrap(), seed);
        }
    }

    #[test]
    fn refuses_what_is_no_whole_number() {
        for text in ["", "-1", "1.5", "0x10", "18446744073709551616", "seed"] {
            assert!(text.parse::<Seed>().is_err(), "{text}");
        }
    }
}
