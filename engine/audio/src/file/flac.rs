//! FLAC: metadata blocks read and written by ourselves, frames by the decoder's and the encoder's crates.

pub(super) mod read;
pub(super) mod write;

/// The Vorbis comment that holds the request of a [`Note`](super::Note).
const JSON_FIELD: &str = "INLAY_REQUEST";
/// The Vorbis comment that holds its latents, in base64.
const LATENTS_FIELD: &str = "INLAY_LATENTS";

/// Metadata block: what the stream is.
const STREAM_INFO: u8 = 0;
/// Metadata block: comments.
const COMMENTS: u8 = 4;
/// Bytes of a STREAMINFO block.
const STREAM_INFO_LEN: usize = 34;
