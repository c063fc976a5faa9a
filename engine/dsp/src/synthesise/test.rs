use super::*;
use crate::distance;
use crate::golden::{self, load};

/// A splitmix turn by index: as good as any other for where to begin.
pub(crate) fn turn(index: u64) -> f32 {
    let mut z = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
}

fn how(threads: usize) -> Synthesis<'static> {
    Synthesis { threads, turns: &turn, proceed: &|| true }
}

#[test]
fn sounds_as_near_to_its_features_as_the_references() {
    let golden = load();
    for (name, bpm) in [("audio.distance", 92.0), ("slow.distance", 70.0)] {
        for case in 0..2 {
            let features = golden.features(case);
            let audio = synthesise(&features, golden::samples(bpm, 8), &how(2)).unwrap();
            let (off, allowed) = (distance(&audio, &features, 8), golden.get(name)[case] + 0.1);
            assert!(off <= allowed, "{name} of case {case} is {off}, allowed are {allowed}");
        }
    }
}

#[test]
fn any_number_of_threads_makes_the_same_samples() {
    let features = load().features(0);
    let one = synthesise(&features, 50_001, &how(1)).unwrap();
    for threads in [0, 2, 5] {
        assert!(synthesise(&features, 50_001, &how(threads)).unwrap() == one, "{threads} threads");
    }
}

#[test]
fn stops_when_it_is_no_longer_wanted() {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let proceed = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) < 3;
    let how = Synthesis { threads: 2, turns: &turn, proceed: &proceed };
    assert_eq!(synthesise(&load().features(0), 50_000, &how), Err(Cancelled));
    assert_eq!(asked.into_inner(), 4);
}
