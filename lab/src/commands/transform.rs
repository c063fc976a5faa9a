//! `inlay transform`.

use super::outlet::Outlet;
use crate::args::commands::Transform;
use crate::maker::Chosen;
use crate::studio::Studio;
use crate::trouble::Outcome;
use crate::{parent, play, request};
use inlay_engine::{Order, Source};
use inlay_music::Task;

/// Makes something else that follows a file.
///
/// # Errors
/// Wrong use, or what failed.
pub fn run(args: &Transform) -> Outcome {
    if args.run.play {
        play::available()?;
    }
    let words = args.prompt.prompt()?;
    let start = parent::sound(&args.file, &args.length, words.as_ref())?;
    let prompt = start.prompt(words, &args.file)?;
    let chosen = Chosen::of(&args.model)?.for_amount(args.amount);
    let task = Task::Transform { amount: args.amount };
    let request = request::fresh(task, prompt, (start.bars, start.bpm), &args.harmony, (&args.quality, &chosen))?;
    let variations = args.count.variations.unwrap_or(1);
    let outlet = Outlet::new(&request, &args.sound, args.run.picture.as_deref(), variations, start.sound.rate)?;
    Outlet::check([&outlet], args.run.force)?;
    let studio = Studio::open(args.run.threads, args.run.weights.as_deref())?;
    let what = request.prompt.to_string();
    let done = studio.make(Order { request, source: Source::Audio(start.sound), variations, maker: chosen.maker }, &what)?;
    outlet.deliver(&args.run).bring(&done, &start.said)
}
