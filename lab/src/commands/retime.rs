//! `inlay retime`.

use super::outlet::Outlet;
use crate::args::commands::{Length, Retime};
use crate::maker::Chosen;
use crate::studio::Studio;
use crate::trouble::{Outcome, Trouble};
use crate::{parent, play};
use inlay_engine::{Order, Source};
use inlay_music::{Prompt, Request, Task};

/// Puts a loop to another tempo.
///
/// # Errors
/// Wrong use, or what failed.
pub fn run(args: &Retime) -> Outcome {
    if args.run.play {
        play::available()?;
    }
    let start = parent::read(&args.file, &Length { bpm: args.from_bpm, bars: None }, None)?;
    let own = start.take.as_ref().map(|take| take.about.request.prompt.clone());
    let prompt = match own.or_else(|| parent::named(&args.file)) {
        Some(prompt) => prompt,
        None => Prompt::new("audio from a file").map_err(Trouble::usage)?,
    };
    let studio = Studio::open(args.run.threads, args.run.weights.as_deref())?;
    studio.warm(&Chosen::own());
    let take = start.take(&studio, &prompt, &args.file)?;
    let request = Request { task: Task::Retime, bpm: args.bpm, ..take.about.request.clone() };
    let outlet = Outlet::new(&request, &args.sound, args.run.picture.as_deref(), 1, take.sound.rate)?;
    Outlet::check([&outlet], args.run.force)?;
    let what = request.prompt.to_string();
    let done =
        studio.make(Order { request, source: Source::Take { take, heard: None }, variations: 1, maker: Default::default() }, &what)?;
    outlet.deliver(&args.run).bring(&done, &start.said)
}
