//! The whole chain, as a producer would have it: hosts the bundled CLAP, asks it for a loop, and writes down what it plays.

use crate::bundle::Bundled;
use anyhow::{Context as _, ensure};
use inlay_audio::file::{Format, Note, Sheet, write};
use inlay_host::{Library, Rig, Song};
use inlay_music::{Beats, Bpm, SampleRate};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The instrument.
const INLAY: &str = "org.inlay.inlay";
/// The host's blocks.
const BLOCK: usize = 480;
/// Who waits longer for a loop has no use for it.
const PATIENCE: Duration = Duration::from_secs(180);

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What it shall play
    #[arg(default_value = "dusty boom bap drums")]
    prompt: String,
    /// The project's tempo
    #[arg(long, default_value_t = 92.0)]
    bpm: f64,
    /// Bars to write down
    #[arg(long, default_value_t = 8)]
    bars: u32,
    /// The project's sample rate
    #[arg(long, default_value_t = 48_000)]
    rate: u32,
    /// The seed of the loop
    #[arg(long, default_value_t = 7)]
    seed: u64,
    #[command(flatten)]
    bundled: Bundled,
    /// Where the WAV goes
    #[arg(short, long, default_value = "inlay.wav")]
    output: PathBuf,
    /// Replace a file that is already there
    #[arg(long)]
    force: bool,
}

/// Hosts, plays and writes.
///
/// # Errors
/// Where the plugin can't be hosted, no loop comes, or the file can't be written.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    let clap = args.bundled.clap(root);
    let library = Library::open(&clap).with_context(|| format!("{}: run cargo xtask bundle first", clap.display()))?;
    let mut rig = Rig::new(&library, INLAY)?;
    rig.edit(|own| {
        own["prompt"] = args.prompt.as_str().into();
        own["seed"] = args.seed.into();
        own["ahead"] = false.into();
    })?;
    rig.set("Seed lock", 1.0, 0)?;
    rig.activate(f64::from(args.rate), BLOCK as u32)?;
    rig.song = Song::at(args.bpm);
    let mut clock = Clock::start(args.rate);
    for _ in 0..10 {
        clock.block(&mut rig)?;
    }
    rig.set("Generate", 1.0, 0)?;
    let (trigger, from) = (Instant::now(), rig.song.beat);
    while !clock.block(&mut rig)? {
        ensure!(trigger.elapsed() < PATIENCE, "no loop came within {} s", PATIENCE.as_secs());
    }
    println!("First sound {:.2} s after the trigger, {:.1} beats on", trigger.elapsed().as_secs_f64(), rig.song.beat - from);
    rig.set("Generate", 0.0, 0)?;
    let sound = bars(&mut rig, args)?;
    save(&sound, args)?;
    println!("Wrote {}: {} bars at {} BPM of what Inlay.clap played", args.output.display(), args.bars, args.bpm);
    Ok(())
}

/// Whole bars from the next one on, faster than real time.
fn bars(rig: &mut Rig, args: &Args) -> anyhow::Result<Vec<[f32; 2]>> {
    let bar = 4.0;
    let ahead = (rig.song.beat / bar).ceil() * bar - rig.song.beat;
    rig.play_beats(ahead, BLOCK)?;
    Ok(rig.play_beats(f64::from(args.bars) * bar, BLOCK)?)
}

fn save(sound: &[[f32; 2]], args: &Args) -> anyhow::Result<()> {
    let channels = [0, 1].map(|side| sound.iter().map(|frame| frame[side]).collect::<Vec<f32>>());
    let (note, beats) = (Note::default(), Beats::new(f64::from(args.bars) * 4.0)?);
    let sheet = Sheet { bpm: Bpm::new(args.bpm)?, beats, root: None, key: "", title: &args.prompt, looped: true, note: &note };
    write(&args.output, Format::Wav24, SampleRate::new(args.rate)?, &channels, &sheet, args.force)?;
    Ok(())
}

/// Lets blocks come in real time.
struct Clock {
    due: Instant,
    block: Duration,
}

impl Clock {
    fn start(rate: u32) -> Self {
        Self { due: Instant::now(), block: Duration::from_secs_f64(BLOCK as f64 / f64::from(rate)) }
    }

    /// Plays the next block when it is due; says whether there was something to hear.
    fn block(&mut self, rig: &mut Rig) -> anyhow::Result<bool> {
        std::thread::sleep(self.due.saturating_duration_since(Instant::now()));
        self.due += self.block;
        rig.block(BLOCK)?;
        rig.idle();
        Ok(rig.output().iter().any(|channel| channel[..BLOCK].iter().any(|s| *s != 0.0)))
    }
}
