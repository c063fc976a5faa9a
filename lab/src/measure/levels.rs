//! Levels of takes, and what their changes do: negative prompts, variations, inpainting, transforming, retiming.

mod changes;
mod features;
mod negative;

use super::maker::Maker;
use super::prompts::{LOOPS, asked};
use super::report::{Report, Table};
use super::workbench::Workbench;
use anyhow::Result;
use inlay_audio::loudness::{TARGET, heard, loudness};
use inlay_audio::stereo::side_of;
use inlay_engine::render;
use inlay_music::{SampleRate, Take};

/// How far from the target a take may be, in LU, unless its peak is at the ceiling.
const NEAR: f64 = 0.5;
/// The loudest sample in dBFS: -1, and what rounding to 24 bit may add.
const MOST: f64 = -0.9999;

/// Measures all loops, or six, and the changes.
///
/// # Errors
/// What could not be made.
pub fn measure(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    loops(maker, quick, report)?;
    let bench = Workbench::new()?;
    negative::measure(maker, quick, report)?;
    changes::vary(maker, &bench, quick, report)?;
    changes::inpaint(maker, quick, report)?;
    changes::transform(maker, quick, report)?;
    changes::retime(maker, quick, report)
}

fn loops(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let columns = ["prompt", "bars", "bpm", "LUFS", "peak dBFS", "peak at 48 kHz", "crest dB", "gain"];
    let mut table = Table::new("Levels of takes", &columns);
    let (mut off, mut loudest, mut broken) = (0.0f64, 0.0f64, 0.0);
    for i in (0..LOOPS.len()).step_by(if quick { 4 } else { 1 }) {
        let ask = asked(i);
        let take = maker.generate(&ask)?;
        let mono = &take.sound.channels[0];
        let (level, peak) = (loudness(mono, SampleRate::CD).unwrap_or(f64::NEG_INFINITY), peak(&take));
        let rms = (mono.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / mono.len() as f64).sqrt();
        let rendition = render(&take, SampleRate::new(48_000)?);
        let other = rendition.left.iter().chain(rendition.right.iter()).fold(0.0f32, |p, v| p.max(v.abs()));
        let figures = [level, decibels(peak), decibels(f64::from(other)), decibels(peak / rms), f64::from(take.about.gain)];
        table.row(&[ask.prompt, &ask.bars.to_string(), &ask.bpm.to_string()], &figures);
        let limited = decibels(peak) > -1.02;
        off = off.max(if limited && level < TARGET { 0.0 } else { (level - TARGET).abs() });
        loudest = loudest.max(peak);
        broken += f64::from(u8::from(mono.iter().any(|v| !v.is_finite()) || rms < 1e-3));
    }
    report.tables.push(table);
    report.at_most("farthest from -18 LUFS (takes with their peak at -1 dBFS may be softer), LU", off, NEAR);
    report.at_most("loudest sample that is heard, dBFS", decibels(loudest), MOST);
    report.at_most("takes that are silent or no numbers", broken, 0.0);
    Ok(())
}

/// The loudest sample of a take as it is heard.
fn peak(take: &Take) -> f64 {
    match take.sound.channels.as_slice() {
        [mid] => f64::from(heard(mid, &side_of(mid), take.about.width).fold(0.0, f32::max)),
        channels => f64::from(channels.iter().flat_map(|c| c.iter()).fold(0.0f32, |p, v| p.max(v.abs()))),
    }
}

fn decibels(ratio: f64) -> f64 {
    20.0 * ratio.max(1e-12).log10()
}
