//! Measures a model.
//!
//! - `speed FOLDER SECONDS STEPS HEADROOM` tells how long loading and one run take.
//! - `speed --json FOLDER PROMPT SECONDS STEPS HEADROOM RUNS [OUT]` tells it of warm runs, as one line of JSON, and writes the noise, the
//!   latents and the sound of a run into a safetensors file: for `cargo xtask bench-stable`.
//! - `speed --random FOLDER CONFIG TEXT_CONFIG TOKENIZER` writes a folder with random weights.

mod clock;
mod runs;

use candle_core::Device;
use clock::Clock;
use inlay_stable::{Folder, Request, StableAudio3, write_random};
use std::{error::Error, fs, ops::ControlFlow, path::Path, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--random", folder, config, text, tokenizer] => {
            Ok(write_random(Path::new(folder), &fs::read(config)?, &fs::read(text)?, &fs::read(tokenizer)?)?)
        }
        ["--json", folder, prompt, seconds, steps, headroom, runs, out @ ..] => {
            let request = Request { steps: steps.parse()?, headroom: headroom.parse()?, ..Request::new(prompt, seconds.parse()?, 1) };
            runs::measure(Path::new(folder), &request, runs.parse()?, out.first().map(Path::new))
        }
        [folder, seconds, steps, headroom] => measure(Path::new(folder), seconds.parse()?, steps.parse()?, headroom.parse()?),
        _ => Err("speed FOLDER SECONDS STEPS HEADROOM, speed --json FOLDER PROMPT SECONDS STEPS HEADROOM RUNS [OUT], or \
                  speed --random FOLDER CONFIG TEXT_CONFIG TOKENIZER"
            .into()),
    }
}

fn measure(folder: &Path, seconds: f64, steps: usize, headroom: f64) -> Result<(), Box<dyn Error>> {
    let begin = Instant::now();
    let mut last = Clock::now();
    let mut tell = |what: &str| {
        let now = Clock::now();
        let took = now - last;
        println!("{what}: {:.2} s, {:.2} s of processor time, {} MB at most", took.wall, took.cpu, clock::peak());
        last = now;
    };
    let folder = Folder::read(folder, None)?;
    tell("folder");
    let model = StableAudio3::load(&folder, &Device::Cpu, &[], &inlay_stable::Loading::unwatched())?;
    tell("load");
    let request = Request { steps, headroom, ..Request::new("dusty boom bap drums, warm rhodes, 92 BPM", seconds, 1) };
    let mut first = None;
    let made = model.sample(&request, &mut |_| {
        first.get_or_insert_with(|| begin.elapsed());
        ControlFlow::Continue(())
    })?;
    tell(&format!("{steps} steps of {} latents", made.latents.frames()));
    model.sound(&made, &mut |_, _| ControlFlow::Continue(()))?;
    tell("decode");
    println!("from the start to the first step: {:.2} s", first.unwrap_or_default().as_secs_f64());
    Ok(())
}
