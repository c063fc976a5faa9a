//! The text encoder: all-MiniLM-L6-v2 (Wang et al. 2020), its last hidden states.

use super::TEXT;
use candle_core::{Error, Result, Tensor, bail};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{Tokenizer, TruncationParams};

/// Longest prompt in tokens, the two that frame it included.
const MAX_TOKENS: usize = 32;

/// Reads the tokenizer's file.
///
/// # Errors
/// Where it isn't one.
pub(super) fn tokenizer(file: &[u8]) -> Result<Tokenizer> {
    // what isn't JSON is found here: inside of decoders and the like, the crate panics at it
    let _: serde_json::Value = serde_json::from_slice(file).map_err(Error::wrap)?;
    let mut tokenizer = Tokenizer::from_bytes(file).map_err(Error::wrap)?;
    // the file carries padding to 128 and truncation of its own
    tokenizer.with_padding(None);
    tokenizer.with_truncation(Some(TruncationParams { max_length: MAX_TOKENS, ..Default::default() })).map_err(Error::wrap)?;
    Ok(tokenizer)
}

/// Reads the network's configuration.
///
/// # Errors
/// Where it isn't one, or one of a network whose tokens the denoiser can't read.
pub(super) fn config(file: &[u8]) -> Result<Config> {
    let config: Config = serde_json::from_slice(file).map_err(Error::wrap)?;
    let heads = config.num_attention_heads;
    if config.hidden_size != TEXT || heads == 0 || !TEXT.is_multiple_of(heads) {
        bail!("{} numbers in {heads} heads, where {TEXT} are needed", config.hidden_size);
    }
    Ok(config)
}

/// What a prompt became.
#[derive(Debug, Clone)]
pub struct Embedding {
    /// `[L, 384]`
    pub tokens: Tensor,
    /// The prompt had more than 32 tokens; the rest was left out.
    pub cut: bool,
}

/// Prompt → tokens.
pub struct TextEncoder {
    tokenizer: Tokenizer,
    bert: BertModel,
}

impl std::fmt::Debug for TextEncoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextEncoder").finish_non_exhaustive()
    }
}

impl TextEncoder {
    /// From its tokenizer, the network's configuration and its weights.
    ///
    /// # Errors
    /// Where the weights aren't those of such a network.
    pub fn new(tokenizer: Tokenizer, config: &Config, vb: VarBuilder<'_>) -> Result<Self> {
        Ok(Self { tokenizer, bert: BertModel::load(vb, config)? })
    }

    /// The prompt's token numbers, framed, at most 32, and whether some were left out.
    ///
    /// # Errors
    /// Where the tokenizer can't read the text.
    pub fn tokens(&self, prompt: &str) -> Result<(Vec<u32>, bool)> {
        let encoding = self.tokenizer.encode(prompt, true).map_err(Error::wrap)?;
        Ok((encoding.get_ids().to_vec(), !encoding.get_overflowing().is_empty()))
    }

    /// Last hidden states of the prompt's tokens.
    ///
    /// # Errors
    /// Where the tokenizer can't read the text.
    pub fn embed(&self, prompt: &str) -> Result<Embedding> {
        let (ids, cut) = self.tokens(prompt)?;
        let ids = Tensor::new(ids, &self.bert.device)?.unsqueeze(0)?;
        Ok(Embedding { tokens: self.bert.forward(&ids, &ids.zeros_like()?, None)?.squeeze(0)?, cut })
    }
}
