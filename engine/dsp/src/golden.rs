//! The reference's tensors, as `tests/data/cut.py` sliced them.

use crate::Features;
use safetensors::SafeTensors;

pub struct Golden(Vec<u8>);

pub fn load() -> Golden {
    Golden(std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/golden.safetensors")).unwrap())
}

impl Golden {
    pub fn get(&self, name: &str) -> Vec<f32> {
        let tensors = SafeTensors::deserialize(&self.0).unwrap();
        let bytes = tensors.tensor(name).unwrap().data().to_vec();
        bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
    }

    /// Case 0 is "dusty boom bap drums", 1 "warm rhodes electric piano chords in C minor": 8 beats at 92 BPM.
    pub fn features(&self, case: usize) -> Features {
        let all = self.get("features");
        Features::new(512, all[case * 192 * 512..(case + 1) * 192 * 512].to_vec()).unwrap()
    }
}

pub fn samples(bpm: f64, beats: usize) -> usize {
    (beats as f64 * 60.0 / bpm * 44_100.0 + 0.5).floor() as usize
}

/// `max |a - b| <= tolerance * max(1, max |b|)`.
pub fn assert_close(a: &[f32], b: &[f32], tolerance: f32) {
    assert_eq!(a.len(), b.len());
    let most = b.iter().fold(1.0f32, |m, x| m.max(x.abs()));
    let apart = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(apart <= tolerance * most, "{apart} apart, {} allowed", tolerance * most);
}
