//! Scratch.
use inlay_dsp::{Features, Synthesis, synthesise};
fn main() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/golden.safetensors")).unwrap();
    let golden = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let f: Vec<f32> =
        golden.tensor("features").unwrap().data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let longer: Vec<f32> = f[..192 * 512].chunks_exact(512).flat_map(|row| [row, row].concat()).collect();
    let longer = Features::new(1024, longer).unwrap();
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    for _ in 0..n {
        let how = Synthesis {
            threads: 1,
            turns: &|i: u64| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / (1u64 << 24) as f32,
            proceed: &|| true,
        };
        std::hint::black_box(synthesise(&longer, 352_800, &how)).unwrap();
    }
    if n == 0 {
        let h: Vec<f32> =
            golden.tensor("hits").unwrap().data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let power = |x: &[f32], a: usize, b: usize| x[a..b].iter().map(|x| x * x).sum::<f32>() + 1e-12;
        let peak = |x: &[f32]| x.iter().fold(0.0f32, |m, x| m.max(x.abs()));
        for i in 0..3 {
            for shift in [0, 115, 172, 250] {
                let (at, mut input) = (33_075 + shift, vec![0.0; 88_200]);
                input[at..at + 22_050].copy_from_slice(&h[i * 22_050..][..22_050]);
                let wanted = inlay_dsp::analyse(&input, 4);
                let (mut b, mut p, mut e) = (vec![], vec![], vec![]);
                for seed in 0..12u64 {
                    let turns = move |i: u64| {
                        let mut z = (i + seed * 1_000_000_007).wrapping_mul(0x9e37_79b9_7f4a_7c15);
                        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
                        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
                        (z >> 40) as f32 / (1u64 << 24) as f32
                    };
                    let how = Synthesis { threads: 1, turns: &turns, proceed: &|| true };
                    let audio = synthesise(&wanted, 88_200, &how).unwrap();
                    b.push(10.0 * (power(&audio, at - 882, at) / power(&audio, at, at + 882)).log10());
                    p.push(20.0 * (peak(&audio) / peak(&input)).log10());
                    e.push(10.0 * (power(&audio, at, at + 220) / power(&input, at, at + 220)).log10());
                }
                let f = |v: &mut Vec<f32>| {
                    v.sort_by(f32::total_cmp);
                    format!("{:.1} {:.1} {:.1}", v[0], v[6], v[11])
                };
                println!("{i} +{shift}: before {} | peak {} | first {}", f(&mut b), f(&mut p), f(&mut e));
            }
        }
        for (bpm, name) in [(92.0, "audio"), (70.0, "slow")] {
            for case in 0..2 {
                let features = Features::new(512, f[case * 192 * 512..][..192 * 512].to_vec()).unwrap();
                let n = (8.0 * 60.0 / bpm * 44_100.0 + 0.5f64).floor() as usize;
                let how = Synthesis {
                    threads: 1,
                    turns: &|i: u64| (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as f32 / (1u64 << 24) as f32,
                    proceed: &|| true,
                };
                let audio = synthesise(&features, n, &how).unwrap();
                let made = inlay_dsp::analyse(&audio, 8);
                let part = |rows: std::ops::Range<usize>| -> f32 {
                    rows.clone()
                        .map(|r| (0..512).map(|i| (made.data()[r * 512 + i] - features.data()[r * 512 + i]).abs()).sum::<f32>())
                        .sum::<f32>()
                        / (rows.len() * 512) as f32
                        * 8.6859
                };
                println!("{name} {case}: low {:.3} high {:.3} all {:.3}", part(0..130), part(130..192), part(0..192));
            }
        }
    }
}
