//! Between the loop's circle and one with fewer samples, which holds only what is low.

use crate::circle::wrap;
use crate::regions::Span;
use std::f64::consts::PI;
use std::sync::{Mutex, OnceLock};

/// Samples of the smaller circle to either side that a sample is made from.
const REACH: usize = 16;
/// Places between two samples for which the kernel is tabulated; between them it is interpolated.
const PLACES: usize = 256;
/// Kaiser's beta: 80 dB.
const BETA: f64 = 8.0;

/// sinc times a Kaiser window over ±[`REACH`], at `t` samples from the middle.
fn kernel(t: f64) -> f64 {
    let x = t / REACH as f64;
    if x.abs() >= 1.0 {
        return 0.0;
    }
    let sinc = if t.abs() < 1e-9 { 1.0 } else { (PI * t).sin() / (PI * t) };
    sinc * bessel(BETA * (1.0 - x * x).sqrt()) / bessel(BETA)
}

/// The modified Bessel function I0.
fn bessel(x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..40 {
        term *= (x / (2.0 * f64::from(k))).powi(2);
        sum += term;
    }
    sum
}

/// Taps of a sample of the larger circle.
const TAPS: usize = 2 * REACH;
/// Sums side by side.
const LANES: usize = 8;
/// Samples that one thread does at a time.
const STRETCH: usize = 1 << 14;

/// Adds `gain` times `small`, by windowed sinc, to the spans of a larger circle.
pub(crate) fn add(small: &[f32], audio: &mut [f32], spans: &[Span], gain: f32, threads: usize) {
    let (m, samples) = (small.len(), audio.len());
    if m == 0 {
        return;
    }
    let padded: Vec<f32> = (0..m + TAPS).map(|i| small[(i + m * TAPS - (REACH - 1)) % m]).collect();
    let flat =
        spans.iter().flat_map(|(start, length)| [(*start, (start + length).min(samples)), (0, (start + length).saturating_sub(samples))]);
    let mut ranges: Vec<(usize, usize)> = flat.filter(|(from, to)| from < to).collect();
    ranges.sort_unstable();
    let mut stretches = Vec::new();
    let (mut rest, mut at) = (audio, 0);
    for (from, to) in ranges {
        let (_, tail) = std::mem::take(&mut rest).split_at_mut(from.max(at) - at);
        let (part, tail) = tail.split_at_mut(to.max(from.max(at)) - from.max(at));
        stretches.extend(part.chunks_mut(STRETCH).enumerate().map(|(i, chunk)| (from.max(at) + i * STRETCH, chunk)));
        (rest, at) = (tail, to.max(at));
    }
    let queue = Mutex::new(stretches.into_iter());
    let work = || {
        let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
        while let Some((first, audio)) = next() {
            pulp::Arch::new().dispatch(Up { padded: &padded, ratio: (m as u64, samples as u64), first, gain, audio });
        }
    };
    rayon::in_place_scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|_| work());
        }
        work();
    });
}

/// The kernel at every place between two samples. Tap `k` stands `k + 1 - REACH` samples after the one at or before the place.
fn table() -> &'static [[f32; TAPS]] {
    static TABLE: OnceLock<Vec<[f32; TAPS]>> = OnceLock::new();
    let tap = |place: usize, k: usize| kernel(k as f64 + 1.0 - REACH as f64 - place as f64 / PLACES as f64) as f32;
    TABLE.get_or_init(|| (0..=PLACES).map(|place| std::array::from_fn(|k| tap(place, k))).collect())
}

struct Up<'a> {
    padded: &'a [f32],
    /// Samples of the smaller circle to those of the larger.
    ratio: (u64, u64),
    /// Where on the larger circle `audio` begins.
    first: usize,
    gain: f32,
    audio: &'a mut [f32],
}

impl pulp::NullaryFnOnce for Up<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        let (few, many) = self.ratio;
        let table = table();
        for (n, y) in (self.first..).zip(self.audio.iter_mut()) {
            let at = n as u64 * few / many;
            let rest = (n as u64 * few - at * many) as f32 / many as f32 * PLACES as f32;
            let place = (rest as usize).min(PLACES - 1);
            let rows = table[place].chunks_exact(LANES).zip(table[place + 1].chunks_exact(LANES));
            let (mut a, mut b) = ([0.0f32; LANES], [0.0f32; LANES]);
            for (x, (p, q)) in self.padded[at as usize..at as usize + TAPS].chunks_exact(LANES).zip(rows) {
                for l in 0..LANES {
                    a[l] += x[l] * p[l];
                    b[l] += x[l] * q[l];
                }
            }
            let (a, b): (f32, f32) = (a.iter().sum(), b.iter().sum());
            *y += self.gain * (a + (rest - place as f32) * (b - a));
        }
    }
}

/// What is low in `audio`, on a circle of `fewer` samples; 0 where it isn't `wanted` (by the place on the circle of `audio`).
pub(crate) fn down(audio: &[f32], fewer: usize, wanted: &dyn Fn(usize) -> bool) -> Vec<f32> {
    let samples = audio.len();
    let ratio = samples as f64 / fewer as f64;
    let reach = (REACH as f64 * ratio).ceil() as i64;
    let table: Vec<f32> = (0..=REACH * PLACES + 1).map(|i| (kernel(i as f64 / PLACES as f64) / ratio) as f32).collect();
    let one = |m: usize| {
        let centre = m as f64 * ratio;
        let first = centre.ceil() as i64 - reach;
        let mut at = wrap(first, samples);
        if !wanted(wrap(centre as i64, samples)) {
            return 0.0;
        }
        let mut sum = 0.0f32;
        for k in 0..2 * reach {
            let t = ((first + k) as f64 - centre).abs() / ratio * PLACES as f64;
            let place = (t as usize).min(REACH * PLACES);
            let (a, b) = (table[place], table[place + 1]);
            sum += audio[at] * (a + (t - place as f64) as f32 * (b - a));
            at = if at + 1 == samples { 0 } else { at + 1 };
        }
        sum
    };
    (0..fewer).map(one).collect()
}

#[cfg(test)]
mod test {
    use super::*;

    fn tone(turns: usize, samples: usize) -> Vec<f32> {
        (0..samples).map(|n| (2.0 * PI * turns as f64 * n as f64 / samples as f64).sin() as f32).collect()
    }

    fn apart(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    fn up(small: &[f32], spans: &[Span], threads: usize) -> Vec<f32> {
        let mut audio = vec![0.0; 44_100];
        add(small, &mut audio, spans, 1.0, threads);
        audio
    }

    #[test]
    fn low_tones_pass_both_ways_and_high_ones_are_kept_out() {
        // A second: turns are Hz. The smaller circle has 3445 samples.
        let fewer = 3445;
        for hz in [0, 50, 700, 1390] {
            assert!(apart(&up(&tone(hz, fewer), &[(0, 44_100)], 1), &tone(hz, 44_100)) < 1e-3, "{hz} Hz up");
            assert!(apart(&down(&tone(hz, 44_100), fewer, &|_| true), &tone(hz, fewer)) < 1e-3, "{hz} Hz down");
        }
        assert!(apart(&down(&tone(2100, 44_100), fewer, &|_| true), &vec![0.0; fewer]) < 1e-3);
    }

    #[test]
    fn only_the_spans_are_filled_by_any_number_of_threads() {
        let small = tone(300, 3445);
        let (all, spans) = (up(&small, &[(0, 44_100)], 1), [(1000, 20_000), (40_000, 5000)]);
        let inside = crate::regions::mask(&spans, 44_100);
        for threads in [1, 3] {
            let some = up(&small, &spans, threads);
            assert!((0..44_100).all(|n| some[n] == if inside(n) { all[n] } else { 0.0 }));
        }
    }
}
