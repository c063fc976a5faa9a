//! How fast the bundled CLAP is where a host waits for it: instances, projects, blocks, and whether blocks are missed while takes are made.

use crate::bundle::Bundled;
use anyhow::{Context as _, ensure};
use cpu_time::ThreadTime;
use inlay_host::{Dice, Library, Rig};
use std::path::Path;
use std::time::{Duration, Instant};

const INLAY: &str = "org.inlay.inlay";
const RATE: f64 = 48_000.0;
/// The host's blocks where each is timed.
const SMALL: usize = 64;
/// Those of a host that keeps real time.
const BLOCK: usize = 480;
const SLOTS: usize = 8;
/// Who waits longer for a take has no use for it.
const PATIENCE: Duration = Duration::from_secs(120);

/// Flags of the chore.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Seconds in real time, without and with takes being made
    #[arg(long, default_value_t = 15)]
    seconds: u64,
    #[command(flatten)]
    bundled: Bundled,
}

/// Measures and prints.
///
/// # Errors
/// Where the plugin can't be hosted, or makes no takes.
pub fn run(args: &Args) -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has no folder")?;
    let clap = args.bundled.clap(root);
    let library = Library::open(&clap).with_context(|| format!("{}: run cargo xtask bundle first", clap.display()))?;
    instances(&library)?;
    let mut rig = filled(&library)?;
    let project = saving(&mut rig)?;
    restoring(&library, &project)?;
    blocks(&mut rig)?;
    real_time(&mut rig, Duration::from_secs(args.seconds))
}

fn timed<T>(work: impl FnOnce() -> T) -> (f64, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed().as_secs_f64() * 1e3, done)
}

/// Least, median and most, in ms.
fn spread(mut times: Vec<f64>) -> String {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(((times.len() - 1) as f64 * share) as usize).copied().unwrap_or_default();
    format!("{:.1} ms at least, {:.1} in the middle, {:.1} at most", at(0.0), at(0.5), at(1.0))
}

fn instances(library: &Library) -> anyhow::Result<()> {
    let (first, rig) = timed(|| Rig::new(library, INLAY));
    drop(rig?);
    let others = (0..20).map(|_| timed(|| Rig::new(library, INLAY)));
    let others = others.map(|(ms, rig)| rig.map(|_| ms)).collect::<Result<Vec<_>, _>>()?;
    println!("An instance            {first:.1} ms for the first; others {}", spread(others));
    Ok(())
}

/// An instance with a take of four bars in each slot, made through its parameters.
fn filled(library: &Library) -> anyhow::Result<Rig> {
    let mut rig = Rig::new(library, INLAY)?;
    rig.edit(|own| (own["prompt"], own["ahead"]) = ("dusty boom bap drums".into(), false.into()))?;
    for (name, value) in [("Bars", 2.0), ("Steps", 4.0)] {
        rig.set(name, value, 0)?;
    }
    rig.activate(RATE, BLOCK as u32)?;
    rig.play(4 * BLOCK, BLOCK)?;
    for slot in 0..SLOTS {
        rig.set("Slot", slot as f64, 0)?;
        rig.set("Generate", 1.0, 0)?;
        rig.song.playing = false;
        rig.play(BLOCK, BLOCK)?;
        rig.set("Generate", 0.0, 0)?;
        rig.play(BLOCK, BLOCK)?;
        let start = Instant::now();
        while takes(&mut rig)? <= slot {
            ensure!(start.elapsed() < PATIENCE, "no take came within {} s", PATIENCE.as_secs());
            std::thread::sleep(Duration::from_millis(20));
            rig.play(BLOCK, BLOCK)?;
        }
    }
    rig.song.playing = true;
    rig.play(BLOCK, BLOCK)?;
    Ok(rig)
}

fn takes(rig: &mut Rig) -> anyhow::Result<usize> {
    Ok(rig.kept()?["takes"].as_array().map_or(0, Vec::len))
}

fn saving(rig: &mut Rig) -> anyhow::Result<Vec<u8>> {
    let saves = (0..10).map(|_| timed(|| rig.save())).map(|(ms, saved)| saved.map(|saved| (ms, saved)));
    let (times, mut saved): (Vec<f64>, Vec<_>) = saves.collect::<Result<Vec<_>, _>>()?.into_iter().unzip();
    let project = saved.pop().context("nothing was saved")?;
    println!("Saving 8 takes         {} ({:.1} MB)", spread(times), project.len() as f64 / 1e6);
    Ok(project)
}

fn restoring(library: &Library, project: &[u8]) -> anyhow::Result<()> {
    let once = || -> anyhow::Result<f64> {
        let mut rig = Rig::new(library, INLAY)?;
        let (ms, done) = timed(|| rig.load(project).and_then(|()| rig.activate(RATE, SMALL as u32)));
        done?;
        Ok(ms)
    };
    let times = (0..10).map(|_| once()).collect::<Result<Vec<_>, _>>()?;
    println!("Restoring 8 takes      {}", spread(times));
    Ok(())
}

/// The CPU time of a block with a note now and then, against that of a silent one.
fn blocks(rig: &mut Rig) -> anyhow::Result<()> {
    let block = SMALL as f64 / RATE * 1e6;
    for (name, loud) in [("Blocks, host stopped  ", false), ("Blocks, 8 slots, notes", true)] {
        rig.song.playing = loud;
        let mut dice = Dice::new(7);
        let mut times = Vec::with_capacity(50_000);
        for _ in 0..50_000 {
            if loud && dice.below(50) == 0 {
                rig.note_on(36 + dice.below(SLOTS as u64) as u8, 0.8, dice.below(SMALL as u64) as u32);
            }
            let before = ThreadTime::now();
            rig.block(SMALL)?;
            times.push(before.elapsed().as_secs_f64() * 1e6);
        }
        times.sort_by(f64::total_cmp);
        let (middle, late) = (times[times.len() / 2], times[times.len() * 999 / 1000]);
        println!("{name} {middle:.1} µs in the middle, {late:.1} at the 99.9th percentile: {:.2} % of a block", late / block * 100.0);
    }
    Ok(())
}

/// Blocks that came too late, without and with takes being made all the time.
fn real_time(rig: &mut Rig, time: Duration) -> anyhow::Result<()> {
    rig.song.playing = true;
    let period = Duration::from_secs_f64(BLOCK as f64 / RATE);
    for making in [false, true] {
        let (mut late, mut count, before) = (0, 0_u64, takes(rig)?);
        let start = Instant::now();
        let mut due = start;
        while start.elapsed() < time {
            std::thread::sleep(due.saturating_duration_since(Instant::now()));
            if making && count.is_multiple_of(20) {
                rig.set("Generate", f64::from(u8::from(count.is_multiple_of(40))), 0)?;
            }
            rig.block(BLOCK)?;
            due += period;
            count += 1;
            if Instant::now() > due {
                late += 1;
                due = Instant::now();
            }
        }
        let made = takes(rig)? - before;
        println!("Blocks in real time    {late} of {count} missed while {made} takes were made");
    }
    Ok(())
}
