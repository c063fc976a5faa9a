//! Distances, attacks and times of the phases, on the reference's cases: `cargo run --release --example measure`.

use inlay_dsp::{Features, Synthesis, analyse, distance, inpaint_audio, synthesise};
use safetensors::SafeTensors;
use std::time::Instant;

fn turn(index: u64) -> f32 {
    let mut z = index.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 40) as f32 / (1u64 << 24) as f32
}

fn samples(bpm: f64, beats: usize) -> usize {
    (beats as f64 * 60.0 / bpm * 44_100.0 + 0.5).floor() as usize
}

/// Least seconds of several runs, since other work may share the cores: on the clock, and of this thread on its core where the system tells.
fn least(mut run: impl FnMut()) -> String {
    let busy = || -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(text.split(' ').next()?.parse::<f64>().ok()? / 1e9)
    };
    let once = |run: &mut dyn FnMut()| {
        let (clock, core) = (Instant::now(), busy());
        run();
        (clock.elapsed().as_secs_f64(), busy().zip(core).map_or(f64::NAN, |(b, a)| b - a))
    };
    let runs: Vec<(f64, f64)> = (0..7).map(|_| once(&mut run)).collect();
    let (clock, core) = runs.iter().fold((f64::INFINITY, f64::INFINITY), |m, r| (m.0.min(r.0), m.1.min(r.1)));
    format!("{clock:.3} s, this thread {core:.3} s")
}

fn decibels(ratio: f32) -> f32 {
    10.0 * ratio.log10()
}

fn main() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/golden.safetensors")).expect("the golden slices");
    let golden = SafeTensors::deserialize(&bytes).expect("safetensors");
    let get = |name: &str| -> Vec<f32> {
        let data = golden.tensor(name).expect(name).data();
        data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
    };
    let how = |threads| Synthesis { threads, turns: &turn, proceed: &|| true, stretch: 1.0 };
    let features = |case: usize| Features::new(512, get("features")[case * 192 * 512..][..192 * 512].to_vec()).expect("features");
    for (name, bpm) in [("audio.distance", 92.0), ("slow.distance", 70.0)] {
        for case in 0..2 {
            let audio = synthesise(&features(case), samples(bpm, 8), &how(2)).expect("audio");
            println!("{name} {case}: {:.3} (reference {:.3})", distance(&audio, &features(case), 8), get(name)[case]);
        }
    }
    for case in 0..2 {
        // Beats 2 to 5 made anew.
        let (new, mut data) = (get("inpaint.features"), features(case).data().to_vec());
        let parent = synthesise(&features(case), samples(92.0, 8), &how(2)).expect("audio");
        for (row, part) in data.chunks_exact_mut(512).zip(new[case * 192 * 192..].chunks_exact(192)) {
            row[128..320].copy_from_slice(part);
        }
        let wanted = Features::new(512, data).expect("features");
        let made = analyse(&inpaint_audio(&parent, &wanted, &[(2.0, 5.0)], 8, &how(2)).expect("audio"), 8);
        let rows = made.data().chunks_exact(512).zip(wanted.data().chunks_exact(512));
        let off: f32 = rows.flat_map(|(a, b)| a[128..320].iter().zip(&b[128..320])).map(|(a, b)| (a - b).abs()).sum();
        println!("inpaint.distance {case}: {:.3} (reference {:.3})", off / (192.0 * 192.0) * 8.686, get("inpaint.distance")[case]);
    }
    let hits = get("hits");
    let reference = get("hits.before_after_db");
    for (shift, name) in [(0, "on a frame"), (115, "a third of a hop later"), (172, "half a hop later")] {
        for (i, what) in ["kick", "snare", "hat"].iter().enumerate() {
            let (at, mut input) = (33_075 + shift, vec![0.0; 88_200]);
            input[at..at + 22_050].copy_from_slice(&hits[i * 22_050..][..22_050]);
            let wanted = analyse(&input, 4);
            let audio = synthesise(&wanted, 88_200, &how(2)).expect("audio");
            let power = |x: &[f32], a: usize, b: usize| x[a..b].iter().map(|x| x * x).sum::<f32>() + 1e-12;
            let peak = |x: &[f32]| x.iter().fold(0.0f32, |m, x| m.max(x.abs()));
            let early = |x: &[f32]| power(x, at, at + 220);
            println!(
                "{what} {name}: before/after {:.1} dB (reference {:.1}), peak {:+.1} dB, first 5 ms {:+.1} dB, distance {:.3}",
                decibels(power(&audio, at - 882, at) / power(&audio, at, at + 882)),
                reference[i],
                2.0 * decibels(peak(&audio) / peak(&input)),
                decibels(early(&audio) / early(&input)),
                distance(&audio, &wanted, 4)
            );
        }
    }
    let longer: Vec<f32> = features(0).data().chunks_exact(512).flat_map(|row| [row, row].concat()).collect();
    let longer = Features::new(1024, longer).expect("features");
    for threads in [1, 2] {
        let t = least(|| drop(synthesise(&longer, 352_800, &how(threads))));
        println!("4 bars at 120 BPM, {threads} threads: {t}");
    }
    let parent = synthesise(&longer, 352_800, &how(2)).expect("audio");
    println!("analyse: {}", least(|| drop(analyse(&parent, 16))));
    for end in [4.125, 8.0] {
        let t = least(|| drop(inpaint_audio(&parent, &longer, &[(4.0, end)], 16, &how(2))));
        println!("inpaint beats 4 to {end}: {t}");
    }
}
