//! Where notes and hits begin.

mod flux;

use flux::flux;

use inlay_music::SampleRate;

/// What to look at.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Listen {
    /// Only what lies below this frequency, in Hz (150 for kick and bass). Everything without.
    pub below: Option<f64>,
    /// The audio is a loop: its end is heard before its start.
    pub round: bool,
}

/// A note or hit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Onset {
    /// Where it begins, in seconds from the first sample.
    pub time: f64,
    /// How much comes in: the spectral flux at its peak. Comparable within one piece of audio only.
    pub strength: f32,
}

/// The onsets of one channel, in order, at least 30 ms apart.
///
/// Peaks of the spectral flux (Bello et al. 2005; log compressed as by Böck and Widmer 2013), each then put where the energy of
/// what was looked at rises most. Hits are found within 3 ms, below 150 Hz within 10 ms.
pub fn onsets(mono: &[f32], rate: SampleRate, listen: Listen) -> Vec<Onset> {
    let hertz = f64::from(rate.get());
    let flux = flux(mono, rate, listen);
    let band = match listen.below {
        Some(limit) => low_passed(mono, limit / hertz, listen.round),
        None => mono.to_vec(),
    };
    // Energy is compared over 3 ms, in the bass over 8 (half a turn of 60 Hz).
    let span = ((if listen.below.is_some() { 0.008 } else { 0.003 }) * hertz) as usize;
    let energy = Energy::new(&band, listen.round);
    let reach = (0.025 * hertz) as isize;

    let found = flux.peaks().into_iter().map(|(frame, strength)| {
        let centre = (flux.time(frame) * hertz) as isize;
        let floor = 0.01 * energy.of(centre - reach, 2 * reach as usize) * span as f64 / (2.0 * reach as f64) + 1e-12;
        let rise = |at: isize| energy.of(at, span) / (energy.of(at - span as isize, span) + floor);
        let step = (hertz / 4000.0).max(1.0) as usize;
        let range = (centre - reach..centre + reach).step_by(step);
        // Rises count for what comes in, too: silence before a faint tail must not win over the hit itself.
        let score = |at: isize| rise(at).min(100.0) * energy.of(at, span).sqrt();
        let at = range.max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap_or(centre);
        let n = mono.len() as isize;
        let at = if listen.round { at.rem_euclid(n) } else { at.clamp(0, n - 1) };
        Onset { time: at as f64 / hertz, strength }
    });
    let mut found: Vec<Onset> = found.collect();
    found.sort_by(|a, b| a.time.total_cmp(&b.time));
    found.dedup_by(|b, a| b.time - a.time < 0.03);
    found
}

/// Sums of squares over any stretch, from running sums.
struct Energy {
    sums: Vec<f64>,
    round: bool,
}

impl Energy {
    fn new(audio: &[f32], round: bool) -> Self {
        let mut sum = 0.0;
        let sums = std::iter::once(0.0).chain(audio.iter().map(|&v| {
            sum += f64::from(v) * f64::from(v);
            sum
        }));
        Self { sums: sums.collect(), round }
    }

    fn of(&self, from: isize, length: usize) -> f64 {
        let n = self.sums.len() as isize - 1;
        // The sum up to a place, the loop unrolled or silence around the file.
        let upto = |i: isize| match self.round {
            true => i.div_euclid(n) as f64 * self.sums[n as usize] + self.sums[i.rem_euclid(n) as usize],
            false => self.sums[i.clamp(0, n) as usize],
        };
        (upto(from + length as isize) - upto(from)).max(0.0)
    }
}

/// Two one-pole low-passes in a row, no delay to speak of at the start of a hit. `corner` in turns a sample.
fn low_passed(audio: &[f32], corner: f64, round: bool) -> Vec<f32> {
    let keep = (-std::f64::consts::TAU * corner).exp();
    let (mut a, mut b) = (0.0, 0.0);
    let mut step = |v: f32| {
        a += (1.0 - keep) * (f64::from(v) - a);
        b += (1.0 - keep) * (a - b);
        b as f32
    };
    if round {
        audio.iter().for_each(|&v| {
            step(v);
        });
    }
    audio.iter().map(|&v| step(v)).collect()
}

#[cfg(test)]
mod test;
