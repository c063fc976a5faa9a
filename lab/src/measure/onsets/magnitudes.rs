//! Where hits begin, read off log magnitudes alone: before any phase is found, and again in the finished sound.

use inlay_dsp::{FLOOR, FRAMES_PER_BEAT, Features, LOW_WINDOW, RATE};

/// A rise is looked at over this much to either side, in milliseconds.
const LAG: f64 = 10.0;
/// No two rises are nearer than this, in milliseconds.
const APART: f64 = 30.0;
/// Part of the largest rise that is one.
const LEAST: f64 = 0.12;
/// How many times the mean around it a rise is.
const STANDS_OUT: f64 = 1.8;
/// A rise stands out of this much to either side, in milliseconds.
const AROUND: f64 = 250.0;

/// Where most comes in below `below` Hz, in milliseconds at `bpm`: the flux of [`inlay_audio::onsets`] over the frames of the model.
///
/// The long window sees a hit up to 46 ms before it, and the more the quieter it was before: places are too early by an amount that
/// belongs to the hit. It is the same in magnitudes of the same hit elsewhere, so that the two can be compared to a millisecond or two.
pub fn onsets(features: &Features, below: f64, bpm: f64) -> Vec<f64> {
    let hop = 60_000.0 / bpm / FRAMES_PER_BEAT as f64;
    let frames = |ms: f64| ((ms / hop).round() as i64).max(1);
    let (lag, apart, around) = (frames(LAG), frames(APART), frames(AROUND));
    let levels: Vec<f64> = (0..features.frames()).map(|f| amplitude(features, below, f)).collect();
    let loudest = levels.iter().copied().fold(1e-9, f64::max);
    let levels: Vec<f64> = levels.iter().map(|a| (1.0 + 10.0 * a / loudest).ln()).collect();

    let n = levels.len() as i64;
    let level = |f: i64| levels[f.rem_euclid(n) as usize];
    let rises: Vec<f64> = (0..n).map(|f| level(f + lag) - level(f - lag)).collect();
    let rise = |f: i64| rises[f.rem_euclid(n) as usize];
    let most = rises.iter().copied().fold(0.0, f64::max);
    let peak = |f: &i64| {
        let (f, here) = (*f, rise(*f));
        let mean = (f - around..=f + around).map(|f| rise(f).max(0.0)).sum::<f64>() / (2 * around + 1) as f64;
        let highest = (1..=apart).all(|d| rise(f - d) < here && rise(f + d) <= here);
        here > LEAST * most && here > STANDS_OUT * mean && highest
    };
    (0..n).filter(peak).map(|f| (f as f64 + top([rise(f - 1), rise(f), rise(f + 1)])) * hop).collect()
}

fn amplitude(features: &Features, below: f64, frame: usize) -> f64 {
    let bins = 1..=(below * LOW_WINDOW as f64 / f64::from(RATE)) as usize;
    let power = |k: usize| f64::from((features.data()[k * features.frames() + frame].exp() - FLOOR).max(0.0)).powi(2);
    bins.map(power).sum::<f64>().sqrt()
}

/// Where the parabola through three neighbours has its top, in steps from the middle one.
fn top([a, b, c]: [f64; 3]) -> f64 {
    let bend = a - 2.0 * b + c;
    if bend < 0.0 { (0.5 * (a - c) / bend).clamp(-0.5, 0.5) } else { 0.0 }
}

#[cfg(test)]
mod test {
    use super::super::kicks;
    use super::*;
    use inlay_dsp::analyse;

    #[test]
    fn the_same_kicks_later_are_found_as_much_later() {
        for kick in kicks::ALL.iter().filter(|k| k.sure) {
            let input = kicks::on_beats(kick, 120.0, 4 * 44_100);
            let mut late = input.clone();
            late.rotate_right(882);
            let [on, off] = [&input, &late].map(|audio| onsets(&analyse(audio, 8), 150.0, 120.0));
            assert_eq!((on.len(), off.len()), (8, 8), "{}", kick.name);
            for at in on {
                let next = off.iter().map(|o| (o - at).rem_euclid(4000.0)).fold(f64::MAX, f64::min);
                assert!((next - 20.0).abs() < 3.0, "{}: {next} ms", kick.name);
            }
        }
    }
}
