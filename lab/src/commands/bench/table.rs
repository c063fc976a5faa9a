//! What was measured, as JSON and as a table.

use crate::deliver::name;
use crate::platform::memory::Meter;
use inlay_engine::Stage;
use inlay_music::Request;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Seconds of one run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(super) struct Run {
    loading: f64,
    text: f64,
    sampling: f64,
    decoding: f64,
    phases: f64,
    fitting: f64,
    closing: f64,
    /// From the order to the takes, by the clock.
    total: f64,
}

/// A row of the table: the stage and where its seconds are.
type Row = (&'static str, fn(&Run) -> f64);
const ROWS: [Row; 8] = [
    ("loading", |run| run.loading),
    ("text", |run| run.text),
    ("sampling", |run| run.sampling),
    ("decoding", |run| run.decoding),
    ("phases", |run| run.phases),
    ("fitting", |run| run.fitting),
    ("closing", |run| run.closing),
    ("total", |run| run.total),
];

impl Run {
    /// Of a job's stages.
    pub(super) fn new(timing: &[(Stage, f64)], total: f64) -> Self {
        let of = |stage: Stage| timing.iter().filter(|(s, _)| *s == stage).map(|(_, seconds)| seconds).sum();
        Self {
            loading: of(Stage::Loading),
            text: of(Stage::Text),
            sampling: of(Stage::Sampling),
            decoding: of(Stage::Decoding),
            phases: of(Stage::Phases),
            fitting: of(Stage::Fitting),
            closing: of(Stage::Closing),
            total,
        }
    }
}

/// All that was measured.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    program: String,
    prompt: String,
    bars: u32,
    bpm: f64,
    steps: u32,
    sampler: String,
    guidance: f64,
    threads: u32,
    /// The first run, which unpacks the model.
    cold: Run,
    /// The warm runs.
    runs: Vec<Run>,
    /// Of each stage the most memory that was seen, and the most of all, in MiB.
    memory: BTreeMap<String, f64>,
}

impl Report {
    /// Of a cold run and the warm ones after it.
    pub(super) fn new(request: &Request, threads: u32, cold: Run, runs: Vec<Run>, meter: &Meter) -> Self {
        let mut memory: BTreeMap<String, f64> = meter.stages().into_iter().map(|(stage, most)| (name(stage), mebibytes(most))).collect();
        memory.insert("peak".into(), mebibytes(meter.peak()));
        Self {
            program: format!("inlay {}", env!("CARGO_PKG_VERSION")),
            prompt: request.prompt.to_string(),
            bars: request.bars.get(),
            bpm: request.bpm.get(),
            steps: request.steps,
            sampler: request.sampler.clone(),
            guidance: request.guidance,
            threads,
            cold,
            runs,
            memory,
        }
    }

    /// For people.
    pub(super) fn table(&self) -> String {
        let Self { prompt, bars, bpm, steps, sampler, threads, runs, .. } = self;
        let mut text =
            format!("{prompt}: {bars} bars at {bpm} BPM, {steps} steps of {sampler}, {threads} threads, {} warm runs\n\n", runs.len());
        // Writing into a string can't fail.
        let _ = writeln!(text, "{:<10}{:>10}{:>10}{:>10}{:>10}{:>12}", "", "cold", "median", "fastest", "slowest", "memory");
        for (name, pick) in ROWS {
            let mut warm: Vec<f64> = runs.iter().map(pick).collect();
            // a model doesn't have all stages
            if pick(&self.cold) == 0.0 && warm.iter().all(|seconds| *seconds == 0.0) {
                continue;
            }
            warm.sort_by(f64::total_cmp);
            let (fastest, slowest) = (warm.first().copied().unwrap_or(0.0), warm.last().copied().unwrap_or(0.0));
            let memory = self.memory.get(if name == "total" { "peak" } else { name });
            let memory = memory.map(|m| format!("{m:>8.0} MiB")).unwrap_or_default();
            let cold = pick(&self.cold);
            let _ = writeln!(text, "{name:<10}{cold:>8.3} s{:>8.3} s{fastest:>8.3} s{slowest:>8.3} s{memory}", median(&warm));
        }
        text
    }
}

/// The middle of sorted values, or the mean of the two in the middle.
fn median(sorted: &[f64]) -> f64 {
    let half = sorted.len() / 2;
    match sorted.len() {
        0 => 0.0,
        n if n % 2 == 1 => sorted[half],
        _ => (sorted[half - 1] + sorted[half]) / 2.0,
    }
}

fn mebibytes(bytes: usize) -> f64 {
    (bytes as f64 / f64::from(1 << 20) * 10.0).round() / 10.0
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn stages_that_come_twice_add_up() {
        let run = Run::new(&[(Stage::Text, 0.01), (Stage::Phases, 0.2), (Stage::Decoding, 0.1), (Stage::Phases, 0.3)], 0.7);
        assert_eq!(run, Run { text: 0.01, phases: 0.5, decoding: 0.1, total: 0.7, ..Run::default() });
    }

    #[test]
    fn the_median_stands_in_the_middle() {
        assert_eq!([median(&[1.0, 3.0, 100.0]), median(&[1.0, 2.0, 4.0, 100.0]), median(&[])], [3.0, 3.0, 0.0]);
    }
}
