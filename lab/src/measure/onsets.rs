//! How near to the sixteenths the kicks of four-on-the-floor prompts are.
//!
//! First what the measure itself strays by: kicks that are known to lie on sixteenths, as they are, and after each step that a take
//! goes through (features and phases; the codec as well). What is left for whole takes is what the weights play.

pub mod kicks;

use super::maker::{Ask, Maker};
use super::prompts::FOUR_ON_THE_FLOOR;
use super::report::{Report, Table, mean, quantile, share};
use super::workbench::Workbench;
use anyhow::Result;
use inlay_audio::onsets::{Listen, onsets};
use inlay_dsp::analyse;
use inlay_music::{Bars, Bpm, SampleRate, Task, loop_length};

/// Beats a minute.
pub const TEMPOS: [f64; 4] = [70.0, 92.5, 120.0, 174.0];
/// How far from a sixteenth an onset may be, in milliseconds.
pub const NEAR: f64 = 10.0;
/// How many have to be that near.
pub const LEAST: f64 = 0.95;
/// Edges of the histogram, in milliseconds.
const EDGES: [f64; 9] = [-20.0, -10.0, -5.0, -2.0, 2.0, 5.0, 10.0, 20.0, f64::INFINITY];

/// The onsets of a loop below 150 Hz, each in milliseconds after (or before, negative) the sixteenth that is nearest.
pub fn deviations(mono: &[f32], bpm: f64) -> Vec<f64> {
    let sixteenth = 15_000.0 / bpm;
    let found = onsets(mono, SampleRate::CD, Listen { below: Some(150.0), round: true });
    found.iter().map(|o| 1000.0 * o.time / sixteenth).map(|at| (at - at.round()) * sixteenth).collect()
}

/// Which part of the beats has an onset within 30 ms.
fn beats_hit(mono: &[f32], bpm: f64, beats: usize) -> f64 {
    let found = onsets(mono, SampleRate::CD, Listen { below: Some(150.0), round: true });
    let beat = 60.0 / bpm;
    let length = beat * beats as f64;
    let hit = |k: usize| found.iter().any(|o| ((o.time - k as f64 * beat + length / 2.0).rem_euclid(length) - length / 2.0).abs() < 0.03);
    (0..beats).filter(|k| hit(*k)).count() as f64 / beats as f64
}

/// Measures known kicks, then takes of eight seeds (or two).
///
/// # Errors
/// What could not be made.
pub fn measure(maker: &Maker, quick: bool, report: &mut Report) -> Result<()> {
    known(report)?;
    let mut names = vec!["prompt", "bpm", "onsets", "within 10 ms", "within 5 ms", "median", "90 % of |x|", "beats with a kick"];
    let edges: Vec<String> = EDGES.iter().map(|e| format!("<{e}")).collect();
    names.extend(edges.iter().map(String::as_str));
    let mut table = Table::new("Onsets below 150 Hz: milliseconds from the nearest sixteenth", &names);
    let mut by_tempo: Vec<Vec<f64>> = vec![vec![]; TEMPOS.len()];
    for prompt in FOUR_ON_THE_FLOOR {
        for (bpm, all) in TEMPOS.into_iter().zip(&mut by_tempo) {
            let (mut found, mut hit) = (vec![], vec![]);
            for seed in 1..=if quick { 2 } else { 8 } {
                let take = maker.generate(&Ask { seed, ..Ask::new(prompt, bpm) })?;
                found.extend(deviations(&take.sound.channels[0], bpm));
                hit.push(beats_hit(&take.sound.channels[0], bpm, 8));
            }
            row(&mut table, prompt, bpm, &found, mean(&hit));
            all.extend(found);
        }
    }
    for (bpm, all) in TEMPOS.into_iter().zip(&by_tempo) {
        row(&mut table, "all", bpm, all, f64::NAN);
        report.at_least(format!("onsets within 10 ms of a sixteenth at {bpm} BPM"), share(all, |v| v.abs() <= NEAR), LEAST);
    }
    report.tables.push(table);
    Ok(())
}

fn row(table: &mut Table, name: &str, bpm: f64, found: &[f64], hit: f64) {
    let sizes: Vec<f64> = found.iter().map(|v| v.abs()).collect();
    let near = |most: f64| share(&sizes, |v| v <= most);
    let mut figures = vec![near(NEAR), near(5.0), quantile(found, 0.5), quantile(&sizes, 0.9), hit];
    let below = |edge: f64| share(found, |v| v < edge);
    figures.extend(EDGES.iter().enumerate().map(|(i, e)| below(*e) - if i > 0 { below(EDGES[i - 1]) } else { 0.0 }));
    table.row(&[name, &bpm.to_string(), &found.len().to_string()], &figures);
}

/// Kicks on known sixteenths through detector, phases and codec.
fn known(report: &mut Report) -> Result<()> {
    let bench = Workbench::new()?;
    let mut table = Table::new(
        "Known kicks on beats: milliseconds from where they are",
        &["kick", "bpm", "step", "onsets of 8", "median", "worst", "within 10 ms"],
    );
    for kick in kicks::ALL {
        for bpm in TEMPOS {
            let request = Ask::new(kick.name, bpm).request(Task::Generate)?;
            let samples = loop_length(Bpm::new(bpm)?, Bars::new(2)?.beats(), SampleRate::CD).get();
            let input = kicks::on_beats(&kick, bpm, samples);
            let features = analyse(&input, 8);
            let coded = bench.decode(&bench.encode(&features)?)?;
            let phases = Workbench::sound(&features, samples, &request)?;
            let codec = Workbench::sound(&coded, samples, &request)?;
            for (step, audio) in [("detector", input), ("phases", phases), ("codec, phases", codec)] {
                let found = deviations(&audio, bpm);
                let worst = found.iter().map(|v| v.abs()).fold(0.0, f64::max);
                let near = share(&found, |v| v.abs() <= NEAR);
                let count = found.len().to_string();
                table.row(&[kick.name, &bpm.to_string(), step, &count], &[quantile(&found, 0.5), worst, near]);
                if step == "detector" {
                    report.at_most(format!("the detector's own error on a {} at {bpm} BPM, ms", kick.name), worst, NEAR);
                }
            }
        }
    }
    report.tables.push(table);
    Ok(())
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn kicks_on_beats_are_on_sixteenths_and_late_ones_are_late() {
        let input = kicks::on_beats(&kicks::ALL[0], 120.0, 4 * 44_100);
        let on = deviations(&input, 120.0);
        assert_eq!(on.len(), 8);
        assert!(on.iter().all(|v| v.abs() < NEAR), "{on:?}");
        let mut late = input;
        late.rotate_right(1764);
        let shift = quantile(&deviations(&late, 120.0), 0.5) - quantile(&on, 0.5);
        assert!((shift - 40.0).abs() < 3.0, "{shift}");
    }
}
