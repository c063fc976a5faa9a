use super::*;
use std::f64::consts::TAU;

/// `cycles` whole turns of a sine in a loop of `length` samples.
fn sine(length: usize, cycles: usize) -> Vec<f32> {
    (0..length).map(|i| (TAU * ((i * cycles) % length) as f64 / length as f64 + 0.3).sin() as f32).collect()
}

/// A loop with something at every frequency; the same for everybody.
fn noise(length: usize) -> Vec<f32> {
    let mut state = 1u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    std::iter::repeat_with(next).take(length).collect()
}

/// Largest difference in dB of full scale.
fn error(a: &[f32], b: &[f32]) -> f64 {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).fold(1e-12, f64::max);
    20.0 * worst.log10()
}

#[test]
fn the_same_length_is_the_same_loop_bit_for_bit() {
    let audio = noise(1000);
    assert_eq!(resample_loop(&audio, Frames(1000)), audio);
}

#[test]
fn a_sine_comes_out_as_the_same_sine_at_every_rate() {
    // 4 bars at 120 BPM, at 92 BPM, and a length that shares nothing with the one asked for.
    let lengths = [
        (352_800, 384_000),
        (460_174, 500_873),
        (88_200, 176_400),
        (88_200, 192_000),
        (88_211, 384_017),
        (88_200, 96_000),
        (88_200, 44_100),
        (88_200, 16_000),
        (192_013, 88_204),
        (96_000, 88_200),
    ];
    for (n, m) in lengths {
        let nyquist = n.min(m) / 2;
        for share in [0.001, 0.1, 0.5, 0.8, 0.94] {
            let cycles = (nyquist as f64 * share) as usize;
            let e = error(&resample_loop(&sine(n, cycles), Frames(m)), &sine(m, cycles));
            assert!(e < -100.0, "{n} to {m}, {cycles} cycles: {e:.1} dB");
        }
    }
}

#[test]
fn what_the_lower_rate_cannot_hold_is_gone() {
    for (n, m) in [(88_200, 44_100), (96_000, 88_200), (192_013, 88_204)] {
        for share in [1.001, 1.02, (n as f64 / m as f64).min(1.9)] {
            let cycles = (m as f64 / 2.0 * share).min(n as f64 / 2.0 - 1.0) as usize;
            let out = resample_loop(&sine(n, cycles), Frames(m));
            let e = error(&out, &vec![0.0; m]);
            assert!(e < -100.0, "{n} to {m}, {share}: {e:.1} dB");
        }
    }
}

#[test]
fn going_up_adds_no_images() {
    // A tone at 0.94 of Nyquist has its image at 1.06: were it there, the sine test would see it; here a loop of noise goes
    // up and down again, which must give what the band-limited noise was.
    let once = resample_loop(&resample_loop(&noise(44_100), Frames(30_000)), Frames(44_100));
    let twice = resample_loop(&resample_loop(&once, Frames(96_000)), Frames(44_100));
    assert!(error(&once, &twice) < -95.0, "{}", error(&once, &twice));
}

#[test]
fn the_seam_is_like_any_other_place() {
    // 147 samples in are 160 out, so a loop turned by that and resampled is the resampled loop turned.
    let audio = noise(147 * 300);
    let mut turned = audio.clone();
    turned.rotate_left(147 * 77);
    let mut expected = resample_loop(&audio, Frames(160 * 300));
    expected.rotate_left(160 * 77);
    assert_eq!(resample_loop(&turned, Frames(160 * 300)), expected);

    let mut down = resample_loop(&expected, Frames(147 * 300));
    down.rotate_right(147 * 77);
    expected.rotate_right(160 * 77);
    assert_eq!(resample_loop(&expected, Frames(147 * 300)), down);
}

#[test]
fn a_loop_shorter_than_the_kernel_wraps_several_times() {
    let e = error(&resample_loop(&sine(50, 3), Frames(55)), &sine(55, 3));
    assert!(e < -100.0, "{e}");
    assert!(error(&resample_loop(&[0.5], Frames(3)), &[0.5; 3]) < -120.0);
}

#[test]
fn nothing_becomes_silence() {
    assert_eq!(resample_loop(&[], Frames(3)), [0.0; 3]);
    assert!(resample_loop(&[1.0], Frames(0)).is_empty());
}

/// A number for the bits of all samples (FNV-1a), the same on every machine.
fn bits(audio: &[f32]) -> u64 {
    audio
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn samples_stay_the_same_for_ever() {
    // projects hold what these made: a change here changes how saved takes sound
    let lengths =
        [(44_100, 48_000), (44_100, 96_000), (57_521, 62_609), (48_000, 44_100), (96_000, 44_100), (50_000, 11_025), (3, 50), (50, 3)];
    let expected: [u64; 8] = [
        0x973a_35d5_b764_6081,
        0x20f5_23c2_8bef_ecf1,
        0x7ec2_5dc5_72a7_516a,
        0xbe62_faa9_c53c_6e83,
        0x0798_f4e4_a8db_514d,
        0x7cb5_e4be_ae55_7f82,
        0x774e_1c4a_1a45_9c5d,
        0xe73b_6fa9_ecb7_4109,
    ];
    for ((n, m), expected) in lengths.into_iter().zip(expected) {
        assert_eq!(bits(&resample_loop(&noise(n), Frames(m))), expected, "{n} to {m}");
    }
}

#[test]
fn registers_of_every_width_make_the_same_samples() {
    // what the processor here has at its best, against numbers one by one
    let (audio, m) = (noise(5_001), 5_443);
    let doubled = sharp::double(&audio);
    assert_eq!(doubled, sharp::double_on(pulp::Scalar::new(), &audio));
    assert_eq!(sharp::halve(&doubled), sharp::halve_on(pulp::Scalar::new(), &doubled));
    assert_eq!(Kernel::same().place(&doubled, m), Kernel::same().place_on(pulp::Scalar::new(), &doubled, m));
    #[cfg(target_arch = "x86_64")]
    if let Some(narrower) = pulp::x86::V3::try_new() {
        assert_eq!(doubled, sharp::double_on(narrower, &audio));
        assert_eq!(sharp::halve(&doubled), sharp::halve_on(narrower, &doubled));
        assert_eq!(Kernel::same().place(&doubled, m), Kernel::same().place_on(narrower, &doubled, m));
    }
}
