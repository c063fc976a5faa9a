//! What this program can do on this machine.

use crate::said;
use crate::trouble::Outcome;
use inlay_assets::{TEXT_WEIGHTS, UNET};
use inlay_diffusion::Sampler;
use inlay_engine::maker;
use inlay_music::{Bars, Bpm};
use serde::Serialize;

#[derive(Serialize)]
struct Program {
    version: &'static str,
    model: String,
    threads: usize,
    bars: Vec<u32>,
    bpm: [f64; 2],
    steps: u32,
    guidance: f64,
    samplers: Vec<String>,
    /// Whether `--play` works.
    play: bool,
}

/// What takes call the model inside this program.
pub(super) fn own_model() -> String {
    [UNET, TEXT_WEIGHTS].map(|asset| asset.sha256.get(..16).unwrap_or(asset.sha256)).join("-")
}

/// Prints it.
pub(super) fn tell(json: bool) -> Outcome {
    let program = Program {
        version: env!("CARGO_PKG_VERSION"),
        model: own_model(),
        threads: std::thread::available_parallelism().map_or(1, |n| n.get()),
        bars: Bars::ALL.iter().map(|bars| bars.get()).collect(),
        bpm: [Bpm::MIN, Bpm::MAX],
        steps: maker::STEPS,
        guidance: maker::GUIDANCE,
        samplers: Sampler::ALL.iter().map(ToString::to_string).collect(),
        play: cfg!(feature = "play"),
    };
    if json {
        return said::json(&program);
    }
    let Program { version, model, threads, samplers, play, .. } = &program;
    said::print(
        format!(
            "inlay {version}\n  model    {}, embedded; runs on the processor, {threads} threads\n  loops    1, 2, 4, 8 or 16 bars at {} to {} BPM\n  \
             samplers {}\n  reads    WAV, AIFF, FLAC, MP3, Ogg Vorbis\n  writes   WAV, FLAC\n  plays    {}\n",
            model.get(..12).unwrap_or(model),
            Bpm::MIN,
            Bpm::MAX,
            samplers.join(", "),
            if *play { "through the system's audio output" } else { "not: this build has no audio output (inlay generate --play says how to get one)" },
        )
        .as_bytes(),
    )
}
