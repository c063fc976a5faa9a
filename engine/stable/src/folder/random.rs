//! A folder with random weights, to measure a model's speed and memory without its files.

use super::{Config, layout};
use crate::error::{FolderError, StableError};
use crate::layout::Layout;
use crate::t5gemma;
use half::bf16;
use inlay_diffusion::{Sequence, Stream};
use std::{
    fs,
    io::{BufWriter, Write},
    path::Path,
};

/// Numbers that are drawn and written at once.
const BLOCK: u64 = 1 << 16;

/// Writes a model's folder: `config` and `text_config` are the contents of the two configurations, `tokenizer` that of the tokenizer.
/// The weights, in f32, and the text encoder's, in bf16, are random numbers of the size that keeps signals in range.
///
/// # Errors
/// [`FolderError`] where a configuration can't be used, or the folder can't be written.
pub fn write_random(path: &Path, config: &[u8], text_config: &[u8], tokenizer: &[u8]) -> Result<(), StableError> {
    let parsed = Config::parse(config)?;
    let text = path.join(&parsed.text.folder);
    let unwritten = |e: std::io::Error| FolderError::Unreadable { name: path.display().to_string(), reason: e.to_string() };
    fs::create_dir_all(&text).map_err(unwritten)?;
    fs::write(path.join("model_config.json"), config).map_err(unwritten)?;
    fs::write(text.join("config.json"), text_config).map_err(unwritten)?;
    fs::write(text.join("tokenizer.json"), tokenizer).map_err(unwritten)?;
    write(&path.join("model.safetensors"), &layout(&parsed), false).map_err(unwritten)?;
    let text_layout = t5gemma::Config::parse(text_config)?.layout();
    Ok(write(&text.join("model.safetensors"), &text_layout, true).map_err(unwritten)?)
}

/// Writes a folder of Stable Audio 3 small's size: 2.3 GB of the model and 0.5 GB of its text encoder.
///
/// # Errors
/// As [`write_random`].
pub fn write_random_small(path: &Path) -> Result<(), StableError> {
    let text = serde_json::json!({ "encoder": {
        "hidden_size": 768, "intermediate_size": 2048, "num_hidden_layers": 12, "num_attention_heads": 12, "num_key_value_heads": 12,
        "head_dim": 64, "vocab_size": 256_000, "rms_norm_eps": 1e-6, "query_pre_attn_scalar": 64.0, "attn_logit_softcapping": 50.0,
        "hidden_activation": "gelu_pytorch_tanh", "rope_theta": 10_000.0,
    } });
    write_random(path, SMALL, text.to_string().as_bytes(), TOKENIZER)
}

/// The configuration of the real model.
const SMALL: &[u8] = include_bytes!("../../fixtures/model_config_small_music.json");
/// A tokenizer with a few words and all bytes.
const TOKENIZER: &[u8] = include_bytes!("../../fixtures/sa3-tiny/t5gemma-b-b-ul2/tokenizer.json");

/// A file with the tensors of `layout`, one after the other as they are drawn.
fn write(path: &Path, layout: &Layout, half: bool) -> std::io::Result<()> {
    let (kind, size) = if half { ("BF16", 2) } else { ("F32", 4) };
    let mut header = serde_json::Map::new();
    let mut end = 0;
    for (key, shape) in layout.iter() {
        let start = end;
        end += size * count(shape);
        header.insert(key.to_owned(), serde_json::json!({ "dtype": kind, "shape": shape, "data_offsets": [start, end] }));
    }
    let header = serde_json::Value::from(header).to_string();
    let mut out = BufWriter::new(fs::File::create(path)?);
    out.write_all(&(header.len() as u64).to_le_bytes())?;
    out.write_all(header.as_bytes())?;
    for (variation, (key, shape)) in (0..).zip(layout.iter()) {
        let draw = Sequence { seed: 0, stream: Stream::Latents, variation };
        let (mean, spread) = scale(key, shape);
        for first in (0..count(shape)).step_by(BLOCK as usize) {
            for number in draw.uniforms(first..count(shape).min(first + BLOCK)) {
                let number = mean + spread * (2.0 * number - 1.0);
                if half { out.write_all(&bf16::from_f32(number).to_le_bytes())? } else { out.write_all(&number.to_le_bytes())? }
            }
        }
    }
    out.flush()
}

fn count(shape: &[usize]) -> u64 {
    shape.iter().map(|n| *n as u64).product()
}

/// Middle and spread of a tensor's numbers: matrices by their inputs, gains around 1, the rest small.
fn scale(key: &str, shape: &[usize]) -> (f32, f32) {
    let gain = ["gamma", "alpha", "weight_g", "running_std", "scaling_factor"].iter().any(|end| key.ends_with(end));
    match shape {
        _ if gain => (1.0, 0.1),
        _ if key.ends_with("embed_tokens.weight") => (0.0, 1.0),
        [_, inputs, ..] => (0.0, (3.0 / *inputs as f32).sqrt()),
        _ => (0.0, 0.1),
    }
}
