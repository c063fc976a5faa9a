//! Which model a folder holds: takes remember it.

use crate::error::StableError;
use crate::weights::File;
use crate::{Found, Lora};
use sha2::{Digest, Sha256};

/// What tells a model from others, in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    /// Of everything that makes latents, LoRAs with their strengths included.
    pub model: String,
    /// Of the codec: latents of another one mean something else.
    pub codec: String,
}

/// Where the codec's tensors are.
const CODEC: &str = "pretransform.";

impl Found {
    /// Which model this is, once these LoRAs have changed it. Reads some kilobytes of each file.
    ///
    /// # Errors
    /// Where a file can't be read.
    pub fn identity(&self, loras: &[(Lora, f32)]) -> Result<Identity, StableError> {
        let (weights, text) = match self {
            Self::Three(folder) => (&folder.weights, &folder.text_weights),
            Self::Open(folder) => (&folder.weights, &folder.text_weights),
        };
        let mut model = Sha256::new();
        weights.identify(&mut model, |key| !key.starts_with(CODEC))?;
        text.identify(&mut model, |_| true)?;
        for (lora, strength) in loras {
            lora.file().identify(&mut model, |_| true)?;
            model.update(strength.to_le_bytes());
        }
        Ok(Identity { model: hexadecimal(model), codec: of_codec(weights)? })
    }
}

fn of_codec(weights: &File) -> Result<String, StableError> {
    let mut codec = Sha256::new();
    weights.identify(&mut codec, |key| key.starts_with(CODEC))?;
    Ok(hexadecimal(codec))
}

fn hexadecimal(hash: Sha256) -> String {
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::testing::path;

    #[test]
    fn a_lora_and_its_strength_make_another_model_of_the_same_codec() {
        let found = Found::read(&path(""), None).unwrap();
        let lora = Lora::open(&path("lora/lora.safetensors")).unwrap();
        let plain = found.identity(&[]).unwrap();
        let some: Vec<_> = [0.5, 1.0].map(|strength| found.identity(&[(lora.clone(), strength)]).unwrap()).into();
        assert_eq!(plain, found.identity(&[]).unwrap());
        assert!(some[0].model != plain.model && some[1].model != some[0].model);
        assert!(some.iter().all(|i| i.codec == plain.codec && i.model.len() == 32));
    }
}
