//! Measures a model: `speed FOLDER SECONDS STEPS HEADROOM`, or `speed --random FOLDER CONFIG TEXT_CONFIG TOKENIZER`, which first writes
//! a folder with random weights.

use candle_core::Device;
use inlay_stable::{Folder, Request, StableAudio3, write_random};
use std::{error::Error, fs, ops::ControlFlow, path::Path, time::Instant};

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--random", folder, config, text, tokenizer] => {
            Ok(write_random(Path::new(folder), &fs::read(config)?, &fs::read(text)?, &fs::read(tokenizer)?)?)
        }
        [folder, seconds, steps, headroom] => measure(Path::new(folder), seconds.parse()?, steps.parse()?, headroom.parse()?),
        _ => Err("speed FOLDER SECONDS STEPS HEADROOM, or speed --random FOLDER CONFIG TEXT_CONFIG TOKENIZER".into()),
    }
}

fn measure(folder: &Path, seconds: f64, steps: usize, headroom: f64) -> Result<(), Box<dyn Error>> {
    let begin = Instant::now();
    let mut last = (begin, cpu());
    let mut tell = |what: &str| {
        let now = (Instant::now(), cpu());
        println!("{what}: {:.2} s, {:.2} s of processor time, {} MB at most", (now.0 - last.0).as_secs_f64(), now.1 - last.1, peak());
        last = now;
    };
    let folder = Folder::read(folder)?;
    tell("folder");
    let model = StableAudio3::load(&folder, &Device::Cpu, &[])?;
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

/// Seconds of processor time of this process so far, where the system says so in `/proc`.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let ticks = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    ticks.filter_map(|t| t.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Megabytes of memory at most so far.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}
