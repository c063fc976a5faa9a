//! Laying out a FLAC file.

use super::{COMMENTS, JSON_FIELD, LATENTS_FIELD};
use crate::file::write::Audio;
use crate::file::{Sheet, WriteError, read_bytes, to_24};
use base64::{Engine, engine::general_purpose::STANDARD};
use flacenc::bitsink::ByteSink;
use flacenc::component::{BitRepr, MetadataBlockData, Stream};
use flacenc::config::Encoder;
use flacenc::encode_fixed_size_frame;
use flacenc::error::Verify;
use flacenc::source::{Context, FrameBuf, MemSource, Source};

/// Samples in a block: the reference encoder's choice.
const BLOCK: usize = 4096;
/// Bits of a sample.
const BITS: usize = 24;
/// Bits that a block of samples kept as they are needs besides, at most.
const HEADERS: usize = 512;
/// The highest rate the encoder knows.
const ENCODER_MAX_RATE: u32 = 96_000;
/// Stands in for rates the encoder doesn't know: frames can't say it in their header, so they refer to STREAMINFO, which is
/// corrected afterwards.
const STAND_IN_RATE: u32 = 95_999;

/// A FLAC file of 24-bit integers, in memory. It is decoded again and compared, since nobody would notice a wrong sample.
pub(in crate::file) fn flac<C: AsRef<[f32]>>(audio: &Audio<'_, C>, sheet: Option<&Sheet<'_>>) -> Result<Vec<u8>, WriteError> {
    let count = audio.frames.checked_mul(audio.channels.len()).ok_or(WriteError::Large)?;
    let mut samples = Vec::new();
    samples.try_reserve_exact(count).map_err(|_| WriteError::Memory)?;
    for frame in 0..audio.frames {
        samples.extend(audio.channels.iter().map(|channel| to_24(channel.as_ref()[frame])));
    }
    let bytes = compress(&samples, audio, sheet)?;
    let again = read_bytes(&bytes).map_err(|error| WriteError::Encoder(error.to_string()))?;
    let same = again.channels.len() == audio.channels.len()
        && again.channels.iter().zip(audio.channels).all(|(a, b)| {
            let b = b.as_ref();
            a.len() == b.len() && a.iter().zip(b).all(|(&a, &b)| to_24(a) == to_24(b))
        });
    if same { Ok(bytes) } else { Err(WriteError::Encoder("the encoder changed it".into())) }
}

fn compress<C>(samples: &[i32], audio: &Audio<'_, C>, sheet: Option<&Sheet<'_>>) -> Result<Vec<u8>, WriteError> {
    let rate = audio.rate.get();
    let told = if rate <= ENCODER_MAX_RATE { rate } else { STAND_IN_RATE };
    let mut stream = encode(samples, audio.channels.len(), told as usize)?;
    // The encoder counts the last, shorter block, too; the format doesn't, and takes blocks of different sizes for another kind of stream.
    stream.stream_info_mut().set_block_sizes(BLOCK, BLOCK).map_err(encoder)?;
    if let Some(sheet) = sheet {
        stream.add_metadata_block(MetadataBlockData::new_unknown(COMMENTS, &comments(audio, sheet)).map_err(encoder)?);
    }
    let mut sink = ByteSink::new();
    stream.write(&mut sink).map_err(encoder)?;
    let mut bytes = sink.into_inner();
    // STREAMINFO is the first block: its 20 bits of rate begin at byte 10 of its body, 4 + 4 bytes into the file.
    if let (true, Some(field)) = (told != rate, bytes.get_mut(18..21)) {
        let packed = rate << 4 | u32::from(field[2] & 0x0F);
        field.copy_from_slice(&packed.to_be_bytes()[1..]);
    }
    Ok(bytes)
}

/// The blocks of a stream. What the encoder thinks that a loud block will take overflows; then it may make thousands of bits of a sample, so
/// such a block is kept as it is.
fn encode(samples: &[i32], channels: usize, rate: usize) -> Result<Stream, WriteError> {
    let verified = |config: Encoder| config.into_verified().map_err(|(_, error)| encoder(error));
    let mut plain = Encoder::default();
    (plain.subframe_coding.use_fixed, plain.subframe_coding.use_lpc) = (false, false);
    (plain.stereo_coding.use_leftside, plain.stereo_coding.use_rightside, plain.stereo_coding.use_midside) = (false, false, false);
    let (usual, plain) = (verified(Encoder::default())?, verified(plain)?);

    let mut source = MemSource::from_samples(samples, channels, BITS, rate);
    let mut stream = Stream::new(rate, channels, BITS).map_err(encoder)?;
    stream.stream_info_mut().set_block_sizes(BLOCK, BLOCK).map_err(encoder)?;
    let mut block = (FrameBuf::with_size(channels, BLOCK).map_err(encoder)?, Context::new(BITS, channels));
    loop {
        let frames = source.read_samples(BLOCK, &mut block).map_err(encoder)?;
        if frames == 0 {
            break;
        }
        let number = block.1.current_frame_number().unwrap_or_default();
        let made = |config| encode_fixed_size_frame(config, &block.0, number, stream.stream_info()).map_err(encoder);
        let mut frame = made(&usual)?;
        if frame.count_bits() > frames * channels * BITS + HEADERS {
            frame = made(&plain)?;
        }
        stream.add_frame(frame);
    }
    stream.stream_info_mut().set_md5_digest(&block.1.md5_digest());
    stream.stream_info_mut().set_total_samples(block.1.total_samples());
    Ok(stream)
}

fn encoder(error: impl std::fmt::Display) -> WriteError {
    WriteError::Encoder(error.to_string())
}

/// The comment block: the program, then FIELD=value, each with its length (Ogg Vorbis I, section 5).
fn comments<C>(audio: &Audio<'_, C>, sheet: &Sheet<'_>) -> Vec<u8> {
    let mut fields = Vec::new();
    if !sheet.title.is_empty() {
        fields.push(format!("TITLE={}", sheet.one_line()));
    }
    fields.push(format!("BPM={}", sheet.bpm.get()));
    if !sheet.key.is_empty() {
        fields.push(format!("KEY={}", sheet.key));
        fields.push(format!("INITIALKEY={}", sheet.key));
    }
    if sheet.looped {
        fields.push("LOOPSTART=0".to_owned());
        fields.push(format!("LOOPLENGTH={}", audio.frames));
    }
    if !sheet.note.json.is_empty() {
        fields.push(format!("{JSON_FIELD}={}", sheet.note.json));
    }
    if !sheet.note.latents.is_empty() {
        fields.push(format!("{LATENTS_FIELD}={}", STANDARD.encode(&sheet.note.latents)));
    }
    let mut out = Vec::new();
    let mut text = |text: &str| {
        out.extend_from_slice(&(text.len() as u32).to_le_bytes());
        out.extend_from_slice(text.as_bytes());
    };
    text("Inlay");
    let mut body = Vec::new();
    for field in &fields {
        body.extend_from_slice(&(field.len() as u32).to_le_bytes());
        body.extend_from_slice(field.as_bytes());
    }
    out.extend_from_slice(&(fields.len() as u32).to_le_bytes());
    out.extend_from_slice(&body);
    out
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::file::round_24;
    use inlay_music::SampleRate;

    #[test]
    fn loud_noise_takes_hardly_more_than_its_samples() {
        let mut state = 1u32;
        let mut next = |level: f32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            round_24(((state >> 8) as f32 / 8_388_608.0 - 1.0) * level)
        };
        for level in [0.1, 0.2, 0.4, 0.7, 1.0] {
            let steady: Vec<f32> = (0..20_000).map(|_| next(level)).collect();
            let bursts: Vec<f32> = (0..20_000).map(|i| if i % 5_000 < 1_500 { next(level) } else { 0.0 }).collect();
            for channels in [vec![&steady], vec![&bursts], vec![&steady, &bursts]] {
                let channels: Vec<&[f32]> = channels.into_iter().map(Vec::as_slice).collect();
                let audio = Audio { rate: SampleRate::CD, channels: &channels, frames: 20_000 };
                let (bytes, plain) = (flac(&audio, None).unwrap().len(), channels.len() * 20_000 * 3);
                assert!(bytes < plain + 1_000, "{bytes} bytes for {plain} at {level}");
            }
        }
    }
}
