//! How near to the sixteenths the kicks of four-on-the-floor prompts are.
//!
//! First what the measure itself strays by: kicks that are known to lie on sixteenths, as they are, and after each step that a take
//! goes through: features and phases; the codec as well; features made at the nearest tempo that the model was taught, as slow
//! takes have them. What is left for whole takes is what the weights play.
//!
//! Two measures: onsets below 150 Hz alone, and the attacks of the hits that they belong to. A kick whose pitch falls from 300 Hz comes
//! below 150 Hz some 30 ms after it is struck, and its body may swell again: the first measure hears it late, or twice.
//!
//! At last, of what is heard off the grid: whether the weights made it there or the phases moved it.

pub mod hits;
pub mod kicks;
pub mod magnitudes;
pub mod split;

use super::maker::{Ask, Maker};
use super::prompts::FOUR_ON_THE_FLOOR;
use super::report::{Report, Table, mean, quantile, share};
use super::workbench::Workbench;
use anyhow::Result;
use inlay_dsp::analyse;
use inlay_music::{Bars, Bpm, SampleRate, Take, Task, loop_length};
use split::Split;
use std::sync::Arc;

/// Beats a minute.
pub const TEMPOS: [f64; 4] = [70.0, 92.5, 120.0, 174.0];
/// How far from a sixteenth an onset may be, in milliseconds.
pub const NEAR: f64 = 10.0;
/// How many have to be that near.
pub const LEAST: f64 = 0.95;
/// Tempos that the model was taught.
const TAUGHT: (f64, f64) = (85.0, 170.0);
/// Edges of the histogram, in milliseconds.
const EDGES: [f64; 9] = [-20.0, -10.0, -5.0, -2.0, 2.0, 5.0, 10.0, 20.0, f64::INFINITY];
/// Both measures.
const MEASURES: [Measure; 2] = [
    Measure { name: "onsets below 150 Hz", times: hits::low, below: 150.0 },
    Measure { name: "attacks of low hits", times: hits::attacks, below: 1000.0 },
];

/// A way to say when hits are.
#[derive(Debug, Clone, Copy)]
pub struct Measure {
    /// Its name.
    pub name: &'static str,
    /// Milliseconds of the hits of a loop at 44.1 kHz.
    pub times: fn(&[f32]) -> Vec<f64>,
    /// What it looks at, in Hz.
    pub below: f64,
}

/// Measures known kicks, then takes of eight seeds (or two).
///
/// # Errors
/// What could not be made.
pub fn measure(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    known(report)?;
    let mut takes: Vec<Asked> = vec![];
    for prompt in FOUR_ON_THE_FLOOR {
        for bpm in TEMPOS {
            for seed in 1..=if quick { 2 } else { 8 } {
                takes.push((prompt, bpm, maker.generate(&Ask { seed, ..Ask::new(prompt, bpm) })?));
            }
        }
    }
    for Measure { name, times, .. } in MEASURES {
        let mut columns = vec!["prompt", "bpm", "count", "within 10 ms", "within 5 ms", "median", "90 % of |x|", "beats with one"];
        let edges: Vec<String> = EDGES.iter().map(|e| format!("<{e}")).collect();
        columns.extend(edges.iter().map(String::as_str));
        let mut table = Table::new(format!("Takes, {name}: milliseconds from the nearest sixteenth"), &columns);
        for prompt in FOUR_ON_THE_FLOOR.into_iter().map(Some).chain([None]) {
            for bpm in TEMPOS {
                let (mut found, mut beats) = (vec![], vec![]);
                for (_, _, take) in takes.iter().filter(|t| t.1 == bpm && prompt.is_none_or(|p| p == t.0)) {
                    let times = times(&take.sound.channels[0]);
                    found.extend(hits::off_grid(&times, bpm));
                    beats.push(hits::beats_hit(&times, bpm, 8));
                }
                row(&mut table, prompt.unwrap_or("all"), bpm, &found, mean(&beats));
                if prompt.is_none() {
                    report.at_least(format!("{name} within 10 ms of a sixteenth at {bpm} BPM"), near(&found, NEAR), LEAST);
                }
            }
        }
        report.tables.push(table);
    }
    report.tables.push(before_and_after_phases(&takes)?);
    Ok(())
}

/// A take, its prompt and its tempo.
type Asked = (&'static str, f64, Arc<Take>);

fn before_and_after_phases(takes: &[Asked]) -> Result<Table> {
    let bench = Workbench::new()?;
    let mut table = Split::table();
    for measure in MEASURES {
        for bpm in TEMPOS {
            let mut split = Split::default();
            for (_, _, take) in takes.iter().filter(|t| t.1 == bpm) {
                split.add(&bench, take, &measure)?;
            }
            split.row(measure.name, bpm, &mut table);
        }
    }
    Ok(table)
}

/// Which part of the deviations is at most `most`.
fn near(found: &[f64], most: f64) -> f64 {
    share(found, |v| v.abs() <= most)
}

fn row(table: &mut Table, name: &str, bpm: f64, found: &[f64], beats: f64) {
    let sizes: Vec<f64> = found.iter().map(|v| v.abs()).collect();
    let mut figures = vec![near(found, NEAR), near(found, 5.0), quantile(found, 0.5), quantile(&sizes, 0.9), beats];
    let below = |edge: f64| share(found, |v| v < edge);
    figures.extend(EDGES.iter().enumerate().map(|(i, e)| below(*e) - if i > 0 { below(EDGES[i - 1]) } else { 0.0 }));
    table.row(&[name, &bpm.to_string(), &found.len().to_string()], &figures);
}

/// Kicks on known sixteenths through detector, phases and codec.
fn known(report: &mut Report) -> Result<()> {
    let bench = Workbench::new()?;
    let columns =
        ["kick", "bpm", "step", "onsets of 8", "median", "worst", "within 10 ms", "attacks of 8", "median", "worst", "within 10 ms"];
    let mut table = Table::new("Known kicks on beats: milliseconds from where they are (onsets below 150 Hz; attacks)", &columns);
    for kick in kicks::ALL {
        for bpm in TEMPOS {
            let request = Ask::new(kick.name, bpm).request(Task::Generate)?;
            let length = |bpm: f64| -> Result<usize> { Ok(loop_length(Bpm::new(bpm)?, Bars::new(2)?.beats(), SampleRate::CD).get()) };
            let (samples, taught) = (length(bpm)?, bpm.clamp(TAUGHT.0, TAUGHT.1));
            let input = kicks::on_beats(&kick, bpm, samples);
            let features = analyse(&input, 8);
            let coded = bench.decode(&bench.encode(&features)?)?;
            let elsewhere = analyse(&kicks::on_beats(&kick, taught, length(taught)?), 8);
            let mut steps = vec![
                ("detector".to_owned(), input),
                ("phases".into(), Workbench::sound(&features, samples, &request)?),
                ("codec, phases".into(), Workbench::sound(&coded, samples, &request)?),
            ];
            if taught != bpm {
                steps.push((format!("features of {taught} BPM, phases"), Workbench::sound(&elsewhere, samples, &request)?));
            }
            for (step, audio) in steps {
                let both = MEASURES.map(|measure| hits::off_grid(&(measure.times)(&audio), bpm));
                let [low, attacks] = both.map(|found| (summary(&found), found.len()));
                let mut cells = vec![kick.name.to_owned(), bpm.to_string(), step.clone()];
                for (figures, count) in [low, attacks] {
                    cells.push(count.to_string());
                    cells.extend(figures.map(|v| format!("{v:.1}")));
                }
                table.rows.push(cells);
                if step == "detector" && kick.sure {
                    report.at_most(format!("the measure's own error on a {} at {bpm} BPM, ms", kick.name), low.0[1].max(attacks.0[1]), 3.0);
                }
            }
        }
    }
    report.tables.push(table);
    Ok(())
}

/// Median, worst and how many within 10 ms.
fn summary(found: &[f64]) -> [f64; 3] {
    [quantile(found, 0.5), found.iter().map(|v| v.abs()).fold(0.0, f64::max), near(found, NEAR)]
}
