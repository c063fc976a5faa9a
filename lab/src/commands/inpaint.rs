//! `inlay inpaint`.

use super::outlet::Outlet;
use crate::args::commands::Inpaint;
use crate::maker::Chosen;
use crate::studio::Studio;
use crate::trouble::Outcome;
use crate::{parent, play, request};
use inlay_engine::{Order, Source, render};
use inlay_music::{Region, SampleRate, Sound, Take, Task};
use std::sync::Arc;

/// Makes regions of a loop anew.
///
/// # Errors
/// Wrong use, or what failed.
pub fn run(args: &Inpaint) -> Outcome {
    if args.run.play {
        play::available()?;
    }
    let words = args.prompt.prompt()?;
    let start = parent::read(&args.file, &args.length, words.as_ref())?;
    let regions: Vec<Region> = args
        .region
        .iter()
        .map(|region| region.of(start.bars))
        .collect::<Result<_, _>>()
        .map_err(|error| crate::trouble::Trouble::usage(format!("--region: {error}")))?;
    let prompt = start.prompt(words.clone(), &args.file)?;
    let (chosen, missing) = Chosen::going_on(&args.model, start.take.as_deref())?;
    let studio = Studio::open(args.run.threads, args.run.weights.as_deref())?;
    studio.warm(&chosen);
    let take = start.take(&studio, &prompt, &args.file)?;
    let request = request::going_on(
        &take,
        Task::Inpaint { regions },
        Some(prompt).filter(|_| words.is_some()),
        &args.harmony,
        (&args.quality, &chosen),
    )?;
    let variations = args.count.variations.unwrap_or(1);
    let outlet = Outlet::new(&request, &args.sound, args.run.picture.as_deref(), variations, take.sound.rate)?;
    Outlet::check([&outlet], args.run.force)?;
    let mut said = start.said;
    said.extend(missing);
    said.extend(words.and_then(|_| request::other_tempo(&request)));
    let what = request.prompt.to_string();
    let heard = heard_at(&take, outlet.rate()).map(Arc::new);
    let order = Order { request, source: Source::Take { take, heard }, variations, maker: chosen.maker };
    let done = studio.make(order, &what)?;
    outlet.deliver(&args.run).bring(&done, &said)
}

/// The take at another rate than its own: that is then what stays outside of the regions.
fn heard_at(take: &Take, rate: SampleRate) -> Option<Sound> {
    if rate == take.sound.rate {
        return None;
    }
    let rendition = render(take, rate);
    let mono = take.sound.channels.len() == 1 && take.about.width == 0.0;
    let channels = if mono { vec![rendition.left] } else { vec![rendition.left, rendition.right] };
    Some(Sound { rate, channels })
}
