//! Which part has the misses: the magnitudes that the weights make, or the phases that turn them into sound.
//!
//! Onsets are read off both magnitudes, those that the codec makes and those that are found again in the finished sound
//! ([`magnitudes::onsets`]): what lies between the two was moved by the phases, and where a miss would be without that belongs to the weights.
//! And the sound is made again with other chance for the phases: a miss that chance has made doesn't come again.

use super::super::report::{Table, mean, quantile};
use super::super::workbench::Workbench;
use super::{Measure, NEAR, hits, magnitudes};
use anyhow::Result;
use inlay_dsp::{FRAMES_PER_BEAT, analyse};
use inlay_music::{Request, Seed, Take};

/// Two onsets that are farther apart than this, in milliseconds, are not the same.
const SAME: f64 = 45.0;
/// How often a sound is made again.
const AGAIN: u64 = 4;

/// Where a miss comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cause {
    /// Off the grid in the magnitudes, too.
    Made,
    /// On the grid but for what the phases have moved.
    Moved,
    /// No rise in one of the magnitudes: too small for the long window.
    Unseen,
}

/// Onsets that are heard off the grid.
#[derive(Debug, Default)]
pub struct Split {
    heard: usize,
    causes: Vec<Cause>,
    /// From the codec's magnitudes to those of the sound, of all onsets, in milliseconds.
    moved: Vec<f64>,
    /// Of each miss: in which part of the other sounds it is again.
    again: Vec<f64>,
    /// Misses that belong to a hit whose attack is on the grid: its low part comes later.
    late_bodies: usize,
}

impl Split {
    /// Adds a take.
    ///
    /// # Errors
    /// What the codec says.
    pub fn add(&mut self, bench: &Workbench, take: &Take, measure: &Measure) -> Result<()> {
        let (audio, bpm) = (&take.sound.channels[0], take.about.request.bpm.get());
        let round = Round(audio.len() as f64 / 44.1);
        let off = |at: f64| hits::off_grid(&[at], bpm)[0].abs() > NEAR;
        let features = bench.decode(&Workbench::latents(take)?)?;
        let made = magnitudes::onsets(&features, measure.below, bpm);
        let found = magnitudes::onsets(&analyse(audio, features.frames() / FRAMES_PER_BEAT), measure.below, bpm);
        self.moved.extend(found.iter().filter_map(|at| Some(round.later(round.nearest(&made, *at)?, *at))));

        let heard = (measure.times)(audio);
        let misses: Vec<f64> = heard.iter().copied().filter(|at| off(*at)).collect();
        self.heard += heard.len();
        self.causes.extend(misses.iter().map(|miss| {
            let seen = round.nearest(&found, *miss).and_then(|at| Some(round.later(round.nearest(&made, at)?, at)));
            match seen {
                Some(moved) if off(miss - moved) => Cause::Made,
                Some(_) => Cause::Moved,
                None => Cause::Unseen,
            }
        }));

        let attacks = hits::attacks(audio);
        let late = |miss: &&f64| attacks.iter().any(|at| !off(*at) && (5.0..75.0).contains(&round.later(*at, **miss)));
        self.late_bodies += misses.iter().filter(late).count();

        let mut others = vec![];
        for i in 1..=AGAIN {
            let request = Request { seed: Seed(take.about.request.seed.get() + 1000 * i), ..take.about.request.clone() };
            others.push((measure.times)(&Workbench::sound(&features, audio.len(), &request)?));
        }
        let again = |miss: &f64| others.iter().map(|o| f64::from(u8::from(round.nearest(o, *miss).is_some_and(off)))).collect::<Vec<_>>();
        self.again.extend(misses.iter().map(|miss| mean(&again(miss))));
        Ok(())
    }

    /// An empty table of these.
    pub fn table() -> Table {
        let title = "Takes, what is heard off the grid: whether the weights made it there or the phases moved it";
        let columns = [
            "what",
            "bpm",
            "heard",
            "off the grid",
            "made there",
            "moved there",
            "unseen",
            "again with other phases",
            "after an attack on the grid",
            "all: 90 % are moved by at most, ms",
        ];
        Table::new(title, &columns)
    }

    /// Its row.
    pub fn row(&self, name: &str, bpm: f64, table: &mut Table) {
        let sizes: Vec<f64> = self.moved.iter().map(|v| v.abs()).collect();
        let count = |cause: Cause| self.causes.iter().filter(|c| **c == cause).count();
        let counts = [self.heard, self.causes.len(), count(Cause::Made), count(Cause::Moved), count(Cause::Unseen)];
        let mut cells = vec![name.to_owned(), bpm.to_string()];
        cells.extend(counts.map(|c| c.to_string()));
        cells.extend([format!("{:.3}", mean(&self.again)), self.late_bodies.to_string(), format!("{:.1}", quantile(&sizes, 0.9))]);
        table.rows.push(cells);
    }
}

/// A loop of so many milliseconds.
struct Round(f64);

impl Round {
    /// How much later than `from` the time `to` is, the short way round.
    fn later(&self, from: f64, to: f64) -> f64 {
        (to - from + self.0 / 2.0).rem_euclid(self.0) - self.0 / 2.0
    }

    /// Which of `times` is nearest to `at`, if it can be the same onset.
    fn nearest(&self, times: &[f64], at: f64) -> Option<f64> {
        let apart = |t: &f64| self.later(*t, at).abs();
        times.iter().copied().filter(|t| apart(t) < SAME).min_by(|a, b| apart(a).total_cmp(&apart(b)))
    }
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_loop_has_a_short_way_round() {
        let round = Round(4000.0);
        assert_eq!((round.later(3990.0, 5.0), round.later(5.0, 3990.0)), (15.0, -15.0));
        assert_eq!(round.nearest(&[3990.0, 30.0], 5.0), Some(3990.0));
        assert_eq!(round.nearest(&[100.0], 5.0), None);
    }
}
