//! Audio files: reading what producers have, writing what they can use.
//!
//! [`read`] takes WAV, AIFF, FLAC, MP3 and Ogg Vorbis and gives a [`Clip`]; [`write()`] makes WAV and FLAC with tempo, key, loop
//! points and a [`Note`]: whatever Inlay needs to go on from the file (request and latents), opaque to this module.
//!
//! [`pack`] and [`unpack`] do the same for sound that is kept in memory, without a file's extras.
//!
//! Files come from outside, so nothing in them is believed before it is checked: every size is compared with the bytes that are
//! really there before memory is asked for, and only the parts a decoder needs reach it. A read asks for at most about three
//! times the memory of the finished clip, and 32 MiB beside it.
//!
//! Where the note lives:
//!
//! | file | request | latents |
//! | --- | --- | --- |
//! | WAV | chunk `inly` (UTF-8) | chunk `inlz` |
//! | FLAC | Vorbis comment `INLAY_REQUEST` | Vorbis comment `INLAY_LATENTS` (base64) |
//!
//! Vorbis comments rather than an APPLICATION block, because taggers and converters carry comments over and drop the other.

mod aiff;
mod clip;
mod decode;
mod error;
mod flac;
mod note;
mod packed;
mod read;
mod sample;
mod save;
mod splice;
mod wav;
mod write;

pub use clip::{Clip, Depth, Seat};
pub use error::{ReadError, WriteError};
pub use note::{Note, Sheet};
pub use packed::{pack, unpack};
pub use read::{MAX_BYTES, MAX_CHANNELS, MAX_MINUTES, MAX_SAMPLES, read, read_bytes};
pub use sample::{from_24, round_24, round_all_24, to_24};
pub use save::save_bytes;
pub use write::{Format, Written, encode, write};
