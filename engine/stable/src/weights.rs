//! Tensors of a safetensors file, mapped one by one while they are copied: the file's pages never stay beside the model's own copy.

use crate::error::WeightsError;
use crate::layout::Layout;
use crate::lora::Stack;
use candle_core::{Device, Tensor};
use half::{bf16, f16};
use memmap2::{Mmap, MmapOptions};
use safetensors::{
    Dtype, SafeTensors,
    tensor::{Metadata, TensorInfo},
};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    io::{Read, Seek, SeekFrom},
    path::Path,
    sync::Arc,
};

/// Bytes at either end of a tensor that tell it from others.
const SAMPLE: u64 = 256;

/// An open file with a header that fits its length.
#[derive(Debug)]
pub(crate) struct File {
    file: fs::File,
    name: String,
    /// Where the tensors' bytes start.
    start: u64,
    metadata: Metadata,
}

impl File {
    /// Opens a file and reads its header; no tensor is touched.
    ///
    /// # Errors
    /// [`WeightsError::Unreadable`], or [`WeightsError::Damaged`] where header and length don't fit.
    pub fn open(path: &Path) -> Result<Self, WeightsError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let unreadable = |reason: String| WeightsError::Unreadable { file: name.clone(), reason };
        let file = fs::File::open(path).map_err(|e| unreadable(e.to_string()))?;
        let found = file.metadata().map_err(|e| unreadable(e.to_string()))?;
        if !found.is_file() {
            // a pipe would wait for ever, a device never end
            return Err(unreadable("it is no plain file".into()));
        }
        if found.len() < 8 {
            return Err(WeightsError::Damaged { file: name, reason: format!("it has {} bytes", found.len()) });
        }
        // SAFETY: the map is read while the header is parsed and dropped right after it. A program that cut the file in these
        // milliseconds would end this one; nobody else has a reason to write to a model's file, and reading whole files instead would
        // cost gigabytes.
        let map = unsafe { Mmap::map(&file) }.map_err(|e| unreadable(e.to_string()))?;
        let (header, metadata) =
            SafeTensors::read_metadata(&map).map_err(|e| WeightsError::Damaged { file: name.clone(), reason: e.to_string() })?;
        drop(map);
        Ok(Self { file, name, start: header as u64 + 8, metadata })
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Shapes by key.
    pub fn tensors(&self) -> HashMap<String, &TensorInfo> {
        self.metadata.tensors()
    }

    /// An entry of the header's notes.
    pub fn note(&self, key: &str) -> Option<&str> {
        self.metadata.metadata().as_ref()?.get(key).map(String::as_str)
    }

    /// Takes into `hash` what tells this file's tensors from others', of those whose keys `chosen` wants: keys, kinds, shapes, and the first and
    /// the last bytes of each. Files have gigabytes, so all bytes would take seconds.
    ///
    /// # Errors
    /// [`WeightsError::Unreadable`] where the disk fails.
    pub fn identify(&self, hash: &mut Sha256, chosen: impl Fn(&str) -> bool) -> Result<(), WeightsError> {
        let tensors: BTreeMap<String, &TensorInfo> = self.tensors().into_iter().filter(|(key, _)| chosen(key)).collect();
        let unreadable = |e: std::io::Error| WeightsError::Unreadable { file: self.name.clone(), reason: e.to_string() };
        let mut file = &self.file;
        for (key, info) in tensors {
            hash.update(format!("{key} {:?} {:?};", info.dtype, info.shape));
            let (first, last) = (self.start + info.data_offsets.0 as u64, self.start + info.data_offsets.1 as u64);
            for (from, to) in [(first, last.min(first + SAMPLE)), (first.max(last.saturating_sub(SAMPLE)), last)] {
                let mut bytes = vec![0; (to - from) as usize];
                file.seek(SeekFrom::Start(from)).and_then(|_| file.read_exact(&mut bytes)).map_err(unreadable)?;
                hash.update(&bytes);
            }
        }
        Ok(())
    }

    /// What is known of a tensor of this shape.
    fn info(&self, tensor: &str, shape: &[usize]) -> Result<&TensorInfo, WeightsError> {
        let file = || self.name.clone();
        let info = self.metadata.info(tensor).ok_or_else(|| WeightsError::Missing { file: file(), tensor: tensor.into() })?;
        if info.shape != shape {
            let (expected, found) = (shape.to_vec(), info.shape.clone());
            return Err(WeightsError::Shape { file: file(), tensor: tensor.into(), expected, found });
        }
        readable(&self.name, tensor, info.dtype)?;
        Ok(info)
    }

    /// Whether every tensor of `layout` is there, with its shape and a kind that can be read. No tensor is touched.
    ///
    /// # Errors
    /// [`WeightsError`] for the first one that isn't.
    pub fn check(&self, layout: &Layout) -> Result<(), WeightsError> {
        layout.iter().try_for_each(|(tensor, shape)| self.info(tensor, shape).map(|_| ()))
    }

    /// Elements `from` to `from + count` of a tensor, in f32.
    fn part(&self, tensor: &str, shape: &[usize], from: usize, count: usize) -> Result<Vec<f32>, WeightsError> {
        let info = self.info(tensor, shape)?;
        let size = if info.dtype == Dtype::F32 { 4 } else { 2 };
        if count == 0 {
            return Ok(vec![]);
        }
        let offset = self.start + (info.data_offsets.0 + from * size) as u64;
        // SAFETY: as in `open`; the map lives until its bytes are copied, a few lines below.
        let map = unsafe { MmapOptions::new().offset(offset).len(count * size).map(&self.file) }
            .map_err(|e| WeightsError::Unreadable { file: self.name.clone(), reason: e.to_string() })?;
        let numbers: Vec<f32> = match info.dtype {
            Dtype::F32 => map.as_chunks::<4>().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            Dtype::F16 => map.as_chunks::<2>().0.iter().map(|b| f16::from_le_bytes(*b).to_f32()).collect(),
            _ => map.as_chunks::<2>().0.iter().map(|b| bf16::from_le_bytes(*b).to_f32()).collect(),
        };
        if numbers.iter().any(|v| !v.is_finite()) {
            return Err(WeightsError::NotFinite { file: self.name.clone(), tensor: tensor.into() });
        }
        Ok(numbers)
    }

    /// A whole tensor in f32, row-major.
    ///
    /// # Errors
    /// [`WeightsError`] where it is missing, has another shape or kind, or can't be read.
    pub fn numbers(&self, tensor: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        self.part(tensor, shape, 0, shape.iter().product())
    }

    /// Row `row` of a matrix `[rows, width]`, in f32. Rows beyond the last are rows of zeros.
    ///
    /// # Errors
    /// As [`File::numbers`].
    pub fn row(&self, tensor: &str, [rows, width]: [usize; 2], row: usize) -> Result<Vec<f32>, WeightsError> {
        if row >= rows {
            return Ok(vec![0.0; width]);
        }
        self.part(tensor, &[rows, width], row * width, width)
    }
}

/// Whether numbers of a kind can be read.
///
/// # Errors
/// [`WeightsError::Kind`].
pub(crate) fn readable(file: &str, tensor: &str, kind: Dtype) -> Result<(), WeightsError> {
    if matches!(kind, Dtype::F32 | Dtype::F16 | Dtype::BF16) {
        return Ok(());
    }
    Err(WeightsError::Kind { file: file.into(), tensor: tensor.into(), found: format!("{kind:?}") })
}

/// A place in a file's tree of tensors, a device to put them onto, and what changes them on the way.
#[derive(Debug, Clone)]
pub(crate) struct Weights {
    file: Arc<File>,
    prefix: String,
    device: Device,
    loras: Option<Arc<Stack>>,
}

impl Weights {
    /// The root of a file's tree.
    pub fn new(file: Arc<File>, device: &Device) -> Self {
        Self { file, prefix: String::new(), device: device.clone(), loras: None }
    }

    /// The same with LoRAs on top.
    pub fn with_loras(mut self, loras: Arc<Stack>) -> Self {
        self.loras = Some(loras);
        self
    }

    /// The place `part` below this one.
    pub fn pp(&self, part: impl std::fmt::Display) -> Self {
        Self { prefix: format!("{}{part}.", self.prefix), ..self.clone() }
    }

    /// Where tensors go.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// A tensor's numbers, row-major, with the LoRAs' changes.
    ///
    /// # Errors
    /// As [`File::numbers`].
    pub fn numbers(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, WeightsError> {
        let key = format!("{}{name}", self.prefix);
        let numbers = self.file.numbers(&key, shape)?;
        match &self.loras {
            Some(loras) => loras.change(&key, shape, numbers),
            None => Ok(numbers),
        }
    }

    /// A tensor on the device.
    ///
    /// # Errors
    /// As [`File::numbers`], or where the device can't take it.
    pub fn get(&self, name: &str, shape: &[usize]) -> Result<Tensor, WeightsError> {
        Ok(Tensor::from_vec(self.numbers(name, shape)?, shape, &self.device)?)
    }

    /// A weight `[outputs, inputs, kernel]` that is stored as direction and length (Salimans & Kingma 2016): w = g · v / ‖v‖ for each output.
    ///
    /// # Errors
    /// As [`File::numbers`].
    pub fn folded(&self, shape: [usize; 3]) -> Result<Vec<f32>, WeightsError> {
        let mut v = self.numbers("weight_v", &shape)?;
        let g = self.numbers("weight_g", &[shape[0], 1, 1])?;
        for (filter, g) in v.chunks_exact_mut((shape[1] * shape[2]).max(1)).zip(g) {
            let norm = filter.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>().sqrt();
            // a filter of zeros has no direction and stays one
            let factor = if norm > 0.0 { f64::from(g) / norm } else { 0.0 };
            filter.iter_mut().for_each(|v| *v = (f64::from(*v) * factor) as f32);
        }
        Ok(v)
    }
}
