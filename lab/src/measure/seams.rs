//! Whether the place where a loop closes sounds like any other.
//!
//! A loop is decoded twice from the same latents: as they are, and rolled by half their length. The beginning of the loop lies at the
//! seam of the first and in the middle of the second: the same music, once across the end of the circle and once not. If
//! anything between latents and speakers knew of the end, the two would differ.

pub mod roughness;

use super::maker::Maker;
use super::prompts::{LOOPS, asked};
use super::report::{Report, Table, mean, quantile};
use super::workbench::Workbench;
use anyhow::Result;
use inlay_audio::file::round_24;
use inlay_engine::render;
use inlay_music::{SampleRate, Sound, Take};
use roughness::Roughness;
use std::sync::Arc;

/// How much rougher a seam may be.
pub const MOST: f64 = 1.5;

/// One loop.
#[derive(Debug, Clone, Copy)]
pub struct Seam {
    /// Seam against middle in the model's sound.
    pub seam: Roughness,
    /// A quarter and three quarters of the loop, which are no seam in either: how far the measure strays by itself.
    pub elsewhere: [Roughness; 2],
    /// Seam against middle in the rendition at 48 kHz, played twice.
    pub rendered: Roughness,
    /// The seam of the same loop cut 10 ms too short, against the middle: what the measure says of a seam.
    pub broken: Roughness,
    /// Whether the sound of the workbench is the take's, sample by sample: then it is the engine that is measured.
    pub same: bool,
}

/// Measures all loops, or six.
///
/// # Errors
/// What could not be made.
pub fn measure(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    let bench = Workbench::new()?;
    let columns = ["prompt", "bars", "bpm", "flux", "bend", "flux 48k", "bend 48k", "flux ¼ ¾", "bend ¼ ¾", "broken flux", "broken bend"];
    let mut table = Table::new("Seams: at the seam relative to the same place in the middle", &columns);
    let mut all = vec![];
    for i in (0..LOOPS.len()).step_by(if quick { 4 } else { 1 }) {
        let ask = asked(i);
        let seam = seam(&bench, &*maker.generate(&ask)?)?;
        let Seam { seam: s, elsewhere: e, rendered: r, broken: b, .. } = seam;
        let worst = |of: fn(&Roughness) -> f64| e.iter().map(of).fold(0.0, f64::max);
        let figures = [s.flux, s.bend, r.flux, r.bend, worst(|r| r.flux), worst(|r| r.bend), b.flux, b.bend];
        table.row(&[ask.prompt, &ask.bars.to_string(), &ask.bpm.to_string()], &figures);
        all.push(seam);
    }
    report.tables.push(table);
    let of = |f: &dyn Fn(&Seam) -> f64| all.iter().map(f).collect::<Vec<f64>>();
    let worst = |f: &dyn Fn(&Seam) -> f64| quantile(&of(f), 1.0);
    let mut table = Table::new("Seams: all loops", &["measure", "mean", "median", "worst"]);
    for (name, values) in [
        ("flux at the seam", of(&|s| s.seam.flux)),
        ("bend at the seam", of(&|s| s.seam.bend)),
        ("flux elsewhere", all.iter().flat_map(|s| s.elsewhere).map(|r| r.flux).collect()),
        ("bend elsewhere", all.iter().flat_map(|s| s.elsewhere).map(|r| r.bend).collect()),
        ("flux of a broken seam", of(&|s| s.broken.flux)),
        ("bend of a broken seam", of(&|s| s.broken.bend)),
    ] {
        table.row(&[name], &[mean(&values), quantile(&values, 0.5), quantile(&values, 1.0)]);
    }
    report.tables.push(table);
    report.at_most("spectral flux at the seam, worst ratio", worst(&|s| s.seam.flux), MOST);
    report.at_most("second difference at the seam, worst ratio", worst(&|s| s.seam.bend), MOST);
    report.at_most("spectral flux at the seam at 48 kHz, worst ratio", worst(&|s| s.rendered.flux), MOST);
    report.at_most("second difference at the seam at 48 kHz, worst ratio", worst(&|s| s.rendered.bend), MOST);
    report.at_least("share of loops measured that are the engine's own, bit for bit", mean(&of(&|s| f64::from(u8::from(s.same)))), 1.0);
    Ok(())
}

/// Measures the seam of one generated take.
///
/// # Errors
/// What could not be decoded.
pub fn seam(bench: &Workbench, take: &Take) -> Result<Seam> {
    let latents = Workbench::latents(take)?;
    let rolled = latents.rolled(latents.frames() / 2);
    let samples = take.sound.frames().get();
    let sound = |latents| -> Result<Vec<f32>> {
        let made = Workbench::sound(&bench.decode(latents)?, samples, &take.about.request)?;
        Ok(made.into_iter().map(|v| round_24(v * take.about.gain)).collect())
    };
    let (plain, turned) = (sound(&latents)?, sound(&rolled)?);
    let turned_take = Take { sound: Sound { rate: SampleRate::CD, channels: vec![turned.clone().into()] }, ..take.clone() };
    let broken = &plain[..samples - 441];
    Ok(Seam {
        seam: Roughness::at(&plain, 0).over(Roughness::at(&turned, samples / 2)),
        elsewhere: [1, 3].map(|k| Roughness::at(&plain, k * samples / 4).over(Roughness::at(&turned, (k + 2) * samples / 4 % samples))),
        rendered: at_48k(take).over(at_48k_middle(&turned_take)),
        broken: Roughness::at(broken, 0).over(Roughness::at(&turned, samples / 2)),
        same: take.sound.channels.len() == 1 && take.sound.channels[0] == Arc::from(plain),
    })
}

/// The rougher of both channels where a rendition at 48 kHz begins again.
fn at_48k(take: &Take) -> Roughness {
    twice(take, |frames| frames)
}

fn at_48k_middle(take: &Take) -> Roughness {
    twice(take, |frames| frames / 2)
}

fn twice(take: &Take, place: impl Fn(usize) -> usize) -> Roughness {
    let rendition = render(take, SampleRate::new(48_000).unwrap_or(SampleRate::CD));
    let of = |channel: &[f32]| Roughness::at(&[channel, channel].concat(), place(channel.len()));
    of(&rendition.left).rougher(of(&rendition.right))
}
