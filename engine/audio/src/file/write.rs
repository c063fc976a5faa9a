//! Writing audio files.

use super::{Note, Sheet, WriteError, flac, save, wav};
use inlay_music::SampleRate;
use std::io;
use std::path::Path;

/// The kinds of file that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// WAV with 24-bit integers.
    Wav24,
    /// FLAC with 24-bit integers.
    Flac24,
}

impl Format {
    /// The usual ending of such a file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Format::Wav24 => "wav",
            Format::Flac24 => "flac",
        }
    }
}

/// What became of the samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// How many samples lay above full scale and were held there.
    pub clipped: usize,
}

/// Checked audio on its way into a file.
pub(super) struct Audio<'a, C> {
    pub rate: SampleRate,
    /// 1 to 8, each of `frames` finite samples.
    pub channels: &'a [C],
    /// At least 1, at most `u32::MAX`.
    pub frames: usize,
}

/// The bytes of an audio file with `channels` (`[channel][frame]`, ±1 is full scale; 24-bit values, integer / 2²³, stay exact).
///
/// The same input gives the same bytes: no clock, no path, no chance.
///
/// # Errors
/// [`WriteError`] where the audio or the note doesn't fit the format.
pub fn encode<C: AsRef<[f32]>>(
    format: Format,
    rate: SampleRate,
    channels: &[C],
    sheet: &Sheet<'_>,
) -> Result<(Vec<u8>, Written), WriteError> {
    let frames = channels.first().map_or(0, |channel| channel.as_ref().len());
    let even = channels.iter().all(|channel| channel.as_ref().len() == frames);
    if !(1..=8).contains(&channels.len()) || frames == 0 || !even {
        return Err(WriteError::Shape { channels: channels.len(), frames });
    }
    if u32::try_from(frames).is_err() {
        return Err(WriteError::Large);
    }
    let (json, latents) = (sheet.note.json.len(), sheet.note.latents.len());
    if json > Note::MAX_JSON || latents > Note::MAX_LATENTS {
        return Err(WriteError::Note { json, latents });
    }
    let mut clipped = 0;
    for &sample in channels.iter().flat_map(|channel| channel.as_ref()) {
        if !sample.is_finite() {
            return Err(WriteError::NotANumber);
        }
        clipped += usize::from(sample.abs() > 1.0);
    }
    let audio = Audio { rate, channels, frames };
    let bytes = match format {
        Format::Wav24 => wav::write::wav(&audio, sheet)?,
        Format::Flac24 => flac::write::flac(&audio, Some(sheet))?,
    };
    Ok((bytes, Written { clipped }))
}

/// Writes an audio file: [`encode`], then the bytes under another name in the same folder, then that file renamed to `path`. So
/// `path` is at every moment what it was, or the whole new file; another file of that name is replaced only with `replace`.
///
/// # Errors
/// [`WriteError`]; nothing of the file is left then.
pub fn write<C: AsRef<[f32]>>(
    path: &Path,
    format: Format,
    rate: SampleRate,
    channels: &[C],
    sheet: &Sheet<'_>,
    replace: bool,
) -> Result<Written, WriteError> {
    save::check(path, replace)?;
    let (bytes, written) = encode(format, rate, channels, sheet)?;
    save::save(path, replace, |file| io::Write::write_all(file, &bytes))?;
    Ok(written)
}
