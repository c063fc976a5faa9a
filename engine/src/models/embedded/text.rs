//! The text encoder: all-MiniLM-L6-v2 (Wang et al. 2020), its last hidden states.

use candle_core::{Error, Result, Tensor};
use candle_nn::VarBuilder;
use candle_transformers::models::bert::{BertModel, Config};
use tokenizers::{Tokenizer, TruncationParams};

/// Longest prompt in tokens, the two that frame it included.
const MAX_TOKENS: usize = 32;

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
    /// From the contents of the tokenizer's file and the network's configuration, and its weights.
    ///
    /// # Errors
    /// Where one of them can't be read.
    pub fn new(tokenizer: &[u8], config: &[u8], vb: VarBuilder<'_>) -> Result<Self> {
        let config: Config = serde_json::from_slice(config).map_err(Error::wrap)?;
        let mut tokenizer = Tokenizer::from_bytes(tokenizer).map_err(Error::wrap)?;
        // the file carries padding to 128 and truncation of its own
        tokenizer.with_padding(None);
        tokenizer.with_truncation(Some(TruncationParams { max_length: MAX_TOKENS, ..Default::default() })).map_err(Error::wrap)?;
        Ok(Self { tokenizer, bert: BertModel::load(vb, &config)? })
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
