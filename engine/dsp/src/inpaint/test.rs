use super::*;
use crate::golden::{self, load};
use crate::synthesise;
use crate::synthesise::test::turn;

const HOW: Synthesis = Synthesis { threads: 2, turns: &turn, proceed: &|| true, stretch: 1.0 };

/// Features of the whole loop, of which beats 2 to 5 are the inpainted ones.
fn patched(golden: &golden::Golden, case: usize) -> Features {
    let mut data = golden.features(case).data().to_vec();
    let part = golden.get("inpaint.features");
    for (row, new) in data.chunks_exact_mut(512).zip(part[case * 192 * 192..].chunks_exact(192)) {
        row[128..320].copy_from_slice(new);
    }
    Features::new(512, data).unwrap()
}

/// Mean absolute difference in dB over the frames of beats 2 to 5.
fn distance_inside(audio: &[f32], features: &Features) -> f32 {
    let made = analyse(audio, 8);
    let rows = (0..Features::BANDS).flat_map(|b| made.row(b)[128..320].iter().zip(&features.row(b)[128..320]));
    let off: f32 = rows.map(|(a, b)| (a - b).abs()).sum();
    off / (192.0 * 192.0) * 20.0 / std::f32::consts::LN_10
}

#[test]
fn the_inside_is_as_near_to_its_features_as_the_references_and_the_outside_stays() {
    let golden = load();
    for case in 0..2 {
        let parent = if case == 0 { golden.get("audio") } else { synthesise(&golden.features(1), golden::samples(92.0, 8), &HOW).unwrap() };
        let features = patched(&golden, case);
        let audio = inpaint_audio(&parent, &features, &[(2.0, 5.0)], 8, &HOW).unwrap();
        let (off, allowed) = (distance_inside(&audio, &features), golden.get("inpaint.distance")[case] + 0.1);
        assert!(off <= allowed, "case {case} is {off}, allowed are {allowed}");
        let [(start, length)] = spans(&[(2.0, 5.0)], 8, parent.len())[..] else { panic!() };
        assert!(audio[..start] == parent[..start] && audio[start + length..] == parent[start + length..]);
    }
}

#[test]
fn several_regions_across_the_seam_and_small_ones_leave_the_rest() {
    let golden = load();
    let parent = golden.get("audio");
    let regions = [(7.5, 8.25), (3.0, 3.125)];
    let audio = inpaint_audio(&parent, &patched(&golden, 0), &regions, 8, &HOW).unwrap();
    let spans = spans(&regions, 8, parent.len());
    let inside = |n: usize| spans.iter().any(|(s, l)| (n + parent.len() - s) % parent.len() < *l);
    assert!((0..parent.len()).all(|n| inside(n) || audio[n] == parent[n]));
    assert!((0..parent.len()).filter(|n| inside(*n)).any(|n| audio[n] != parent[n]));
    assert!(audio.iter().all(|x| x.is_finite()));
}
