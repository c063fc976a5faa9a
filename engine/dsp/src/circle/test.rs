use super::*;

fn noise(samples: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..samples).map(|_| next()).collect()
}

fn apart(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

#[test]
fn centres_round_halves_up() {
    assert_eq!((0..5).map(|i| centre(i, 10, 4)).collect::<Vec<_>>(), [0, 3, 5, 8, 10]);
    assert_eq!(start(0, 10, 4, 4), 8);
}

#[test]
fn spectra_give_the_audio_back() {
    for samples in [7777, 900, 300] {
        let audio = noise(samples);
        assert!(apart(&istft(&stft(&audio, 32, 1024), samples), &audio) < 1e-5, "{samples} samples");
    }
}

#[test]
fn turning_the_circle_by_a_hop_moves_the_frames() {
    let audio = noise(3200);
    let mut turned = audio.clone();
    turned.rotate_left(200);
    let (a, b) = (stft(&audio, 16, 1024), stft(&turned, 16, 1024));
    assert_eq!(a.data[513..], b.data[..15 * 513]);
    assert_eq!(a.data[..513], b.data[15 * 513..]);
}

#[test]
fn bands_add_up_and_the_low_one_holds_only_what_is_low() {
    for samples in [22_050, 22_051] {
        let tone =
            |hz: f64| (0..samples).map(move |n| (TAU * (hz * samples as f64 / 44_100.0).round() * n as f64 / samples as f64).sin() as f32);
        let audio: Vec<f32> = tone(440.0).zip(tone(3000.0)).map(|(a, b)| a + b).collect();
        let (low, high) = split_bands(&audio);
        assert!(apart(&low, &tone(440.0).collect::<Vec<_>>()) < 1e-4);
        assert!(apart(&high, &tone(3000.0).collect::<Vec<_>>()) < 1e-4);
    }
}
