//! Finding one's way in a FLAC file.

use super::{COMMENTS, JSON_FIELD, LATENTS_FIELD, STREAM_INFO, STREAM_INFO_LEN};
use crate::file::read::{Source, take};
use crate::file::{Note, ReadError};
use base64::{Engine, engine::general_purpose::STANDARD};
use inlay_music::Bpm;

/// What a FLAC file says of itself.
pub(in crate::file) struct Flac {
    /// The marker and STREAMINFO as the only block.
    pub head: Vec<u8>,
    /// Where the frames begin.
    pub start: u64,
    /// How many frames (samples of every channel) there should be; `None` if the file doesn't say.
    pub frames: Option<u64>,
    pub rate: u32,
    pub channels: usize,
    pub bpm: Option<Bpm>,
    pub note: Option<Note>,
}

/// More metadata blocks, or comments, than any program writes.
const MAX_ITEMS: usize = 4096;

/// Reads the metadata blocks of a FLAC stream that begins at `begin` of a file of `size` bytes.
pub(in crate::file) fn scan(file: &mut impl Source, begin: u64, size: u64) -> Result<Flac, ReadError> {
    let (mut info, mut found) = (None, Comments::default());
    let mut at = begin + 4;
    for _ in 0..MAX_ITEMS {
        let [kind, a, b, c] = take(file, at)?;
        let (body, len) = (at + 4, u64::from(u32::from_be_bytes([0, a, b, c])));
        at = body + len;
        if at > size {
            return Err(ReadError::Truncated);
        }
        match kind & 0x7F {
            STREAM_INFO if info.is_none() && len == STREAM_INFO_LEN as u64 => info = Some(take::<STREAM_INFO_LEN>(file, body)?),
            COMMENTS => found = comments(file, body, at)?,
            _ => {}
        }
        if kind & 0x80 != 0 {
            let info = info.ok_or_else(|| ReadError::Damaged("its header is missing".into()))?;
            return Ok(Flac::new(info, at, found));
        }
    }
    Err(ReadError::Damaged("its header doesn't end".into()))
}

impl Flac {
    fn new(info: [u8; STREAM_INFO_LEN], start: u64, found: Comments) -> Self {
        let mut head = b"fLaC\x80\0\0\x22".to_vec();
        head.extend_from_slice(&info);
        // 20 bits of rate, 8 of channels and depth, 36 of frames.
        let packed = info[10..18].iter().fold(0_u64, |all, &byte| all << 8 | u64::from(byte));
        let frames = packed & ((1 << 36) - 1);
        Self {
            head,
            start,
            frames: Some(frames).filter(|&frames| frames != 0),
            rate: (packed >> 44) as u32,
            channels: (packed >> 41 & 7) as usize + 1,
            bpm: found.bpm,
            note: Some(found.note).filter(|note| !note.is_empty()),
        }
    }
}

#[derive(Default)]
struct Comments {
    bpm: Option<Bpm>,
    note: Note,
}

/// Looks through the comments between `at` and `end` for ours; a block that makes no sense has none.
fn comments(file: &mut impl Source, mut at: u64, end: u64) -> Result<Comments, ReadError> {
    let mut found = Comments::default();
    let mut number = |at: &mut u64| -> Result<Option<u64>, ReadError> {
        if *at + 4 > end {
            return Ok(None);
        }
        let value = u32::from_le_bytes(take(file, *at)?);
        *at += 4;
        Ok(Some(u64::from(value)))
    };
    let Some(vendor) = number(&mut at)? else { return Ok(found) };
    at += vendor;
    let Some(count) = number(&mut at)? else { return Ok(found) };
    let mut places = Vec::new();
    for _ in 0..count.min(MAX_ITEMS as u64) {
        let Some(len) = number(&mut at)?.filter(|len| at + len <= end) else { break };
        places.push((at, len));
        at += len;
    }
    for (at, len) in places {
        let name = file.bytes_at(at, len.min(32) as usize)?;
        let Some(equals) = name.iter().position(|&byte| byte == b'=') else { continue };
        let is = |field: &str| name[..equals].eq_ignore_ascii_case(field.as_bytes());
        let value_len = len - equals as u64 - 1;
        let mut value = |limit: usize| {
            if value_len <= limit as u64 { file.bytes_at(at + equals as u64 + 1, value_len as usize).map(Some) } else { Ok(None) }
        };
        if is(JSON_FIELD) {
            found.note.json = value(Note::MAX_JSON)?.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        } else if is(LATENTS_FIELD) {
            let text = value(Note::MAX_LATENTS.div_ceil(3) * 4)?;
            found.note.latents = text.and_then(|text| STANDARD.decode(text).ok()).unwrap_or_default();
        } else if is("BPM") || is("TEMPO") {
            let text = value(32)?.and_then(|bytes| String::from_utf8(bytes).ok());
            found.bpm = text.and_then(|text| Bpm::new(text.trim().parse().ok()?).ok()).or(found.bpm);
        }
    }
    Ok(found)
}
