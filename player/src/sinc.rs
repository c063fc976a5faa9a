//! Reading between frames: a windowed sinc of 16 points.
//!
//! # Realtime safety
//! Arithmetic only, but for what `new` does: that is for another thread.

/// Points that a value is made of.
pub(crate) const POINTS: usize = 16;
/// Points before the value's place, the one at or just before it included.
pub(crate) const BEFORE: usize = POINTS / 2;
/// Places between two frames that the table holds; between those it is read linearly.
const PLACES: usize = 256;
/// Shape of the Kaiser window: side lobes below −80 dB.
const BETA: f64 = 8.0;

/// Weights of the points for every place between two frames, made once off the audio thread.
///
/// Made of sums and products only, so that it is the same on every machine.
#[derive(Debug)]
pub(crate) struct Sinc {
    rows: Vec<[f32; POINTS]>,
}

impl Sinc {
    /// The table.
    pub fn new() -> Self {
        Self { rows: (0..=PLACES).map(|p| row(p as f64 / PLACES as f64)).collect() }
    }

    /// Weights for a place `between` 0 (the point before) and 1 (the point after).
    ///
    /// # Realtime safety
    /// Arithmetic only.
    pub fn weights(&self, between: f64) -> [f32; POINTS] {
        let place = between.clamp(0.0, 1.0) * PLACES as f64;
        let row = (place as usize).min(PLACES - 1);
        let t = (place - row as f64) as f32;
        let (a, b) = (&self.rows[row], &self.rows[row + 1]);
        std::array::from_fn(|i| a[i] + t * (b[i] - a[i]))
    }
}

/// Weights for one place; they add up to 1, so that no place is louder.
fn row(between: f64) -> [f32; POINTS] {
    let half = POINTS as f64 / 2.0;
    let raw: [f64; POINTS] = std::array::from_fn(|i| {
        let x = i as f64 - (BEFORE as f64 - 1.0) - between;
        let u = x / half;
        if u.abs() >= 1.0 { 0.0 } else { sinc(x) * bessel(BETA * (1.0 - u * u).sqrt()) / bessel(BETA) }
    });
    let sum: f64 = raw.iter().sum();
    raw.map(|w| (w / sum) as f32)
}

/// sin(πx)/(πx) for |x| ≤ 8.
fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        return 1.0;
    }
    // Back to |r| ≤ 1/2, where the series is short.
    let whole = x.round();
    let r = (x - whole) * std::f64::consts::PI;
    let mut term = r;
    let mut sine = r;
    for k in 1..12 {
        term *= -r * r / f64::from((2 * k) * (2 * k + 1));
        sine += term;
    }
    let sign = if whole.rem_euclid(2.0) == 0.0 { 1.0 } else { -1.0 };
    sign * sine / (x * std::f64::consts::PI)
}

/// The modified Bessel function of order 0.
fn bessel(x: f64) -> f64 {
    let mut term = 1.0;
    let mut sum = 1.0;
    for k in 1..40 {
        term *= (x / 2.0) * (x / 2.0) / f64::from(k * k);
        sum += term;
    }
    sum
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn on_a_frame_it_is_that_frame() {
        let weights = Sinc::new().weights(0.0);
        assert!(weights.iter().enumerate().all(|(i, w)| (w - if i == BEFORE - 1 { 1.0 } else { 0.0 }).abs() < 1e-7));
    }

    #[test]
    fn a_tone_of_5_khz_at_44_1_khz_is_read_within_80_db() {
        let sinc = Sinc::new();
        let tone = |t: f64| (std::f64::consts::TAU * 5000.0 / 44_100.0 * t).sin();
        for i in 0..1000 {
            let at = 100.0 + f64::from(i) * 0.737;
            let weights = sinc.weights(at.fract());
            let first = at.floor() - (BEFORE as f64 - 1.0);
            let read: f64 = weights.iter().enumerate().map(|(i, w)| f64::from(*w) * tone(first + i as f64)).sum();
            assert!((read - tone(at)).abs() < 1e-4, "{at}: {read} is not {}", tone(at));
        }
    }
}
