//! Stretches of a loop, and pasting into them.

use crate::circle::wrap;

/// Seconds of a cross-fade at either end, inside the region.
const FADE: f64 = 0.005;

/// A stretch of a circle: its first sample and its length.
pub type Span = (usize, usize);

/// Regions (start and end in beats; an end beyond the last beat wraps) as samples around a circle: first sample in `0..samples` and
/// length, in ascending order, those that touch or overlap joined. What is empty or not a number is left out.
#[must_use]
pub fn spans(regions: &[(f64, f64)], beats: usize, samples: usize) -> Vec<Span> {
    let at = |beat: f64| (beat * samples as f64 / beats.max(1) as f64 + 0.5).floor();
    let usable = regions.iter().filter(|(start, end)| start.is_finite() && end.is_finite() && start < end && samples > 0);
    let mut found: Vec<Span> = usable
        .map(|(start, end)| {
            let length = (at(*end) - at(*start)).clamp(0.0, samples as f64);
            (wrap(at(*start) as i64, samples), length as usize)
        })
        .filter(|(_, length)| *length > 0)
        .collect();
    found.sort_unstable();
    joined(found, samples)
}

/// Spans in ascending order of their start, of which those that touch or overlap are joined.
fn joined(found: Vec<Span>, samples: usize) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for (start, length) in found {
        match joined.last_mut() {
            Some((s, l)) if *s + *l >= start => *l = (*l).max(start + length - *s),
            _ => joined.push((start, length)),
        }
    }
    // The last may run across the seam into the first ones.
    while joined.len() > 1 && joined.last().is_some_and(|(s, l)| s + l >= joined[0].0 + samples) {
        let (first, length) = joined.remove(0);
        if let Some((s, l)) = joined.last_mut() {
            *l = (*l).max(first + samples + length - *s);
        }
    }
    if let [(_, length)] = &mut joined[..] {
        *length = (*length).min(samples);
    }
    joined
}

/// Spans that reach farther by so much on both sides, joined where they meet.
pub(crate) fn widened(spans: &[Span], by: usize, samples: usize) -> Vec<Span> {
    let wider = |(start, length): &Span| (wrap(*start as i64 - by as i64, samples), (length + 2 * by).min(samples));
    let mut found: Vec<Span> = spans.iter().map(wider).collect();
    found.sort_unstable();
    joined(found, samples)
}

/// Whether a sample of the circle lies in one of the spans.
pub(crate) fn mask(spans: &[Span], samples: usize) -> impl Fn(usize) -> bool {
    move |n| spans.iter().any(|(start, length)| n.wrapping_sub(*start) < *length || n + samples - start < *length)
}

/// `parent` with the regions taken from `made`, at any rate: outside of them every sample is the parent's, bit for bit. The cross-fades of
/// 5 ms lie inside; a region of the whole loop has none.
///
/// `parent` and `made` are one channel each of a loop of `beats`; `made` may not be shorter.
#[must_use]
pub fn paste(parent: &[f32], made: &[f32], regions: &[(f64, f64)], beats: usize, rate: u32) -> Vec<f32> {
    let mut audio = parent.to_vec();
    for (start, length) in spans(regions, beats, parent.len()) {
        let fade = if length == parent.len() { 1.0 } else { FADE * f64::from(rate) };
        for i in 0..length {
            let at = (start + i) % parent.len();
            let ramp = ((i + 1).min(length - i) as f64 / fade).min(1.0) as f32;
            let Some(new) = made.get(at) else { continue };
            audio[at] = parent[at] + (new - parent[at]) * ramp;
        }
    }
    audio
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn regions_that_touch_are_one() {
        assert_eq!(spans(&[(2.0, 3.0), (0.0, 1.0), (1.0, 1.5)], 4, 400), [(0, 150), (200, 100)]);
    }

    #[test]
    fn a_region_across_the_seam_joins_the_first() {
        assert_eq!(spans(&[(3.0, 4.5), (0.25, 1.0)], 4, 400), [(300, 200)]);
        assert_eq!(spans(&[(3.0, 4.5), (1.0, 2.0)], 4, 400), [(100, 100), (300, 150)]);
        assert_eq!(spans(&[(0.0, 2.0), (2.0, 4.0)], 4, 400), [(0, 400)]);
        assert_eq!(spans(&[(3.0, 6.5), (0.0, 3.5)], 4, 400), [(0, 400)]);
    }

    #[test]
    fn what_is_no_region_is_left_out() {
        assert_eq!(spans(&[(1.0, 1.0), (2.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)], 4, 400), []);
        assert_eq!(spans(&[(0.0, 1.0)], 4, 0), []);
    }

    #[test]
    fn pasting_fades_inside_and_leaves_the_rest() {
        let (parent, made) = (vec![1.0; 4000], vec![0.0; 4000]);
        let audio = paste(&parent, &made, &[(3.0, 4.5)], 4, 44_100);
        assert!(audio[500..3000].iter().all(|x| *x == 1.0));
        assert!(audio[3000] < 1.0 && audio[3000] > 0.99 && audio[499] == audio[3000]);
        assert_eq!((audio[3500], audio[100]), (0.0, 0.0));
    }
}
