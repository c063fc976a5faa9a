//! `inlay bench`.

mod random;
mod table;

use crate::args::commands::Bench;
use crate::args::flags::{Count, Model, Sound};
use crate::batch::Entry;
use crate::maker::Chosen;
use crate::platform::memory::Meter;
use crate::studio::Studio;
use crate::trouble::{Outcome, Trouble};
use crate::{request, said};
use inlay_engine::{Order, Source};
use inlay_music::{Prompt, Seed};
use std::time::Instant;
use table::{Report, Run};

/// What is made where nobody says what.
const PROMPT: &str = "house drum loop with punchy kick";

/// Measures one cold run (which unpacks the model) and some warm ones of the same request.
///
/// # Errors
/// Wrong use, or what failed.
pub fn run(args: &Bench) -> Outcome {
    let mut music = args.music.clone();
    music.harmony.seed.get_or_insert(Seed(1));
    let prompt = match args.prompt.prompt()? {
        Some(prompt) => prompt,
        None => Prompt::new(PROMPT).map_err(Trouble::usage)?,
    };
    let entry = Entry { line: 1, prompt, music, quality: args.quality.clone(), sound: Sound::default(), count: Count::default() };
    let random = args.random.then(|| random::folder(args.model.model.as_deref())).transpose()?;
    let chosen = match &random {
        Some(folder) => Chosen::of(&Model { model: Some(folder.path().to_owned()), ..args.model.clone() })?,
        None => Chosen::of(&args.model)?,
    };
    let request = request::generate(&entry, &chosen)?;
    let order = Order { request: request.clone(), source: Source::Nothing, variations: 1, maker: chosen.maker };
    let meter = Meter::start();
    let mut begun = Instant::now();
    let studio = Studio::open(args.threads, args.weights.as_deref())?;
    let mut runs = Vec::new();
    for _ in 0..=args.runs {
        let job = studio.ask(order.clone())?;
        let done = studio.watch(&job, |progress| meter.enter(progress.stage))?;
        runs.push(Run::new(&done.timing, begun.elapsed().as_secs_f64()));
        begun = Instant::now();
    }
    let cold = runs.remove(0);
    let threads = args.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get() as u32));
    let report = Report::new(&request, threads, cold, runs, &meter);
    if args.json {
        return said::json(&report);
    }
    said::print(report.table().as_bytes())
}
