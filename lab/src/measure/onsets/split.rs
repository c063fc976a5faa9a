//! Which part has the misses: the magnitudes that the weights make, or the phases that turn them into sound.
//!
//! One measure for both, [`magnitudes::low`]: of what the codec makes, and of what is found again in the finished sound. A miss that is in
//! the first is the weights'; what is only in the second was moved by the phases.

use super::super::report::{Table, quantile};
use super::super::workbench::Workbench;
use super::{NEAR, hits, magnitudes, near};
use anyhow::Result;
use inlay_dsp::{FRAMES_PER_BEAT, analyse};
use inlay_music::Take;

/// Two onsets that are farther apart than this, in milliseconds, are not the same.
const SAME: f64 = 40.0;

/// Onsets below 150 Hz, in milliseconds from the nearest sixteenth.
#[derive(Debug, Default)]
pub struct Split {
    /// In the magnitudes that the weights made.
    pub made: Vec<f64>,
    /// In the magnitudes of the sound.
    pub sounding: Vec<f64>,
    /// From the first to the second, of those that are in both.
    pub moved: Vec<f64>,
    /// Of each onset that is heard away from the grid: what is in the magnitudes that the weights made, if anything begins there.
    pub missed: Vec<Option<f64>>,
}

impl Split {
    /// Adds a take.
    ///
    /// # Errors
    /// What the codec says.
    pub fn add(&mut self, bench: &Workbench, take: &Take, bpm: f64) -> Result<()> {
        let audio = &take.sound.channels[0];
        let features = bench.decode(&Workbench::latents(take)?)?;
        let made = magnitudes::low(&features, bpm);
        let sounding = magnitudes::low(&analyse(audio, features.frames() / FRAMES_PER_BEAT), bpm);
        let loop_ms = audio.len() as f64 / 44.1;
        // The nearest of `times` round the loop, and how much later than it `at` is.
        let nearest = |times: &[f64], at: f64| -> Option<(f64, f64)> {
            let later = |t: f64| (at - t + loop_ms / 2.0).rem_euclid(loop_ms) - loop_ms / 2.0;
            let all = times.iter().map(|t| (*t, later(*t))).filter(|(_, d)| d.abs() < SAME);
            all.min_by(|a, b| a.1.abs().total_cmp(&b.1.abs()))
        };
        let off = |at: f64| hits::off_grid(&[at], bpm)[0];
        self.moved.extend(sounding.iter().filter_map(|at| nearest(&made, *at)).map(|(_, d)| d));
        let heard = hits::low(audio);
        let missed = heard.iter().filter(|at| off(**at).abs() > NEAR);
        self.missed.extend(missed.map(|at| nearest(&made, *at).map(|(t, _)| off(t))));
        self.made.extend(hits::off_grid(&made, bpm));
        self.sounding.extend(hits::off_grid(&sounding, bpm));
        Ok(())
    }

    /// An empty table of these.
    pub fn table() -> Table {
        Table::new(
            "Takes, onsets below 150 Hz before and after phases: by where the energy in the magnitudes rises most",
            &[
                "bpm",
                "made",
                "within 10 ms",
                "sounding",
                "within 10 ms",
                "90 % moved at most, ms",
                "heard off the grid",
                "of them made off the grid",
                "made on it",
                "made nowhere near",
            ],
        )
    }

    /// Its row.
    pub fn row(&self, bpm: f64, table: &mut Table) {
        let sizes: Vec<f64> = self.moved.iter().map(|v| v.abs()).collect();
        let count = |of: &dyn Fn(&Option<f64>) -> bool| self.missed.iter().filter(|m| of(m)).count().to_string();
        let cells = [
            bpm.to_string(),
            self.made.len().to_string(),
            format!("{:.3}", near(&self.made, NEAR)),
            self.sounding.len().to_string(),
            format!("{:.3}", near(&self.sounding, NEAR)),
            format!("{:.1}", quantile(&sizes, 0.9)),
            self.missed.len().to_string(),
            count(&|m| m.is_some_and(|v| v.abs() > NEAR)),
            count(&|m| m.is_some_and(|v| v.abs() <= NEAR)),
            count(&|m| m.is_none()),
        ];
        table.rows.push(cells.into());
    }
}
