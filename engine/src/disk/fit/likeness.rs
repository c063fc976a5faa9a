//! How alike two places of a piece sound: a loop's end should lead to its start as what comes behind the end would go on.

use inlay_music::SampleRate;

/// Length of a frame in seconds.
const FRAME: f64 = 0.010;
/// Where the bands part, in Hz.
const CORNERS: [f64; 2] = [200.0, 2500.0];
/// Levels below this, re full scale, are all the same.
const QUIET: f64 = 1e-5;

/// Levels of three bands over time.
pub(super) struct Likeness {
    /// In decibels, of each frame.
    levels: Vec<[f64; 3]>,
    /// Samples of a frame.
    frame: usize,
    /// Frames on either side that are compared.
    reach: usize,
}

impl Likeness {
    /// Of one channel; a beat on either side is compared.
    pub fn new(mono: &[f32], rate: SampleRate, beat: usize) -> Self {
        let hertz = f64::from(rate.get());
        let frame = ((FRAME * hertz) as usize).max(1);
        let keep = CORNERS.map(|corner| (-std::f64::consts::TAU * (corner / hertz).min(0.4)).exp());
        let mut low = [0.0; 2];
        let mut level = |samples: &[f32]| {
            let mut sums = [0.0; 3];
            for &sample in samples {
                let sample = f64::from(sample);
                for (low, keep) in low.iter_mut().zip(keep) {
                    *low += (1.0 - keep) * (sample - *low);
                }
                for (sum, part) in sums.iter_mut().zip([low[0], low[1] - low[0], sample - low[1]]) {
                    *sum += part * part;
                }
            }
            sums.map(|sum| 10.0 * (sum / samples.len() as f64 + QUIET * QUIET).log10())
        };
        Self { levels: mono.chunks_exact(frame).map(&mut level).collect(), frame, reach: (beat / frame).max(1) }
    }

    /// The mean difference of a loop's start and what follows its end, in decibels: what lies before and behind both. 0 is the same.
    pub fn of(&self, first: usize, count: usize) -> f64 {
        let (start, end) = ((first / self.frame) as isize, ((first + count) / self.frame) as isize);
        let at = |frame: isize| usize::try_from(frame).ok().and_then(|frame| self.levels.get(frame));
        let (mut sum, mut compared) = (0.0, 0.0);
        for offset in -(self.reach as isize)..self.reach as isize {
            if let (Some(a), Some(b)) = (at(start + offset), at(end + offset)) {
                sum += a.iter().zip(b).map(|(a, b)| (a - b).abs()).sum::<f64>() / 3.0;
                compared += 1.0;
            }
        }
        // a place of which nothing is known is no better than one that is quite another
        if compared > 0.0 { sum / compared } else { 30.0 }
    }
}
