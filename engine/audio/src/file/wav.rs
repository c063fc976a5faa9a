//! WAV: RIFF chunks, read and written by ourselves, because loop points, tempo and notes live in them.

pub(super) mod read;
pub(super) mod write;

/// The chunk that holds the request of a [`Note`](super::Note).
const JSON_CHUNK: &[u8; 4] = b"inly";
/// The chunk that holds its latents.
const LATENTS_CHUNK: &[u8; 4] = b"inlz";

/// `wFormatTag` of integer samples.
const PCM: u16 = 1;
/// `wFormatTag` of floating-point samples.
const FLOAT: u16 = 3;
/// `wFormatTag` of the longer header that names the speakers; the real tag follows in its GUID.
const EXTENSIBLE: u16 = 0xFFFE;
/// The rest of the GUID whose first two bytes are the real format tag.
const GUID_TAIL: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
