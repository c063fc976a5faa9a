//! What tests share: the tiny model and the reference's tensors.

use crate::weights::{File, Weights};
use crate::{Config, Folder, StableAudio3};
use candle_core::{Device, Tensor, safetensors::Load};
use inlay_diffusion::Latents;
use safetensors::{Dtype, SafeTensors};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, LazyLock, Mutex},
};

/// The prompts of the fixtures.
pub(crate) const PROMPTS: [&str; 5] = [
    "warm analog synth pulses, 112 BPM",
    "lofi house loop, dusty drums, mellow electric piano, 84 BPM, C minor, four bars, tape noise, very long prompt that is cut",
    "",
    "Café 🎹 ♯5",
    "drums",
];

/// Where the fixtures lie.
pub(crate) fn fixtures() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Where a fixture of Stable Audio 3 lies.
pub(crate) fn path(name: &str) -> PathBuf {
    fixtures().join("sa3-tiny").join(name)
}

/// The tiny model's folder.
pub(crate) static FOLDER: LazyLock<Folder> = LazyLock::new(|| Folder::read(&path(""), None).unwrap());

/// The tiny model.
pub(crate) static MODEL: LazyLock<StableAudio3> =
    LazyLock::new(|| StableAudio3::load(&FOLDER, &Device::Cpu, &[], &crate::Loading::unwatched()).unwrap());

/// What the tiny medium model's configuration says, and its weights.
pub(crate) fn medium() -> (Config, Weights) {
    let folder = fixtures().join("sa3-medium-tiny");
    let config = Config::parse(&std::fs::read(folder.join("model_config.json")).unwrap()).unwrap();
    (config, Weights::new(Arc::new(File::open(&folder.join("model.safetensors")).unwrap()), &Device::Cpu))
}

/// Tensors of a fixture's file.
pub(crate) struct Golden(HashMap<String, Tensor>);

impl Golden {
    pub fn read(name: &str) -> Self {
        Self::of("sa3-tiny", name)
    }

    /// A file of another model's fixtures.
    pub fn of(model: &str, name: &str) -> Self {
        let bytes = std::fs::read(fixtures().join(model).join(format!("{name}.safetensors"))).unwrap();
        let file = SafeTensors::deserialize(&bytes).unwrap();
        // masks are told by lengths
        let tensors = file.iter().filter(|(_, t)| t.dtype() != Dtype::BOOL);
        Self(tensors.map(|(key, t)| (key.to_owned(), t.load(&Device::Cpu).unwrap())).collect())
    }

    pub fn get(&self, key: &str) -> Tensor {
        self.0[key].clone()
    }

    /// `[batch, channels, time]` as the reference has it → `[batch, time, channels]`.
    pub fn rows(&self, key: &str) -> Tensor {
        self.get(key).transpose(1, 2).unwrap().contiguous().unwrap()
    }

    /// The same as latents.
    pub fn latents(&self, key: &str) -> Latents {
        latents(&self.rows(key))
    }

    /// Step `i` of `[steps, batch, channels, time]`.
    pub fn step(&self, key: &str, i: usize) -> Latents {
        latents(&self.get(key).get(i).unwrap().transpose(1, 2).unwrap())
    }

    /// A vector's numbers.
    pub fn numbers(&self, key: &str) -> Vec<f32> {
        numbers(&self.get(key))
    }
}

pub(crate) fn latents(t: &Tensor) -> Latents {
    let (batch, time, channels) = t.dims3().unwrap();
    Latents::new(batch, time, channels, numbers(t)).unwrap()
}

pub(crate) fn numbers(t: &Tensor) -> Vec<f32> {
    t.flatten_all().unwrap().to_vec1().unwrap()
}

/// max|a − b| ≤ tolerance · max(1, max|b|). Prints what was found.
pub(crate) fn agree(name: &str, made: &[f32], expected: &[f32], tolerance: f32) {
    static WORST: Mutex<()> = Mutex::new(());
    assert_eq!(made.len(), expected.len(), "{name}");
    let worst = made.iter().zip(expected).map(|(a, b)| if a == b { 0.0 } else { (a - b).abs() }).fold(0.0, f32::max);
    let scale = expected.iter().fold(1.0f32, |m, v| m.max(v.abs()));
    let _one_line = WORST.lock();
    println!("{name}: {:.1e} of {tolerance:.0e}", worst / scale);
    assert!(worst <= tolerance * scale, "{name}: off by {worst}, {} allowed", tolerance * scale);
}

/// The same for tensors of one shape.
pub(crate) fn same(name: &str, made: &Tensor, expected: &Tensor, tolerance: f32) {
    assert_eq!(made.dims(), expected.dims(), "{name}");
    agree(name, &numbers(made), &numbers(expected), tolerance);
}

/// Bytes of a safetensors file with these tensors: key, shape, numbers.
pub(crate) fn bytes(tensors: &[(&str, Vec<usize>, Vec<f32>)]) -> Vec<u8> {
    let tensors = tensors.iter().map(|(key, shape, numbers)| (*key, Tensor::from_slice(numbers, shape.as_slice(), &Device::Cpu).unwrap()));
    safetensors::serialize(tensors, None).unwrap()
}

/// A model's file with its tensors changed; one is left out, since it has no numbers and isn't read.
pub(crate) fn changed(bytes: &[u8], change: impl Fn(&str, Tensor) -> Tensor) -> Vec<u8> {
    let all = candle_core::safetensors::load_buffer(bytes, &Device::Cpu).unwrap();
    let all = all.into_iter().filter(|(key, _)| !key.ends_with("noise_scaling_factor"));
    safetensors::serialize(all.map(|(key, t)| (key.clone(), change(&key, t))), None).unwrap()
}

/// The same with one of them a million times as large.
pub(crate) fn with_huge(bytes: &[u8], huge: &str) -> Vec<u8> {
    changed(bytes, |key, t| if key == huge { (t * 1e6).unwrap() } else { t })
}

/// An open file with these tensors.
pub(crate) fn file(tensors: &[(&str, Vec<usize>, Vec<f32>)]) -> File {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tensors.safetensors");
    std::fs::write(&path, bytes(tensors)).unwrap();
    File::open(&path).unwrap()
}

/// Runs `work` the way other devices do it.
pub(crate) fn portable<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).start_handler(|_| crate::nn::cpu::PORTABLE.set(true));
    pool.build().unwrap().install(work)
}
