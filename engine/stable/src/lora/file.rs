//! A LoRA's file: what it says it is, and what it holds.

use super::change::Change;
use super::svd;
use crate::error::{LoraError, WeightsError, first_line};
use crate::layout::Layout;
use crate::weights::{File, readable};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path, sync::Arc};

/// What follows a module's name in the keys.
const MARK: &str = ".parametrizations.weight.0.";
/// More isn't low.
const MOST_RANK: usize = 4096;

/// What a LoRA does to a weight besides adding to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Nothing (Hu et al. 2021).
    Lora,
    /// Rows get learned lengths (Liu et al. 2024).
    DoraRows,
    /// Columns do.
    DoraCols,
    /// Both do.
    Bora,
}

/// An open LoRA of a Stable Audio model.
#[derive(Debug, Clone)]
pub struct Lora {
    file: Arc<File>,
    kind: Kind,
    /// Between the largest singular vectors of the weight itself (LoRA-XS).
    small: bool,
    /// alpha / rank
    scale: f32,
    rank: usize,
    /// The shapes of each module's tensors.
    modules: BTreeMap<String, BTreeMap<String, Vec<usize>>>,
}

/// The header's note.
#[derive(Deserialize)]
struct Note {
    #[serde(default)]
    rank: Option<usize>,
    #[serde(default)]
    alpha: Option<f64>,
    adapter_type: String,
}

impl Lora {
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Opens a file and reads its header; no tensor is read.
    ///
    /// # Errors
    /// [`LoraError`] where it is no LoRA that can be used.
    pub fn open(path: &Path) -> Result<Self, LoraError> {
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        if [".ckpt", ".pt", ".pth", ".bin"].iter().any(|end| name.to_ascii_lowercase().ends_with(end)) {
            return Err(LoraError::Pickle(name));
        }
        let file = File::open(path)?;
        let none = |reason: String| LoraError::NoLora { file: name.clone(), reason };
        let note = file.note("lora_config").ok_or_else(|| none("its header has no lora_config".into()))?;
        let note: Note = serde_json::from_str(note).map_err(|e| none(format!("its lora_config can't be read: {}", first_line(&e))))?;
        let mut modules: BTreeMap<String, BTreeMap<String, Vec<usize>>> = BTreeMap::new();
        for (key, info) in file.tensors() {
            readable(file.name(), &key, info.dtype)?;
            let (module, part) = key.split_once(MARK).ok_or_else(|| none(format!("it holds {key}")))?;
            modules.entry(module.to_owned()).or_default().insert(part.to_owned(), info.shape.clone());
        }
        let first = modules.values().next().ok_or_else(|| none("it is empty".into()))?;
        let (adapter, small) = match note.adapter_type.strip_suffix("-xs") {
            Some(adapter) => (adapter, true),
            None => (note.adapter_type.as_str(), false),
        };
        let kind = match adapter {
            "lora" => Kind::Lora,
            "dora-rows" => Kind::DoraRows,
            "dora-cols" => Kind::DoraCols,
            "bora" => Kind::Bora,
            // older files don't say the axis: lengths of columns lie in a row
            "dora" => match first.get("magnitude").map(Vec::as_slice) {
                Some([1, _]) => Kind::DoraCols,
                _ => Kind::DoraRows,
            },
            other => return Err(none(format!("its kind \"{other}\" isn't known"))),
        };
        let shapes = first.get(if small { "M_xs" } else { "lora_A" }).and_then(|shape| shape.first().copied());
        let rank = note.rank.or(shapes).filter(|r| (1..=MOST_RANK).contains(r)).ok_or_else(|| none("its rank can't be used".into()))?;
        let scale = (note.alpha.unwrap_or(rank as f64) / rank as f64) as f32;
        if !(scale.is_finite() && scale.abs() < 1e4) {
            return Err(none("its alpha can't be used".into()));
        }
        Ok(Self { file: Arc::new(file), kind, small, scale, rank, modules })
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        self.file.name()
    }

    /// How many weights it changes.
    pub fn changes(&self) -> usize {
        self.modules.len()
    }

    /// Whether every module is one of the model's, with tensors that fit its shape.
    pub(super) fn check(&self, model: &Layout) -> Result<(), LoraError> {
        let weights: BTreeMap<&str, &[usize]> = model.iter().collect();
        let other = |reason: String| LoraError::OtherModel { file: self.name().to_owned(), reason };
        for (module, parts) in &self.modules {
            let shape = weights.get(key(module).as_str()).ok_or_else(|| other(format!("it changes {module}, which this model lacks")))?;
            let outputs = shape.first().copied().unwrap_or_default();
            let inputs = shape.iter().skip(1).product::<usize>();
            for (part, expected) in self.parts([outputs, inputs]) {
                let found = parts.get(part).ok_or_else(|| other(format!("{module} lacks {part}")))?;
                // a row of lengths may be stored as a matrix with one row or column
                if found.iter().filter(|n| **n != 1).ne(expected.iter().filter(|n| **n != 1)) {
                    return Err(other(format!("{module} has {part} of the shape {found:?}, where {expected:?} belongs")));
                }
            }
            if self.small && self.rank > outputs.min(inputs) {
                return Err(other(format!("a rank of {} for {module}, which has {outputs} × {inputs} numbers", self.rank)));
            }
        }
        Ok(())
    }

    /// The tensors that a module must have.
    fn parts(&self, [outputs, inputs]: [usize; 2]) -> Vec<(&'static str, Vec<usize>)> {
        let mut parts = if self.small {
            vec![("M_xs", vec![self.rank, self.rank])]
        } else {
            vec![("lora_A", vec![self.rank, inputs]), ("lora_B", vec![outputs, self.rank])]
        };
        match self.kind {
            Kind::Lora => {}
            Kind::DoraRows => parts.push(("magnitude", vec![outputs])),
            Kind::DoraCols => parts.push(("magnitude", vec![inputs])),
            Kind::Bora => parts.extend([("magnitude_r", vec![outputs]), ("magnitude_c", vec![inputs])]),
        }
        parts
    }

    /// The module that belongs to a weight's key, if the file has it.
    pub(super) fn module(&self, weight: &str) -> Option<&str> {
        let stem = weight.strip_suffix(".weight")?;
        let module = stem.strip_prefix("model.").or_else(|| stem.strip_prefix("conditioner."))?;
        self.modules.get_key_value(module).map(|(module, _)| module.as_str())
    }

    /// A module's change of a weight `[outputs, inputs]`; `base` is the model's own one.
    pub(super) fn read(&self, module: &str, size: [usize; 2], base: &[f32]) -> Result<Change, WeightsError> {
        let part = |name: &str| {
            let shape = self.modules.get(module).and_then(|parts| parts.get(name)).cloned().unwrap_or_default();
            self.file.numbers(&format!("{module}{MARK}{name}"), &shape)
        };
        let (a, b) = if self.small {
            let svd::Top { u, v } = svd::top(base, size, self.rank);
            // U M, then V as it is
            let m = part("M_xs")?;
            let row = |u: &[f32]| {
                (0..self.rank).map(|j| u.iter().zip(m.iter().skip(j).step_by(self.rank)).map(|(u, m)| u * m).sum()).collect::<Vec<f32>>()
            };
            (v, u.chunks_exact(self.rank).flat_map(row).collect())
        } else {
            (part("lora_A")?, part("lora_B")?)
        };
        let (rows, columns) = match self.kind {
            Kind::Lora => (None, None),
            Kind::DoraRows => (Some(part("magnitude")?), None),
            Kind::DoraCols => (None, Some(part("magnitude")?)),
            Kind::Bora => (Some(part("magnitude_r")?), Some(part("magnitude_c")?)),
        };
        Ok(Change { a, b, rank: self.rank, scale: self.scale, rows, columns })
    }
}

/// The key of a module's weight: files leave the first part of it away.
fn key(module: &str) -> String {
    let first = if module.starts_with("conditioners.") { "conditioner" } else { "model" };
    format!("{first}.{module}.weight")
}
