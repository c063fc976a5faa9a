//! The commands and what each takes.

use super::flags::{Count, Harmony, Model, Music, Quality, Run, Sound};
use super::value::{self, RegionWords};
use crate::trouble::{Outcome, Trouble};
use clap::Args;
use inlay_music::{Amount, Bars, Bpm, Prompt};
use std::path::PathBuf;

/// Words after a command: a prompt, with or without quotes.
#[derive(Debug, Clone, Default, Args)]
pub struct Words {
    /// What it should sound like; quotes aren't needed
    #[arg(value_name = "PROMPT")]
    pub words: Vec<String>,
}

impl Words {
    /// The prompt, if there are words.
    ///
    /// # Errors
    /// [`Trouble::Usage`] where they are empty or too long.
    pub fn prompt(&self) -> Outcome<Option<Prompt>> {
        if self.words.is_empty() {
            return Ok(None);
        }
        value::prompt(&self.words.join(" ")).map(Some).map_err(Trouble::Usage)
    }
}

/// `inlay generate`.
#[derive(Debug, Clone, Default, Args)]
pub struct Generate {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub prompt: Words,
    /// File of prompts, one a line, each with flags of its own after " --"; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    pub batch: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub music: Music,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub quality: Quality,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub model: Model,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub sound: Sound,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub count: Count,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: Run,
}

/// `inlay inpaint`.
#[derive(Debug, Clone, Args)]
pub struct Inpaint {
    /// The loop: a file that inlay wrote, or any other audio file
    pub file: PathBuf,
    /// What the new part should sound like [default: the loop's own prompt]
    #[command(flatten)]
    pub prompt: Words,
    /// What is made anew: 3 (bar 3), 3-4 (bars 3 to 4), 3.2-3.4 (bar 3, beat 2 up to beat 4), 4-1 (across the seam); repeatable
    #[arg(long, value_name = "REGION", value_parser = value::region, required = true, allow_negative_numbers = true)]
    pub region: Vec<RegionWords>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub length: Length,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub harmony: Harmony,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub quality: Quality,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub model: Model,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub sound: Sound,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub count: Count,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: Run,
}

/// `inlay vary`.
#[derive(Debug, Clone, Args)]
pub struct Vary {
    /// The loop: a file that inlay wrote, or any other audio file
    pub file: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub prompt: Words,
    /// How far to go: 0 is the loop itself, 1 all new
    #[arg(long, value_name = "0..1", value_parser = value::amount, default_value = "0.5", allow_negative_numbers = true)]
    pub amount: Amount,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub length: Length,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub harmony: Harmony,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub quality: Quality,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub model: Model,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub sound: Sound,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub count: Count,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: Run,
}

/// `inlay transform`.
#[derive(Debug, Clone, Args)]
pub struct Transform {
    /// The audio file: WAV, AIFF, FLAC, MP3 or Ogg Vorbis, any rate, one channel or more
    pub file: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub prompt: Words,
    /// How far to go: 0 is the file itself, 1 only its length and tempo
    #[arg(long, value_name = "0..1", value_parser = value::amount, default_value = "0.6", allow_negative_numbers = true)]
    pub amount: Amount,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub length: Length,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub harmony: Harmony,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub quality: Quality,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub model: Model,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub sound: Sound,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub count: Count,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: Run,
}

/// `inlay retime`.
#[derive(Debug, Clone, Args)]
pub struct Retime {
    /// The loop: a file that inlay wrote, or any other audio file
    pub file: PathBuf,
    /// The new tempo, 40 to 240
    #[arg(long, value_name = "TEMPO", value_parser = value::bpm, allow_negative_numbers = true)]
    pub bpm: Bpm,
    /// The file's own tempo, where it doesn't say it [default: detected]
    #[arg(long, value_name = "TEMPO", value_parser = value::bpm, allow_negative_numbers = true)]
    pub from_bpm: Option<Bpm>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub sound: Sound,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub run: Run,
}

/// `inlay info`.
#[derive(Debug, Clone, Args)]
pub struct Info {
    /// Files to look into
    pub files: Vec<PathBuf>,
    /// One line of JSON for each file
    #[arg(long)]
    pub json: bool,
    /// Draw the file into a PNG picture
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Play the file round and round until Enter is pressed (needs a build with the feature `play`)
    #[arg(long)]
    pub play: bool,
    /// Replace a picture that is already there
    #[arg(long)]
    pub force: bool,
}

/// `inlay models`.
#[derive(Debug, Clone, Args)]
pub struct Models {
    /// One line of JSON for each model
    #[arg(long)]
    pub json: bool,
}

/// `inlay bench`.
#[derive(Debug, Clone, Args)]
pub struct Bench {
    #[command(flatten)]
    #[allow(missing_docs)]
    pub prompt: Words,
    /// Warm runs; the median of each stage is shown
    #[arg(long, value_name = "N", value_parser = value::runs, default_value = "5", allow_negative_numbers = true)]
    pub runs: u32,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub music: Music,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub quality: Quality,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub model: Model,
    /// Threads that compute [default: all cores]
    #[arg(long, value_name = "N", value_parser = value::threads, allow_negative_numbers = true)]
    pub threads: Option<u32>,
    /// Folder with other weights of the same model, laid out like assets/model [default: those inside the program]
    #[arg(long, value_name = "FOLDER")]
    pub weights: Option<PathBuf>,
    /// Measure a model of that size with random numbers for weights; its files aren't needed
    #[arg(long, requires = "model")]
    pub random: bool,
    /// One line of JSON instead of the table
    #[arg(long)]
    pub json: bool,
}

/// Tempo and length of a file that doesn't say them.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Music")]
pub struct Length {
    /// The file's tempo, where it doesn't say it [default: detected]
    #[arg(long, value_name = "TEMPO", value_parser = value::bpm, allow_negative_numbers = true)]
    pub bpm: Option<Bpm>,
    /// Bars to take from its downbeat [default: the most that fit of 1, 2, 4, 8, 16]
    #[arg(long, value_name = "N", value_parser = value::bars, allow_negative_numbers = true)]
    pub bars: Option<Bars>,
}
