//! `inlay vary`.

use super::outlet::Outlet;
use crate::args::commands::Vary;
use crate::maker::Chosen;
use crate::studio::Studio;
use crate::trouble::Outcome;
use crate::{parent, play, request};
use inlay_engine::{Order, Source};
use inlay_music::Task;

/// Makes variations of a loop.
///
/// # Errors
/// Wrong use, or what failed.
pub fn run(args: &Vary) -> Outcome {
    if args.run.play {
        play::available()?;
    }
    let words = args.prompt.prompt()?;
    let start = parent::read(&args.file, &args.length, words.as_ref())?;
    let prompt = start.prompt(words.clone(), &args.file)?;
    let (chosen, missing) = Chosen::going_on(&args.model, start.take.as_deref())?;
    let chosen = chosen.for_amount(args.amount);
    let studio = Studio::open(args.run.threads, args.run.weights.as_deref())?;
    studio.warm(&chosen);
    let take = start.take(&studio, &prompt, &args.file)?;
    let request = request::going_on(&take, Task::Vary { amount: args.amount }, words.clone(), &args.harmony, (&args.quality, &chosen))?;
    let variations = args.count.variations.unwrap_or(1);
    let outlet = Outlet::new(&request, &args.sound, args.run.picture.as_deref(), variations, take.sound.rate)?;
    Outlet::check([&outlet], args.run.force)?;
    let mut said = start.said;
    said.extend(missing);
    said.extend(words.and_then(|_| request::other_tempo(&request)));
    let what = request.prompt.to_string();
    let done = studio.make(Order { request, source: Source::Take { take, heard: None }, variations, maker: chosen.maker }, &what)?;
    outlet.deliver(&args.run).bring(&done, &said)
}
