//! Which notes a sound holds.

use inlay_music::SampleRate;
use realfft::RealFftPlanner;

/// Where pitch is told from, in Hz.
const RANGE: std::ops::Range<f64> = 90.0..1300.0;

/// The share of energy of each pitch class (C first, A = 440 Hz) among the partials of one channel from 90 to 1300 Hz.
///
/// Frames of 0.19 s with half overlap, Hann window. A peak of the spectrum is a partial where it stands 12 dB above the mean
/// around it, so drums count little; it is placed between bins by a parabola through the log magnitudes. The shares sum to 1, or
/// are all 0 where nothing has a pitch. A loop may be given as it is.
pub fn chroma(mono: &[f32], rate: SampleRate) -> [f64; 12] {
    let hertz = f64::from(rate.get());
    let window = (0.1858 * hertz) as usize / 2 * 2;
    let bin = hertz / window as f64;
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(window);
    let (mut frame, mut spectrum) = (fft.make_input_vec(), fft.make_output_vec());
    let hann: Vec<f32> =
        (0..window).map(|i| (0.5 - 0.5 * (std::f64::consts::TAU * (i as f64 + 0.5) / window as f64).cos()) as f32).collect();

    let mut classes = [0.0f64; 12];
    for start in (0..mono.len()).step_by(window / 2) {
        for (i, v) in frame.iter_mut().enumerate() {
            let sample = mono.get(start + i).copied().filter(|s| s.is_finite()).unwrap_or(0.0);
            *v = sample * hann[i];
        }
        if fft.process(&mut frame, &mut spectrum).is_err() {
            continue;
        }
        let power: Vec<f64> = spectrum.iter().map(|c| f64::from(c.norm_sqr())).collect();
        let (first, last) = ((RANGE.start / bin) as usize, ((RANGE.end / bin) as usize).min(power.len().saturating_sub(2)));
        for k in first.max(1)..=last {
            let around = &power[k.saturating_sub(16)..(k + 17).min(power.len())];
            let mean = around.iter().sum::<f64>() / around.len() as f64;
            if power[k] <= power[k - 1] || power[k] < power[k + 1] || power[k] < 4.0 * mean || power[k] <= 1e-12 {
                continue;
            }
            let (a, b, c) = ((power[k - 1] + 1e-20).ln(), power[k].ln(), (power[k + 1] + 1e-20).ln());
            let place = k as f64 + 0.5 * (a - c) / (a - 2.0 * b + c);
            // A is the tenth class.
            let class = (12.0 * (place * bin / 440.0).log2()).round() as i64 + 9;
            classes[class.rem_euclid(12) as usize] += power[k - 1] + power[k] + power[k + 1];
        }
    }
    let all: f64 = classes.iter().sum();
    if all > 0.0 { classes.map(|c| c / all) } else { classes }
}

#[cfg(test)]
mod test {
    use super::*;
    use std::f64::consts::TAU;

    fn chord(rate: u32, notes: &[i32]) -> Vec<f32> {
        let tone = |note: i32, t: f64| (TAU * 440.0 * 2f64.powf(f64::from(note - 69) / 12.0) * t).sin();
        (0..2 * rate).map(|i| notes.iter().map(|&n| 0.2 * tone(n, f64::from(i) / f64::from(rate))).sum::<f64>() as f32).collect()
    }

    #[test]
    fn a_chord_has_its_notes() {
        for rate in [22_050, 44_100, 96_000] {
            let shares = chroma(&chord(rate, &[45, 60, 64]), SampleRate::new(rate).unwrap());
            for (class, share) in shares.iter().enumerate() {
                let expected = if [0, 4, 9].contains(&class) { 1.0 / 3.0 } else { 0.0 };
                assert!((share - expected).abs() < 0.02, "{rate}: {shares:?}");
            }
        }
    }

    #[test]
    fn every_semitone_falls_into_its_class() {
        for note in 43..=87 {
            let shares = chroma(&chord(44_100, &[note]), SampleRate::CD);
            assert!(shares[note as usize % 12] > 0.98, "{note}: {shares:?}");
        }
    }

    #[test]
    fn silence_has_no_notes() {
        assert_eq!(chroma(&[0.0; 50_000], SampleRate::CD), [0.0; 12]);
        assert_eq!(chroma(&[], SampleRate::CD), [0.0; 12]);
        assert_eq!(chroma(&[f32::NAN; 50_000], SampleRate::CD), [0.0; 12]);
    }
}
