//! Reading audio files.

use super::decode::{self, Container, Decoded};
use super::splice::Splice;
use super::{Clip, ReadError, aiff, flac, wav};
use inlay_music::{Bpm, SampleRate};
use std::fs::{self, File};
use std::io::{Cursor, Read, Seek, SeekFrom};
use std::path::Path;

/// The longest file that is read, in minutes.
pub const MAX_MINUTES: u32 = 20;
/// The most channels that are read.
pub const MAX_CHANNELS: usize = 8;
/// The most samples (frames times channels) that are read: 512 MiB in memory.
pub const MAX_SAMPLES: usize = 128 << 20;
/// The largest file that is read, in bytes.
pub const MAX_BYTES: u64 = 1536 << 20;

/// Bytes to read from: a file, or memory.
pub(super) trait Source: Read + Seek + Send + Sync {
    /// `len` bytes at `at`. The caller has checked that `len` is within reason.
    fn bytes_at(&mut self, at: u64, len: usize) -> Result<Vec<u8>, ReadError> {
        let mut bytes = vec![0; len];
        self.seek(SeekFrom::Start(at))?;
        self.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

impl<S: Read + Seek + Send + Sync> Source for S {}

/// `N` bytes at `at`.
pub(super) fn take<const N: usize>(file: &mut impl Source, at: u64) -> Result<[u8; N], ReadError> {
    let mut bytes = [0; N];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Reads an audio file: WAV (8, 16, 24, 32 bits, float of 32 or 64), AIFF, FLAC, MP3, Ogg Vorbis. What it is, its content says,
/// not its name.
///
/// # Errors
/// [`ReadError`]: a sentence for each thing that can be wrong with a file, and what to do about it.
pub fn read(path: &Path) -> Result<Clip, ReadError> {
    // Asked first: to open a pipe would wait for its other end.
    if !fs::metadata(path)?.is_file() {
        return Err(ReadError::NotAFile);
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    read_source(file, size)
}

/// Reads an audio file that is in memory; see [`read`].
///
/// # Errors
/// See [`read`].
pub fn read_bytes(bytes: &[u8]) -> Result<Clip, ReadError> {
    read_source(Cursor::new(bytes), bytes.len() as u64)
}

fn read_source(mut file: impl Source, size: u64) -> Result<Clip, ReadError> {
    if size == 0 {
        return Err(ReadError::Empty);
    }
    if size > MAX_BYTES {
        return Err(ReadError::Bytes);
    }
    let begin = skip_id3(&mut file, size)?;
    let mut magic = [0; 12];
    let there = size.saturating_sub(begin).min(12) as usize;
    magic[..there].copy_from_slice(&file.bytes_at(begin, there)?);
    let plain = |file, container| {
        let source = Splice::new(Vec::new(), file, begin, size - begin);
        decode::decode(Box::new(source), container, None)
    };
    match &magic {
        [b'R', b'I', b'F', b'F', .., b'W', b'A', b'V', b'E'] => {
            let wav = wav::read::scan(&mut file, size)?;
            let source = Splice::new(wav.head, file, wav.start, wav.len);
            let decoded = decode::decode(Box::new(source), Container::Wav, Some(wav.frames))?;
            clip(decoded, wav.bpm, wav.note)
        }
        [b'f', b'L', b'a', b'C', ..] => {
            let flac = flac::read::scan(&mut file, begin, size)?;
            rate(flac.rate)?;
            if flac.frames.is_some_and(|frames| frames > u64::from(flac.rate) * 60 * u64::from(MAX_MINUTES)) {
                return Err(ReadError::Long);
            }
            let source = Splice::new(flac.head, file, flac.start, size - flac.start);
            let decoded = decode::decode(Box::new(source), Container::Flac, flac.frames)?;
            clip(decoded, flac.bpm, flac.note)
        }
        [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F' | b'C'] => {
            let aiff = aiff::scan(&mut file, size)?;
            let source = Splice::new(aiff.head, file, aiff.start, aiff.len);
            clip(decode::decode(Box::new(source), Container::Aiff, Some(aiff.frames))?, None, None)
        }
        [b'O', b'g', b'g', b'S', ..] => clip(plain(file, Container::Ogg)?, None, None),
        // Eleven bits of sync, then a version and a layer that exist; layer III only.
        [0xFF, second, ..] if second & 0xE6 == 0xE2 && second & 0x18 != 0x08 => clip(plain(file, Container::Mp3)?, None, None),
        [b'R', b'F', b'6', b'4', ..] | [b'B', b'W', b'6', b'4', ..] | [b'r', b'i', b'f', b'f', ..] => {
            Err(ReadError::Kind("WAV beyond 4 GiB"))
        }
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => Err(ReadError::Kind("MP4, M4A or AAC")),
        [0x30, 0x26, 0xB2, 0x75, ..] => Err(ReadError::Kind("WMA")),
        _ => Err(ReadError::NotAudio),
    }
}

/// Where the audio begins: behind an ID3v2 tag, if there is one (its size has seven bits a byte).
fn skip_id3(file: &mut impl Source, size: u64) -> Result<u64, ReadError> {
    if size < 10 {
        return Ok(0);
    }
    let [b'I', b'D', b'3', _, _, flags, a, b, c, d] = take(file, 0)? else { return Ok(0) };
    let len = [a, b, c, d].iter().fold(0_u64, |all, &byte| all << 7 | u64::from(byte & 0x7F));
    let footer = if flags & 0x10 != 0 { 10 } else { 0 };
    let begin = 10 + len + footer;
    if begin < size { Ok(begin) } else { Err(ReadError::Truncated) }
}

fn rate(hertz: u32) -> Result<SampleRate, ReadError> {
    SampleRate::new(hertz).map_err(|_| ReadError::Rate(hertz))
}

fn clip(decoded: Decoded, bpm: Option<Bpm>, note: Option<super::Note>) -> Result<Clip, ReadError> {
    let Decoded { rate: hertz, channels, seats, depth } = decoded;
    Ok(Clip { rate: rate(hertz)?, channels, seats, depth, bpm, note })
}
