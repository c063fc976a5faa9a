//! Whether the place where a loop closes sounds like any other.
//!
//! A loop is decoded twice from the same latents: as they are, and rolled by half their length. The beginning of the loop lies at the
//! seam of the first and in the middle of the second: the same music, once across the end of the circle and once not. If
//! anything between latents and speakers knew of the end, the two would differ.

pub mod roughness;

use super::maker::Maker;
use super::prompts::{LOOPS, asked};
use super::report::{Report, Table, mean, quantile, share};
use super::workbench::Workbench;
use anyhow::Result;
use inlay_audio::file::round_24;
use inlay_engine::render;
use inlay_music::{Request, SampleRate, Sound, Take};
use roughness::Roughness;
use std::sync::Arc;

/// How much rougher a seam may be.
pub const MOST: f64 = 1.5;
/// How often each loop is given phases, from other random numbers each time. The largest second difference of a noisy sound is as random as its
/// phases (1.6 times as large is common where there is no seam at all); a seam would be there every time.
pub const DRAWS: u32 = 5;

/// One loop.
#[derive(Debug, Clone, Copy)]
pub struct Seam {
    /// Seam against middle in the model's sound, mean of all draws.
    pub seam: Roughness,
    /// The same for the draw that is the take itself.
    pub take: Roughness,
    /// A quarter and three quarters of the loop, which are no seam in either: how far the measure strays by itself. Mean of all draws.
    pub elsewhere: [Roughness; 2],
    /// Seam against middle in the rendition at 48 kHz, played twice, mean of all draws.
    pub rendered: Roughness,
    /// The seam of the same loop cut 10 ms too short, against the middle: what the measure says of a seam.
    pub broken: Roughness,
    /// Whether the sound of the workbench is the take's, sample by sample: then it is the engine that is measured.
    pub same: bool,
}

/// Some of the ratios of a loop.
type Places = fn(&Seam) -> Vec<Roughness>;

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
        let seam = seam(&bench, &*maker.generate(&ask)?, DRAWS)?;
        let Seam { seam: s, elsewhere: e, rendered: r, broken: b, .. } = seam;
        let e = e[0].rougher(e[1]);
        let figures = [s.flux, s.bend, r.flux, r.bend, e.flux, e.bend, b.flux, b.bend];
        table.row(&[ask.prompt, &ask.bars.to_string(), &ask.bpm.to_string()], &figures);
        all.push(seam);
    }
    report.tables.push(table);
    let mut table = Table::new("Seams: all loops", &["place", "mean", "median", "worst", "above 1.5"]);
    let parts: [(&str, bool, Places); 5] = [
        ("at the seam", true, |s| vec![s.seam]),
        ("at the seam at 48 kHz", true, |s| vec![s.rendered]),
        ("at the seam, takes alone", false, |s| vec![s.take]),
        ("elsewhere, where there is none", false, |s| s.elsewhere.to_vec()),
        ("at a broken seam", false, |s| vec![s.broken]),
    ];
    for (name, demanded, of) in parts {
        let ratios: Vec<Roughness> = all.iter().flat_map(of).collect();
        for (what, values) in
            [("flux", ratios.iter().map(|r| r.flux).collect()), ("bend", ratios.iter().map(|r| r.bend).collect::<Vec<_>>())]
        {
            let worst = quantile(&values, 1.0);
            let figures = [mean(&values), quantile(&values, 0.5), worst, share(&values, |v| v > MOST)];
            table.row(&[&format!("{what} {name}")], &figures);
            if demanded {
                report.at_most(format!("{what} {name}, worst loop"), worst, MOST);
            }
        }
    }
    report.tables.push(table);
    report.at_least(
        "loops measured that are the engine's own, bit for bit",
        share(&all.iter().map(|s| f64::from(u8::from(s.same))).collect::<Vec<_>>(), |v| v > 0.0),
        1.0,
    );
    Ok(())
}

/// Measures the seam of one generated take with `draws` (at least 1) sets of phases.
///
/// # Errors
/// What could not be decoded.
pub fn seam(bench: &Workbench, take: &Take, draws: u32) -> Result<Seam> {
    let latents = Workbench::latents(take)?;
    let (plain, rolled) = (bench.decode(&latents)?, bench.decode(&latents.rolled(latents.frames() / 2))?);
    let samples = take.sound.frames().get();
    let quarter = |k: usize| k * samples / 4;
    let (mut at_seam, mut at_middle, mut rendered_seam, mut rendered_middle) = (vec![], vec![], vec![], vec![]);
    let (mut elsewhere, mut broken, mut same) = ([vec![], vec![], vec![], vec![]], vec![], false);
    for draw in 0..draws.max(1) {
        let request = Request { variation: take.about.request.variation + draw, ..take.about.request.clone() };
        let sound = |features| -> Result<Take> {
            let made = Workbench::sound(features, samples, &request)?;
            let mid: Arc<[f32]> = made.into_iter().map(|v| round_24(v * take.about.gain)).collect();
            Ok(Take { sound: Sound { rate: SampleRate::CD, channels: vec![mid] }, ..take.clone() })
        };
        let (plain, rolled) = (sound(&plain)?, sound(&rolled)?);
        same |= draw == 0 && plain.sound == take.sound;
        let (a, b) = (&plain.sound.channels[0], &rolled.sound.channels[0]);
        at_seam.push(Roughness::at(a, 0));
        at_middle.push(Roughness::at(b, samples / 2));
        broken.push(Roughness::at(&a[..samples - 441], 0));
        for (i, (audio, place)) in [(a, quarter(1)), (b, quarter(3)), (a, quarter(3)), (b, quarter(1))].into_iter().enumerate() {
            elsewhere[i].push(Roughness::at(audio, place));
        }
        rendered_seam.push(twice_at_48k(&plain, |frames| frames));
        rendered_middle.push(twice_at_48k(&rolled, |frames| frames / 2));
    }
    let over = |a: &[Roughness], b: &[Roughness]| Roughness::mean(a).over(Roughness::mean(b));
    Ok(Seam {
        seam: over(&at_seam, &at_middle),
        take: at_seam[0].over(at_middle[0]),
        elsewhere: [over(&elsewhere[0], &elsewhere[1]), over(&elsewhere[2], &elsewhere[3])],
        rendered: over(&rendered_seam, &rendered_middle),
        broken: over(&broken, &at_middle),
        same,
    })
}

/// The rougher of both channels of a rendition at 48 kHz, played twice, at a place by its frames.
fn twice_at_48k(take: &Take, place: impl Fn(usize) -> usize) -> Roughness {
    let rendition = render(take, SampleRate::new(48_000).unwrap_or(SampleRate::CD));
    let of = |channel: &[f32]| Roughness::at(&[channel, channel].concat(), place(channel.len()));
    of(&rendition.left).rougher(of(&rendition.right))
}
