//! `inlay generate`.

use super::outlet::Outlet;
use crate::args::commands::Generate;
use crate::args::flags::Run;
use crate::batch::{self, Entry};
use crate::maker::Chosen;
use crate::studio::Studio;
use crate::trouble::{Outcome, Trouble};
use crate::{play, request, said};
use inlay_engine::{Job, Order, Source};
use inlay_music::SampleRate;

/// Makes one loop, or one for each line of a file of prompts. Everything that can be known to be wrong is said before any work starts.
///
/// # Errors
/// Wrong use, or what failed. A line that fails doesn't keep the others from being made.
pub fn run(args: &Generate) -> Outcome {
    if args.run.play {
        play::available()?;
    }
    let entries = match &args.batch {
        Some(file) => batch::read(file, args)?,
        None => vec![single(args)?],
    };
    let chosen = Chosen::of(&args.model)?;
    let place = |entry: &Entry| args.batch.as_deref().map(|file| format!("{}, line {}", said::path(file), entry.line));
    let placed = |entry: &Entry, trouble: Trouble| match place(entry) {
        Some(place) => trouble.at(place),
        None => trouble,
    };
    let asked: Vec<Asked> = entries.iter().map(|e| Asked::new(e, &chosen, &args.run).map_err(|t| placed(e, t))).collect::<Outcome<_>>()?;
    Outlet::check(asked.iter().map(|a| &a.outlet), args.run.force)?;
    let studio = Studio::open(args.run.threads, args.run.weights.as_deref())?;
    // All are queued before the first is waited for: what is wrong with the last line is said before the first is written.
    let jobs: Vec<Job> =
        entries.iter().zip(&asked).map(|(e, a)| studio.ask(a.order.clone()).map_err(|t| placed(e, t))).collect::<Outcome<_>>()?;
    let mut failed = None;
    for ((entry, asked), job) in entries.iter().zip(&asked).zip(jobs) {
        let made = studio.wait(&job, entry.prompt.as_str()).and_then(|done| asked.outlet.deliver(&args.run).bring(&done, &[]));
        match made.map_err(|trouble| placed(entry, trouble)) {
            Err(Trouble::Cancelled) => return Err(Trouble::Cancelled),
            Err(trouble) if args.batch.is_some() => {
                said::aside(&trouble);
                failed = Some(Trouble::Said);
            }
            made => made?,
        }
    }
    failed.map_or(Ok(()), Err)
}

/// An order and where its takes go.
struct Asked {
    order: Order,
    outlet: Outlet,
}

impl Asked {
    fn new(entry: &Entry, chosen: &Chosen, run: &Run) -> Outcome<Self> {
        let request = request::generate(entry, chosen)?;
        let variations = entry.count.variations.unwrap_or(1);
        let outlet = Outlet::new(&request, &entry.sound, run.picture.as_deref(), variations, SampleRate::CD)?;
        Ok(Self { order: Order { request, source: Source::Nothing, variations, maker: chosen.maker.clone() }, outlet })
    }
}

/// The command line's own prompt.
fn single(args: &Generate) -> Outcome<Entry> {
    let prompt = args.prompt.prompt()?.ok_or_else(|| {
        Trouble::usage(
            "there is no prompt: say what should sound, such as `inlay generate dusty drums`, or name a file of prompts with --batch",
        )
    })?;
    Ok(Entry {
        line: 1,
        prompt,
        music: args.music.clone(),
        quality: args.quality.clone(),
        sound: args.sound.clone(),
        count: args.count.clone(),
    })
}
