//! Laying out a WAV file.

use super::{EXTENSIBLE, GUID_TAIL, JSON_CHUNK, LATENTS_CHUNK, PCM};
use crate::file::write::Audio;
use crate::file::{Sheet, WriteError, to_24};

/// Bytes of a sample.
const SAMPLE_BYTES: usize = 3;

/// A WAV file of 24-bit integers, in memory.
///
/// Chunks: `fmt `, `data`, `smpl`, `acid`, `LIST`, `inly`, `inlz`. The samples come as early as possible, for programs
/// that look for them at a fixed place.
pub(in crate::file) fn wav<C: AsRef<[f32]>>(audio: &Audio<'_, C>, sheet: &Sheet<'_>) -> Result<Vec<u8>, WriteError> {
    let data = audio.frames.checked_mul(SAMPLE_BYTES * audio.channels.len()).ok_or(WriteError::Large)?;
    let rest = 1024 + sheet.title.len() + sheet.note.json.len() + sheet.note.latents.len();
    let total = data.checked_add(rest).filter(|&bytes| u32::try_from(bytes).is_ok()).ok_or(WriteError::Large)?;
    let mut out = Vec::new();
    out.try_reserve_exact(total).map_err(|_| WriteError::Memory)?;

    out.extend_from_slice(b"RIFF\0\0\0\0WAVE");
    chunk(&mut out, b"fmt ", |out| fmt(out, audio));
    chunk(&mut out, b"data", |out| {
        for frame in 0..audio.frames {
            for channel in audio.channels {
                out.extend_from_slice(&to_24(channel.as_ref()[frame]).to_le_bytes()[..SAMPLE_BYTES]);
            }
        }
    });
    chunk(&mut out, b"smpl", |out| smpl(out, audio, sheet));
    chunk(&mut out, b"acid", |out| acid(out, sheet));
    chunk(&mut out, b"LIST", |out| {
        out.extend_from_slice(b"INFO");
        if !sheet.title.is_empty() {
            chunk(out, b"INAM", |out| text(out, &sheet.one_line()));
        }
        chunk(out, b"ISFT", |out| text(out, "Inlay"));
    });
    if !sheet.note.json.is_empty() {
        chunk(&mut out, JSON_CHUNK, |out| out.extend_from_slice(sheet.note.json.as_bytes()));
    }
    if !sheet.note.latents.is_empty() {
        chunk(&mut out, LATENTS_CHUNK, |out| out.extend_from_slice(&sheet.note.latents));
    }
    let riff = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&riff.to_le_bytes());
    Ok(out)
}

/// Identifier, length, content, and a byte of padding where the length is odd (which the length leaves out).
fn chunk(out: &mut Vec<u8>, id: &[u8; 4], body: impl FnOnce(&mut Vec<u8>)) {
    out.extend_from_slice(id);
    out.extend_from_slice(&[0; 4]);
    let start = out.len();
    body(out);
    let len = (out.len() - start) as u32;
    out[start - 4..start].copy_from_slice(&len.to_le_bytes());
    if len % 2 == 1 {
        out.push(0);
    }
}

/// `WAVEFORMATEX`; more than two channels need `WAVEFORMATEXTENSIBLE` to say which is which.
fn fmt<C>(out: &mut Vec<u8>, audio: &Audio<'_, C>) {
    let bits = 8 * SAMPLE_BYTES as u16;
    let channels = audio.channels.len() as u16;
    let wide = channels > 2;
    let frame_bytes = channels * SAMPLE_BYTES as u16;
    u16s(out, &[if wide { EXTENSIBLE } else { PCM }, channels]);
    u32s(out, &[audio.rate.get(), audio.rate.get() * u32::from(frame_bytes)]);
    u16s(out, &[frame_bytes, bits]);
    if wide {
        u16s(out, &[22, bits]);
        u32s(out, &[speakers(channels)]);
        u16s(out, &[PCM]);
        out.extend_from_slice(&GUID_TAIL);
    }
}

/// The usual speakers for so many channels (front left, right, centre, LFE, back left, right, side left, right), as a mask.
fn speakers(channels: u16) -> u32 {
    match channels {
        4 => 0b0000_0011_0011,
        5 => 0b0000_0011_0111,
        7 => 0b0111_0000_1111,
        8 => 0b0110_0011_1111,
        many => (1 << many) - 1,
    }
}

/// Sampler chunk: the note, and one endless forward loop; its end is the last sample that is played, inclusive.
fn smpl<C>(out: &mut Vec<u8>, audio: &Audio<'_, C>, sheet: &Sheet<'_>) {
    let period = (1e9 / f64::from(audio.rate.get())).round() as u32;
    u32s(out, &[0, 0, period, u32::from(sheet.unity()), 0, 0, 0, u32::from(sheet.looped), 0]);
    if sheet.looped {
        u32s(out, &[0, 0, 0, audio.frames as u32 - 1, 0, 0]);
    }
}

/// The chunk by which loop libraries carry tempo: flags (1 one-shot, 2 root note is set, 4 stretch), root note, two fields nobody
/// documents (0x8000 and 0.0 in files of the first program that wrote them), beats, metre, tempo.
fn acid(out: &mut Vec<u8>, sheet: &Sheet<'_>) {
    let once = u32::from(!sheet.looped);
    let root = if sheet.root.is_some() { 2 } else { 0 };
    u32s(out, &[once | root | 4]);
    u16s(out, &[u16::from(sheet.unity()), 0x8000]);
    u32s(out, &[0, sheet.beats.get().round() as u32]);
    u16s(out, &[4, 4]);
    out.extend_from_slice(&(sheet.bpm.get() as f32).to_le_bytes());
}

/// Text as RIFF keeps it: ended by a zero.
fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(text.as_bytes());
    out.push(0);
}

fn u16s(out: &mut Vec<u8>, values: &[u16]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

fn u32s(out: &mut Vec<u8>, values: &[u32]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}
