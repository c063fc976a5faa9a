//! A tokenizer's file.

use crate::error::{FolderError, StableError, first_line};
use crate::t5gemma::Tokens;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use tokenizers::{Tokenizer, TruncationParams};

/// A prompt's token numbers.
///
/// # Errors
/// Where the tokenizer can't read the text.
pub(crate) fn tokens(tokenizer: &Tokenizer, prompt: &str) -> Result<Tokens, StableError> {
    let encoding = tokenizer.encode(prompt, true).map_err(|e| StableError::Prompt(first_line(&e)))?;
    Ok(Tokens { ids: encoding.get_ids().to_vec(), cut: !encoding.get_overflowing().is_empty() })
}

/// Reads it, and cuts prompts to `max_length` tokens.
///
/// # Errors
/// Where it is none.
pub(crate) fn read(file: &[u8], max_length: usize) -> Result<Tokenizer, FolderError> {
    let damaged = |reason: String| FolderError::Damaged { name: "tokenizer.json".into(), reason };
    check(file).map_err(|e| damaged(first_line(&e)))?;
    let mut tokenizer = Tokenizer::from_bytes(file).map_err(|e| damaged(first_line(&e)))?;
    // a file may carry padding and truncation of its own
    tokenizer.with_padding(None);
    let cut = TruncationParams { max_length, ..Default::default() };
    tokenizer.with_truncation(Some(cut)).map_err(|e| damaged(first_line(&e)))?;
    Ok(tokenizer)
}

/// What isn't JSON is found here: inside of decoders and the like, the tokenizers crate panics at it. The vocabulary, which is most of the
/// file, is only gone over.
fn check(file: &[u8]) -> serde_json::Result<()> {
    let fields: BTreeMap<String, &RawValue> = serde_json::from_slice(file)?;
    let small = fields.iter().filter(|(name, _)| *name != "model");
    small.map(|(_, field)| serde_json::from_str(field.get())).try_for_each(|read: serde_json::Result<serde_json::Value>| read.map(drop))
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn a_tokenizer_with_a_damaged_byte_is_refused_or_read_but_never_panics() {
        let good = include_bytes!("../fixtures/t5-base/tokenizer.json");
        assert!(read(good, 32).is_ok());
        for at in (0..good.len()).step_by(7) {
            for byte in [b'"', b'{', b'0', 0x80] {
                let mut bad = good.to_vec();
                bad[at] = byte;
                drop(read(&bad, 32));
            }
        }
    }
}
