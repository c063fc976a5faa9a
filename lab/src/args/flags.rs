//! Flags that several commands share.

use super::value::{self, LoraWords, SamplerWord};
use clap::{Args, ValueEnum};
use inlay_audio::stereo::Width;
use inlay_engine::DeviceChoice;
use inlay_music::{Bars, Bpm, ChordChart, Feel, Key, Prompt, SampleRate, Seed};
use std::path::PathBuf;

/// What the music should be.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Music")]
pub struct Music {
    /// Length: 1, 2, 4, 8 or 16 bars of 4/4 [default: 4]
    #[arg(long, value_name = "N", value_parser = value::bars, allow_negative_numbers = true)]
    pub bars: Option<Bars>,
    /// Tempo, 40 to 240 [default: the prompt's ("92 bpm"), else 120]
    #[arg(long, value_name = "TEMPO", value_parser = value::bpm, allow_negative_numbers = true)]
    pub bpm: Option<Bpm>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub harmony: Harmony,
    /// How fast the beat feels against the tempo: half, normal or double
    #[arg(long, value_name = "FEEL")]
    pub feel: Option<Feel>,
}

/// What pitches the music has, and which take of it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Music")]
pub struct Harmony {
    /// Key: Am, "C# dorian", "Bb major"; without --chords, chords that go with it are chosen by the seed
    #[arg(long, value_name = "KEY")]
    pub key: Option<Key>,
    /// Chords, bars parted by |: "Am | F | C G | Em7b5/Bb"
    #[arg(long, value_name = "CHART")]
    pub chords: Option<ChordChart>,
    /// What it should not sound like
    #[arg(long, value_name = "WORDS", value_parser = value::prompt)]
    pub negative: Option<Prompt>,
    /// Same request, same seed, same loop [default: drawn and printed]
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub seed: Option<Seed>,
}

/// How it is made.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Quality")]
pub struct Quality {
    /// Steps from noise to music [default: 16; of a model from disk its own]
    #[arg(long, value_name = "N", value_parser = value::steps, conflicts_with = "draft", allow_negative_numbers = true)]
    pub steps: Option<u32>,
    /// Half the steps: nearly as good, in half the time
    #[arg(long)]
    pub draft: bool,
    /// How strictly the words are followed, 0 to 20; 1 is none [default: 3; of a model from disk its own]
    #[arg(long, value_name = "STRENGTH", value_parser = value::guidance, allow_negative_numbers = true)]
    pub guidance: Option<f64>,
    /// Sampler: dpm++2m, ddim, ddim:0.5, ddpm, euler or heun [default: dpm++2m; of a model from disk its own]
    #[arg(long, value_name = "NAME", value_parser = value::sampler)]
    pub sampler: Option<SamplerWord>,
}

/// What makes it.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Model")]
pub struct Model {
    /// A model from disk, by its folder or its name among `inlay models` [default: what made the loop, else the model inside the program: inlay]
    #[arg(long, value_name = "NAME")]
    pub model: Option<PathBuf>,
    /// A LoRA for it, and its strength where that isn't 1: warm.safetensors:0.7; repeatable
    #[arg(long, value_name = "FILE[:STRENGTH]", value_parser = value::lora, requires = "model")]
    pub lora: Vec<LoraWords>,
    /// The folder of its text encoder, where that isn't beside it
    #[arg(long, value_name = "FOLDER", requires = "model")]
    pub text_encoder: Option<PathBuf>,
    /// Let it make 6 s more and throw them away, as it was trained to; takes longer
    #[arg(long, requires = "model")]
    pub headroom: bool,
    /// What it runs on; where that can't be, on the processor [default: auto]
    #[arg(long, value_enum, value_name = "DEVICE")]
    pub device: Option<Device>,
}

/// What a model from disk runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Device {
    /// The graphics processor where there is a way to it, else the processor
    Auto,
    /// The processor
    Cpu,
    /// The graphics processor
    Gpu,
}

impl From<Device> for DeviceChoice {
    fn from(device: Device) -> Self {
        match device {
            Device::Auto => Self::Best,
            Device::Cpu => Self::Cpu,
            Device::Gpu => Self::Gpu,
        }
    }
}

/// What the sound of the file is.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "File")]
pub struct Sound {
    /// Sample rate: 44100, 48k, 96k … [default: 44100; of a file: its own]
    #[arg(long, value_name = "HERTZ", value_parser = value::rate, allow_negative_numbers = true)]
    pub rate: Option<SampleRate>,
    /// Stereo width in percent of the loop's own, 0 (mono) to 200 [default: 100]
    #[arg(long, value_name = "PERCENT", value_parser = value::width, allow_negative_numbers = true)]
    pub width: Option<Width>,
    /// Kind of file [default: by the ending of -o, else wav]
    #[arg(long, value_name = "KIND", value_enum)]
    pub format: Option<Format>,
    /// File to write; a folder gets a file named by prompt, tempo, key and seed [default: here]
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// Where it goes and what is said meanwhile.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Run")]
pub struct Run {
    /// Threads that compute; the result is the same with any number [default: all cores]
    #[arg(long, value_name = "N", value_parser = value::threads, allow_negative_numbers = true)]
    pub threads: Option<u32>,
    /// Folder with other weights of the same model, laid out like assets/model [default: those inside the program]
    #[arg(long, value_name = "FOLDER")]
    pub weights: Option<PathBuf>,
    /// One line of JSON for each file on standard output, and nothing else there
    #[arg(long)]
    pub json: bool,
    /// Also draw waveform and spectrogram into a PNG file; a folder gets one named like the loop
    #[arg(long, value_name = "FILE")]
    pub picture: Option<PathBuf>,
    /// Play the loop round and round until Enter is pressed (needs a build with the feature `play`)
    #[arg(long)]
    pub play: bool,
    /// Replace files that are already there
    #[arg(long)]
    pub force: bool,
}

/// How many takes of one request.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Run")]
pub struct Count {
    /// Takes of the same request; the files get _v1, _v2 … [default: 1]
    #[arg(long, value_name = "N", value_parser = value::variations, allow_negative_numbers = true)]
    pub variations: Option<u32>,
}

/// Kinds of files that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// 24 bit, with tempo and loop points that samplers and DAWs read.
    Wav,
    /// 24 bit, half the size.
    Flac,
}

impl Format {
    /// Ending of its files.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Wav => "wav",
            Self::Flac => "flac",
        }
    }
}
