//! Whatever features and lengths come, the sound is finite and of the asked length.

use inlay_dsp::{Features, Synthesis, analyse, distance, inpaint_audio, paste, synthesise};
use proptest::collection::vec;
use proptest::prelude::*;

const HOW: Synthesis =
    Synthesis { threads: 2, turns: &|i| i.wrapping_mul(2_654_435_769) as u32 as f32 / 4_294_967_296.0, proceed: &|| true, stretch: 1.0 };

/// Features that repeat a few numbers, from silence to far beyond full scale.
fn features(beats: usize, seed: &[f32]) -> Features {
    let frames = 64 * beats;
    let of = |i: usize| seed[(i / 7 + i / frames) % seed.len()];
    Features::new(frames, (0..frames * Features::BANDS).map(of).collect()).expect("finite numbers")
}

/// Mostly short loops, which are quick.
fn beats() -> impl Strategy<Value = usize> {
    prop_oneof![8 => 1usize..=8, 1 => 9usize..=64]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_features_sound(beats in beats(), samples in 0usize..60_000, seed in vec(-12f32..100.0, 1..40)) {
        let features = features(beats, &seed);
        let audio = synthesise(&features, samples, &HOW).expect("nobody stops it");
        prop_assert_eq!(audio.len(), samples);
        prop_assert!(audio.iter().all(|x| x.is_finite()));
        prop_assert!(distance(&audio, &features, beats).is_finite());
    }

    #[test]
    fn any_regions_are_filled_and_the_rest_stays(
        beats in 1usize..=8,
        samples in 0usize..60_000,
        regions in vec((-1f64..9.0, -1f64..18.0), 0..4),
        seed in vec(-9f32..0.0, 1..40),
    ) {
        let parent: Vec<f32> = (0..samples).map(|n| (n as f32 * 0.01).sin()).collect();
        let audio = inpaint_audio(&parent, &features(beats, &seed), &regions, beats, &HOW).expect("nobody stops it");
        prop_assert!(audio.iter().all(|x| x.is_finite()));
        let changed = paste(&vec![0.0; samples], &vec![1.0; samples], &regions, beats, 44_100);
        prop_assert_eq!(changed.len(), audio.len());
        prop_assert!(changed.iter().zip(audio.iter().zip(&parent)).all(|(c, (a, p))| *c > 0.0 || a == p));
    }

    #[test]
    fn any_audio_has_features(beats in 0usize..=64, audio in vec(-2f32..2.0, 0..9000)) {
        prop_assert!(analyse(&audio, beats).data().iter().all(|x| x.is_finite()));
    }
}
