//! Where the model's files come from: the binary itself, or a folder with others of the same names.

use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use inlay_assets::{self as assets, Asset};
use inlay_stable::is_out_of_memory;
use sha2::{Digest, Sha256};
use std::{borrow::Cow, fs, io::Read, path::Path};

/// No file of the model is anywhere near as large.
const LARGEST: u64 = 512 << 20;

/// Why a folder's files can't be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// A file can't be read.
    #[error("the model's file {name} can't be read ({reason}): check the folder, or go without it to use the model that is built in")]
    Unreadable {
        /// Its path below the folder.
        name: String,
        /// The system's words.
        reason: String,
    },
    /// A file is larger than any of the model's.
    #[error("the model's file {name} has {megabytes} MB, far more than the model: use the file that belongs there")]
    Large {
        /// Its path below the folder.
        name: String,
        /// Its size.
        megabytes: u64,
    },
    /// The device can't hold them; said as [`JobError::DeviceMemory`](crate::JobError::DeviceMemory).
    #[error("the graphics processor has no memory left for the model: close other programs that use it")]
    DeviceMemory,
    /// A file's content isn't what belongs there.
    #[error("the model's file {name} is damaged or belongs to another model ({reason}): get it again")]
    Damaged {
        /// Its path below the folder.
        name: String,
        /// What doesn't fit.
        reason: String,
    },
}

/// One file.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub name: &'static str,
    pub bytes: Cow<'static, [u8]>,
    pub sha256: String,
}

impl File {
    fn embedded(asset: &Asset) -> Self {
        Self { name: asset.name, bytes: Cow::Borrowed(asset.bytes), sha256: asset.sha256.to_owned() }
    }

    /// The file of the same name in `folder`, where `model/` is the folder itself.
    fn read(folder: &Path, asset: &Asset) -> Result<Self, WeightsError> {
        let name = asset.name.trim_start_matches("model/");
        let unreadable = |e: std::io::Error| WeightsError::Unreadable { name: name.to_owned(), reason: e.to_string() };
        let path = folder.join(name);
        let found = fs::metadata(&path).map_err(unreadable)?;
        if !found.is_file() {
            // a pipe would wait for ever, a device never end
            return Err(WeightsError::Unreadable { name: name.to_owned(), reason: "it is no plain file".into() });
        }
        let file = fs::File::open(path).map_err(unreadable)?;
        let size = file.metadata().map_err(unreadable)?.len();
        if size > LARGEST {
            return Err(WeightsError::Large { name: name.to_owned(), megabytes: size >> 20 });
        }
        let mut bytes = Vec::new();
        file.take(LARGEST).read_to_end(&mut bytes).map_err(unreadable)?;
        let sha256 = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
        Ok(Self { name: asset.name, bytes: Cow::Owned(bytes), sha256 })
    }

    /// Its tensors, in f32 on `device`, one by one as they are asked for.
    pub fn tensors(&self, device: &Device) -> Result<VarBuilder<'_>, WeightsError> {
        VarBuilder::from_slice_safetensors(&self.bytes, DType::F32, device).map_err(|e| self.damaged(&e))
    }

    /// Why the file can't be used, by what the library or the device said of it.
    pub fn damaged(&self, error: &candle_core::Error) -> WeightsError {
        if is_out_of_memory(error) {
            return WeightsError::DeviceMemory;
        }
        // a backtrace is no reason
        let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
        WeightsError::Damaged { name: self.name.trim_start_matches("model/").to_owned(), reason }
    }
}

/// The files of the model.
#[derive(Debug, Clone)]
pub struct Weights {
    pub(super) unet: File,
    pub(super) codec: File,
    pub(super) text: File,
    pub(super) tokenizer: File,
    pub(super) config: File,
}

impl Weights {
    /// Those inside the binary.
    pub fn embedded() -> Self {
        Self {
            unet: File::embedded(&assets::UNET),
            codec: File::embedded(&assets::CODEC),
            text: File::embedded(&assets::TEXT_WEIGHTS),
            tokenizer: File::embedded(&assets::TEXT_TOKENIZER),
            config: File::embedded(&assets::TEXT_CONFIG),
        }
    }

    /// Names the weights that make latents: denoiser and text encoder.
    pub fn hash(&self) -> String {
        format!("{}-{}", &self.unet.sha256[..16], &self.text.sha256[..16])
    }

    /// Names the codec's weights: latents of another codec mean something else.
    pub fn codec_hash(&self) -> String {
        self.codec.sha256[..32].to_owned()
    }

    /// Those of a folder that is laid out like `assets/model`.
    ///
    /// # Errors
    /// [`WeightsError`] for the first file that is missing, can't be read or is far too large; sizes are looked at before anything is read.
    pub fn read(folder: &Path) -> Result<Self, WeightsError> {
        Ok(Self {
            unet: File::read(folder, &assets::UNET)?,
            codec: File::read(folder, &assets::CODEC)?,
            text: File::read(folder, &assets::TEXT_WEIGHTS)?,
            tokenizer: File::read(folder, &assets::TEXT_TOKENIZER)?,
            config: File::read(folder, &assets::TEXT_CONFIG)?,
        })
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::models::embedded::{Codec, EmbeddedModel, text};
    use proptest::{collection::vec, prelude::*};

    fn load(change: impl FnOnce(&mut Weights)) -> WeightsError {
        let mut weights = Weights::embedded();
        change(&mut weights);
        EmbeddedModel::load(&weights, &Device::Cpu).unwrap_err()
    }

    fn of(error: &WeightsError) -> &str {
        match error {
            WeightsError::Unreadable { name, .. } | WeightsError::Large { name, .. } | WeightsError::Damaged { name, .. } => name,
            WeightsError::DeviceMemory => "",
        }
    }

    #[test]
    fn a_truncated_file_is_named() {
        for keep in [0, 7, 8, 100, 5_000_000] {
            let error = load(|w| w.codec.bytes = Cow::Borrowed(&assets::CODEC.bytes[..keep]));
            assert_eq!(of(&error), "codec.safetensors");
        }
        assert_eq!(of(&load(|w| w.unet.bytes = Cow::Borrowed(&assets::UNET.bytes[..1000]))), "unet.safetensors");
        assert_eq!(of(&load(|w| w.text.bytes = Cow::Borrowed(&[]))), "text/model.safetensors");
    }

    #[test]
    fn a_header_that_promises_the_earth_is_refused_before_memory_is_asked_for() {
        let tensor = |shape: &str, end: u64| {
            let header = format!(r#"{{"mean":{{"dtype":"F16","shape":{shape},"data_offsets":[0,{end}]}}}}"#);
            let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
            bytes.extend(header.bytes());
            bytes.extend([0; 64]);
            bytes
        };
        let huge_header = u64::MAX.to_le_bytes().to_vec();
        let cases = [tensor("[1000000000000]", 2_000_000_000_000), tensor("[18446744073709551615,2]", 64), tensor("[3]", 64), huge_header];
        for bytes in cases {
            let error = load(|w| w.codec.bytes = Cow::Owned(bytes));
            assert_eq!(of(&error), "codec.safetensors", "{error}");
        }
    }

    #[test]
    fn a_device_that_cannot_hold_the_model_does_not_make_its_files_damaged() {
        let full = candle_core::Error::Cuda("DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\")".into());
        assert_eq!(Weights::embedded().unet.damaged(&full), WeightsError::DeviceMemory);
    }

    #[test]
    fn files_of_other_networks_are_refused() {
        let error = load(|w| w.unet.bytes = Cow::Borrowed(assets::CODEC.bytes));
        assert_eq!(of(&error), "unet.safetensors");
        assert!(error.to_string().ends_with("get it again"), "{error}");
    }

    #[test]
    fn damage_is_told_of_the_file_that_has_it() {
        let config = String::from_utf8_lossy(assets::TEXT_CONFIG.bytes);
        let wrong = |from: &str, to: &str| {
            assert!(config.contains(from), "{config}");
            load(|w| w.config.bytes = Cow::Owned(config.replace(from, to).into_bytes()))
        };
        for error in [
            wrong("\"num_attention_heads\": 12", "\"num_attention_heads\": 0"),
            wrong("\"num_attention_heads\": 12", "\"num_attention_heads\": 7"),
            wrong("\"hidden_size\": 384", "\"hidden_size\": 0"),
            wrong("{", "["),
        ] {
            assert_eq!(of(&error), "text/config.json", "{error}");
        }
        assert_eq!(of(&load(|w| w.tokenizer.bytes = Cow::Borrowed(b"{}"))), "text/tokenizer.json");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

        #[test]
        fn small_files_with_any_damage_are_refused_or_read_but_never_panic(at in any::<usize>(), byte in any::<u8>(), keep in any::<usize>()) {
            let damaged = |asset: &Asset| {
                let mut bytes = asset.bytes.to_vec();
                let at = at % bytes.len();
                bytes[at] = byte;
                bytes.truncate(keep % (2 * bytes.len()));
                bytes
            };
            let _ = text::config(&damaged(&assets::TEXT_CONFIG));
            let _ = text::tokenizer(&damaged(&assets::TEXT_TOKENIZER));
        }

        #[test]
        fn a_header_with_any_damage_is_refused_or_read_but_never_panics(at in any::<usize>(), bytes in vec(any::<u8>(), 1..9)) {
            let length = u64::from_le_bytes(assets::CODEC.bytes[..8].try_into().unwrap()) as usize;
            let mut codec = File::embedded(&assets::CODEC);
            let at = at % (8 + length - bytes.len());
            codec.bytes.to_mut()[at..at + bytes.len()].copy_from_slice(&bytes);
            if let Ok(tensors) = codec.tensors(&Device::Cpu) {
                let _ = Codec::new(tensors);
            }
        }
    }

    #[test]
    fn a_folder_without_the_files_says_which_is_missing() {
        let error = Weights::read(Path::new("no such folder")).unwrap_err();
        assert_eq!(of(&error), "unet.safetensors");
    }

    #[test]
    fn the_same_files_from_a_folder_are_the_same_model() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/model");
        let (read, embedded) = (Weights::read(&folder).unwrap(), Weights::embedded());
        assert_eq!((read.unet.sha256, read.codec.sha256), (embedded.unet.sha256, embedded.codec.sha256));
    }
}
