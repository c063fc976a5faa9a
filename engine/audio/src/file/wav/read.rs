//! Finding one's way in a WAV file.

use super::{EXTENSIBLE, FLOAT, GUID_TAIL, JSON_CHUNK, LATENTS_CHUNK, PCM};
use crate::file::read::{MAX_CHANNELS, Source, take};
use crate::file::{Note, ReadError};
use inlay_music::Bpm;

/// What a WAV file says of itself, checked against its size.
pub(in crate::file) struct Wav {
    /// RIFF header, `fmt ` and the header of `data`, written anew: the smallest file that has this audio.
    pub head: Vec<u8>,
    /// Where the samples are in the file, in bytes.
    pub start: u64,
    /// How many bytes of whole frames there are.
    pub len: u64,
    pub frames: u64,
    pub bpm: Option<Bpm>,
    pub note: Option<Note>,
}

/// More chunks than any program writes.
const MAX_CHUNKS: usize = 4096;

/// Reads the chunks of a WAV file of `size` bytes. Sizes in the RIFF header itself are not used: many programs leave them wrong.
pub(in crate::file) fn scan(file: &mut impl Source, size: u64) -> Result<Wav, ReadError> {
    let (mut fmt, mut data, mut bpm, mut note) = (None, None, None, Note::default());
    let mut at = 12_u64;
    for _ in 0..MAX_CHUNKS {
        if at.saturating_add(8) > size {
            break;
        }
        let header = take::<8>(file, at)?;
        let (body, len) = (at + 8, u64::from(u32_at(&header, 4)));
        let whole = body + len <= size;
        let mut text = |limit: usize| {
            // A note that is cut off or too long is no note; the audio is still good.
            if whole && len <= limit as u64 { file.bytes_at(body, len as usize).map(Some) } else { Ok(None) }
        };
        match &header[..4] {
            b"fmt " if fmt.is_none() && whole => fmt = text(64)?,
            b"data" if data.is_none() && !whole => return Err(ReadError::Truncated),
            b"data" if data.is_none() => data = Some((body, len)),
            b"acid" => bpm = text(64)?.as_deref().and_then(tempo),
            id if id == JSON_CHUNK => note.json = text(Note::MAX_JSON)?.and_then(|b| String::from_utf8(b).ok()).unwrap_or_default(),
            id if id == LATENTS_CHUNK => note.latents = text(Note::MAX_LATENTS)?.unwrap_or_default(),
            _ => {}
        }
        at = body + len + len % 2;
    }
    let fmt = fmt.ok_or_else(|| ReadError::Damaged("its header is missing".into()))?;
    let (start, len) = data.ok_or(ReadError::Truncated)?;
    let format = Format::new(&fmt)?;
    let frames = len / u64::from(format.frame_bytes);
    let len = frames * u64::from(format.frame_bytes);
    Ok(Wav { head: format.head(len), start, len, frames, bpm, note: Some(note).filter(|note| !note.is_empty()) })
}

/// The tempo of an `acid` chunk: an f32 in bytes 20–23.
fn tempo(chunk: &[u8]) -> Option<Bpm> {
    let bytes = chunk.get(20..24)?.try_into().ok()?;
    Bpm::new(f64::from(f32::from_le_bytes(bytes))).ok()
}

/// The `fmt ` chunk.
struct Format {
    tag: u16,
    channels: u16,
    rate: u32,
    bits: u16,
    mask: u32,
    frame_bytes: u32,
}

impl Format {
    fn new(fmt: &[u8]) -> Result<Self, ReadError> {
        if fmt.len() < 16 {
            return Err(ReadError::Damaged("its header is too short".into()));
        }
        let (mut tag, channels, rate, bits) = (u16_at(fmt, 0), u16_at(fmt, 2), u32_at(fmt, 4), u16_at(fmt, 14));
        let mut mask = 0;
        if tag == EXTENSIBLE {
            if fmt.get(26..40) != Some(&GUID_TAIL) {
                return Err(ReadError::Kind("a rare form of WAV"));
            }
            // Fewer valid bits than there are fill the upper ones, so the value needs no other scale.
            (tag, mask) = (u16_at(fmt, 24), u32_at(fmt, 20));
        }
        match (tag, bits) {
            (PCM, 8 | 16 | 24 | 32) | (FLOAT, 32 | 64) => {}
            (PCM | FLOAT, _) => return Err(ReadError::Kind("WAV of an unusual bit depth")),
            _ => return Err(ReadError::Kind("compressed WAV")),
        }
        match usize::from(channels) {
            0 => return Err(ReadError::NoChannels),
            many if many > MAX_CHANNELS => return Err(ReadError::Channels(many)),
            _ => {}
        }
        // Speakers beyond the eighteen known ones, or not one for each channel: take the usual order.
        if mask >> 18 != 0 || mask.count_ones() != u32::from(channels) {
            mask = 0;
        }
        let frame_bytes = u32::from(channels) * u32::from(bits / 8);
        Ok(Self { tag, channels, rate, bits, mask, frame_bytes })
    }

    /// The beginning of a WAV file with `len` bytes of samples.
    fn head(&self, len: u64) -> Vec<u8> {
        let len = len as u32; // came from 32 bits
        let fmt_len: u32 = if self.mask == 0 { 16 } else { 40 };
        let mut head = Vec::with_capacity(80);
        head.extend_from_slice(b"RIFF");
        head.extend_from_slice(&len.saturating_add(4 + 8 + fmt_len + 8).to_le_bytes());
        head.extend_from_slice(b"WAVEfmt ");
        head.extend_from_slice(&fmt_len.to_le_bytes());
        head.extend_from_slice(&(if self.mask == 0 { self.tag } else { EXTENSIBLE }).to_le_bytes());
        head.extend_from_slice(&self.channels.to_le_bytes());
        head.extend_from_slice(&self.rate.to_le_bytes());
        head.extend_from_slice(&self.rate.saturating_mul(self.frame_bytes).to_le_bytes());
        head.extend_from_slice(&(self.frame_bytes as u16).to_le_bytes());
        head.extend_from_slice(&self.bits.to_le_bytes());
        if self.mask != 0 {
            head.extend_from_slice(&22_u16.to_le_bytes());
            head.extend_from_slice(&self.bits.to_le_bytes());
            head.extend_from_slice(&self.mask.to_le_bytes());
            head.extend_from_slice(&self.tag.to_le_bytes());
            head.extend_from_slice(&GUID_TAIL);
        }
        head.extend_from_slice(b"data");
        head.extend_from_slice(&len.to_le_bytes());
        head
    }
}

/// Little-endian; 0 where the bytes aren't there.
fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

/// Little-endian; 0 where the bytes aren't there.
fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}
