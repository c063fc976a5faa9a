use super::*;
use std::f64::consts::TAU;

const HERTZ: f64 = 44_100.0;

/// Drums over `seconds` of a file: per bar, sixteenths of kicks, snares and hats; `swing` delays every second sixteenth by that
/// share of one; `before` is silence.
struct Beat {
    bpm: f64,
    seconds: f64,
    before: f64,
    swing: f64,
    noise: f32,
    kicks: &'static [usize],
    snares: &'static [usize],
    hats: &'static [usize],
}

const PLAIN: Beat = Beat {
    bpm: 120.0,
    seconds: 16.0,
    before: 0.0,
    swing: 0.0,
    noise: 0.0,
    kicks: &[0, 8, 10],
    snares: &[4, 12],
    hats: &[0, 2, 4, 6, 8, 10, 12, 14],
};

impl Beat {
    fn audio(&self) -> Vec<f32> {
        let n = (self.seconds * HERTZ).round() as usize;
        let mut audio = vec![0.0f32; n];
        let mut state = 1u32;
        let mut noise = move || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        };
        let sixteenth = 15.0 / self.bpm;
        for k in 0.. {
            let time = self.before + (k as f64 + if k % 2 == 1 { self.swing } else { 0.0 }) * sixteenth;
            let at = (time * HERTZ).round() as usize;
            if at >= n {
                break;
            }
            for i in 0..6000.min(n - at) {
                let t = i as f64 / HERTZ;
                let mut v = 0.0;
                if self.kicks.contains(&(k % 16)) {
                    v += 0.8 * (TAU * 55.0 * t).sin() * (-t / 0.05).exp();
                }
                if self.snares.contains(&(k % 16)) {
                    v += (0.3 * (TAU * 190.0 * t).sin() + 0.35 * f64::from(noise())) * (-t / 0.04).exp();
                }
                if self.hats.contains(&(k % 16)) {
                    v += 0.12 * f64::from(noise()) * (-t / 0.012).exp();
                }
                audio[at + i] += v as f32;
            }
        }
        audio.iter_mut().for_each(|v| *v += self.noise * noise());
        audio
    }

    fn heard(&self) -> Detected {
        detect(&self.audio(), SampleRate::CD).unwrap()
    }
}

fn assert_tempo(found: &Detected, bpm: f64) {
    assert!((found.bpm.get() / bpm - 1.0).abs() < 1e-3, "{found:?} for {bpm}");
}

fn assert_downbeat(found: &Detected, seconds: f64) {
    assert!((found.downbeat.get() as f64 / HERTZ - seconds).abs() < 0.005, "{found:?} for {seconds}");
}

#[test]
fn hears_tempos_from_70_to_180() {
    for bpm in [70.0, 76.5, 84.0, 92.5, 100.0, 107.3, 118.0, 128.0, 140.0, 155.5, 168.0, 174.0, 180.0] {
        let found = Beat { bpm, ..PLAIN }.heard();
        // Where a pattern is as good at half or twice the tempo, that is an alternative.
        let octave = found.alternatives.iter().any(|a| (a.get() / bpm - 1.0).abs() < 1e-3);
        if !(85.0..=170.0).contains(&bpm) && octave {
            continue;
        }
        assert_tempo(&found, bpm);
        assert_downbeat(&found, 0.0);
    }
}

#[test]
fn a_loop_cut_to_its_bars_has_a_whole_tempo_and_all_its_bars() {
    for (bpm, bars) in [(92.0, 4), (120.0, 2), (128.0, 8), (140.0, 4), (100.0, 1)] {
        let found = Beat { bpm, seconds: f64::from(bars) * 240.0 / bpm, ..PLAIN }.heard();
        assert_eq!((found.bpm.get(), found.bars.get(), found.downbeat), (bpm, bars, Frames(0)));
    }
}

#[test]
fn silence_before_the_music_is_left_out() {
    for before in [0.2, 0.513, 1.9, 3.3] {
        let found = Beat { bpm: 95.0, before, ..PLAIN }.heard();
        assert_tempo(&found, 95.0);
        assert_downbeat(&found, before);
        assert_eq!(found.bars.get(), 4);
    }
}

#[test]
fn swing_and_noise_leave_the_tempo() {
    for swing in [0.1, 0.2, 0.33] {
        let hats: &[usize] = &[0, 2, 3, 4, 6, 7, 8, 10, 11, 12, 14, 15];
        let found = Beat { bpm: 94.0, swing, hats, noise: 0.005, ..PLAIN }.heard();
        assert_tempo(&found, 94.0);
        assert_downbeat(&found, 0.0);
    }
}

#[test]
fn offbeat_hats_leave_the_downbeat() {
    let found = Beat { bpm: 126.0, before: 0.3, kicks: &[0, 4, 8, 12], snares: &[4, 12], hats: &[2, 6, 10, 14], ..PLAIN }.heard();
    assert_tempo(&found, 126.0);
    assert_downbeat(&found, 0.3);
}

#[test]
fn a_pickup_comes_before_the_downbeat() {
    // The file begins with the last two eighths of a bar.
    let beat = Beat { bpm: 100.0, ..PLAIN };
    let audio = beat.audio();
    let start = (3.0 * 0.6 * HERTZ) as usize;
    let found = detect(&audio[start..], SampleRate::CD).unwrap();
    assert_tempo(&found, 100.0);
    assert_downbeat(&found, 0.6);
}

#[test]
fn a_given_tempo_is_kept() {
    let audio = Beat { bpm: 95.0, before: 0.4, ..PLAIN }.audio();
    let found = locate(&audio, SampleRate::CD, Bpm::new(95.0).unwrap()).unwrap();
    assert_eq!((found.bpm.get(), found.bars.get()), (95.0, 4));
    assert_downbeat(&found, 0.4);
    assert!(found.confidence > 0.9);
    assert_eq!(found.alternatives, [Bpm::new(47.5).unwrap(), Bpm::new(190.0).unwrap()]);
}

#[test]
fn audio_without_a_beat_gets_a_sentence() {
    assert_eq!(detect(&[0.0; 200_000], SampleRate::CD), Err(TempoError::NoBeat));
    assert_eq!(detect(&[], SampleRate::CD), Err(TempoError::NoBeat));
    let tone: Vec<f32> = (0..200_000).map(|i| (0.3 * (TAU * 220.0 * f64::from(i) / HERTZ).sin()) as f32).collect();
    assert_eq!(detect(&tone, SampleRate::CD), Err(TempoError::NoBeat));
    let slow = Bpm::new(60.0).unwrap();
    assert_eq!(locate(&tone[..100_000], SampleRate::CD, slow), Err(TempoError::TooShort(slow)));
    let pad = locate(&tone, SampleRate::CD, slow).unwrap();
    assert_eq!((pad.downbeat, pad.bars.get()), (Frames(0), 1));
}
