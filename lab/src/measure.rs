//! Measures what the engine really makes: seams, onsets, harmony and levels, each against its bar.

pub mod harmony;
pub mod levels;
pub mod maker;
pub mod onsets;
pub mod prompts;
pub mod report;
pub mod seams;
pub mod workbench;

use anyhow::Result;
use maker::Maker;
use report::Report;

/// What can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum What {
    /// Whether the place where a loop closes sounds like any other.
    Seams,
    /// How near to the sixteenths the kicks of four-on-the-floor prompts are.
    Onsets,
    /// How much of the energy lies in the chords and the key that were asked for.
    Harmony,
    /// Levels, and what negative prompts, variations, inpainting, transforming and retiming do.
    Levels,
    /// All of these.
    All,
}

/// Measures `what`; `quick` with fewer takes, for a first look.
///
/// # Errors
/// What the engine could not make.
pub fn measure(what: What, quick: bool) -> Result<Report> {
    let maker = Maker::start()?;
    let mut report = Report::default();
    if matches!(what, What::Seams | What::All) {
        seams::measure(&maker, quick, &mut report)?;
    }
    if matches!(what, What::Onsets | What::All) {
        onsets::measure(&maker, quick, &mut report)?;
    }
    if matches!(what, What::Harmony | What::All) {
        harmony::measure(&maker, quick, &mut report)?;
    }
    if matches!(what, What::Levels | What::All) {
        levels::measure(&maker, quick, &mut report)?;
    }
    Ok(report)
}
