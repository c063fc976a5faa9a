//! Sound as it is kept in memory and in projects: as few bytes as possible, every 24-bit sample as it is.

use super::decode::{Decoded, decode_checked};
use super::splice::Splice;
use super::write::Audio;
use super::{MAX_SAMPLES, ReadError, WriteError, flac, from_24, to_24};
use inlay_music::{Frames, SampleRate, Sound};
use std::io::Cursor;
use std::sync::Arc;

/// Before samples that are smaller as they are: integers of 24 bits, little-endian, frame by frame.
const PLAIN: &[u8; 4] = b"i24:";
/// Bytes of such a sample.
const WIDTH: usize = 3;

/// A sound of one or two channels as bytes: FLAC, or plain integers where those are fewer (noise at full scale).
///
/// The same sound gives the same bytes.
///
/// # Errors
/// [`WriteError`] for a sound that has no channel, no frame, or a sample that is no number.
pub fn pack(sound: &Sound) -> Result<Vec<u8>, WriteError> {
    let (channels, frames) = (&sound.channels, sound.frames().get());
    let samples = frames.saturating_mul(channels.len());
    if !(1..=2).contains(&channels.len()) || samples == 0 || channels.iter().any(|c| c.len() != frames) {
        return Err(WriteError::Shape { channels: channels.len(), frames });
    }
    if samples > MAX_SAMPLES {
        return Err(WriteError::Large);
    }
    if channels.iter().flat_map(|c| c.iter()).any(|v| !v.is_finite()) {
        return Err(WriteError::NotANumber);
    }
    let plain = PLAIN.len() + samples * WIDTH;
    match flac::write::flac(&Audio { rate: sound.rate, channels, frames }, None) {
        Ok(bytes) if bytes.len() <= plain => Ok(bytes),
        // what the encoder can't do well, or at all, is kept in any case
        _ => {
            let mut bytes = Vec::with_capacity(plain);
            bytes.extend_from_slice(PLAIN);
            for frame in 0..frames {
                channels.iter().for_each(|c| bytes.extend_from_slice(&to_24(c[frame]).to_le_bytes()[..WIDTH]));
            }
            Ok(bytes)
        }
    }
}

/// The sound that [`pack`] made of these bytes. Whoever calls this has compared them with a checksum, and knows what the sound has to
/// be: nothing larger is decoded, whatever the bytes say.
///
/// # Errors
/// [`ReadError`] for bytes that aren't such a sound.
pub fn unpack(bytes: &[u8], rate: SampleRate, channels: usize, frames: Frames) -> Result<Sound, ReadError> {
    let other = || ReadError::Damaged("it is another sound".into());
    if !(1..=2).contains(&channels) || frames.get().saturating_mul(channels) > MAX_SAMPLES {
        return Err(other());
    }
    let planes: Vec<Vec<f32>> = match bytes.split_first_chunk() {
        Some((PLAIN, samples)) => {
            if samples.len() != frames.get() * channels * WIDTH {
                return Err(ReadError::Truncated);
            }
            let value = |b: &[u8; WIDTH]| from_24(i32::from_le_bytes([0, b[0], b[1], b[2]]) >> 8);
            let (samples, _) = samples.as_chunks::<WIDTH>();
            (0..channels).map(|c| samples.iter().skip(c).step_by(channels).map(value).collect()).collect()
        }
        Some((b"fLaC", _)) => {
            let mut file = Cursor::new(bytes);
            let head = flac::read::scan(&mut file, 0, bytes.len() as u64)?;
            if head.rate != rate.get() || head.channels != channels || head.frames != Some(frames.get() as u64) {
                return Err(other());
            }
            let source = Splice::new(head.head, file, head.start, bytes.len() as u64 - head.start);
            let Decoded { channels: planes, .. } = decode_checked(Box::new(source), frames.get() as u64)?;
            planes
        }
        _ => return Err(ReadError::NotAudio),
    };
    if planes.len() != channels || planes.iter().any(|c| c.len() != frames.get()) {
        return Err(other());
    }
    Ok(Sound { rate, channels: planes.into_iter().map(Arc::from).collect() })
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::file::round_24;

    /// Numbers that follow no rule, −1 to 1.
    fn noise(frames: usize, level: f32) -> Arc<[f32]> {
        let mut state = 1u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            round_24(((state >> 8) as f32 / 8_388_608.0 - 1.0) * level)
        };
        (0..frames).map(|_| next()).collect()
    }

    fn sound(hertz: u32, channels: Vec<Arc<[f32]>>) -> Sound {
        Sound { rate: SampleRate::new(hertz).unwrap(), channels }
    }

    fn unpacked(bytes: &[u8], like: &Sound) -> Result<Sound, ReadError> {
        unpack(bytes, like.rate, like.channels.len(), like.frames())
    }

    #[test]
    fn every_sample_comes_back_bit_for_bit() {
        let ends: Arc<[f32]> = [8_388_607, -8_388_608, 0, 1, -1].iter().cycle().take(5000).map(|v| from_24(*v)).collect();
        for hertz in [8_000, 44_100, 96_000, 192_000] {
            for channels in [vec![noise(9001, 0.01)], vec![noise(9001, 0.3), noise(9001, 0.0)], vec![ends.clone(), ends.clone()]] {
                let sound = sound(hertz, channels);
                assert_eq!(unpacked(&pack(&sound).unwrap(), &sound).unwrap(), sound);
            }
        }
    }

    #[test]
    fn noise_at_full_scale_takes_no_more_than_its_integers() {
        let sound = sound(44_100, vec![noise(50_000, 1.0), noise(50_000, 0.9)]);
        let bytes = pack(&sound).unwrap();
        assert!(bytes.len() <= 4 + 2 * 50_000 * 3, "{}", bytes.len());
        assert_eq!(unpacked(&bytes, &sound).unwrap(), sound);
    }

    #[test]
    fn another_shape_than_expected_is_refused_before_it_is_decoded() {
        let sound = sound(44_100, vec![noise(5000, 0.001)]);
        let bytes = pack(&sound).unwrap();
        assert!(bytes.starts_with(b"fLaC"));
        let longer = |frames| unpack(&bytes, sound.rate, 1, Frames(frames));
        assert!(longer(4999).is_err() && longer(5001).is_err());
        assert!(unpack(&bytes, sound.rate, 2, Frames(5000)).is_err());
        assert!(unpack(&bytes, SampleRate::new(48_000).unwrap(), 1, Frames(5000)).is_err());
        assert!(unpack(&bytes[..bytes.len() - 1], sound.rate, 1, Frames(5000)).is_err());
        assert!(unpack(&[], sound.rate, 1, Frames(5000)).is_err());
    }

    #[test]
    fn integers_of_another_number_are_refused() {
        let sound = sound(44_100, vec![noise(5000, 1.0)]);
        let bytes = pack(&sound).unwrap();
        assert!(bytes.starts_with(PLAIN));
        let unpack = |bytes: &[u8], channels, frames| unpack(bytes, sound.rate, channels, Frames(frames));
        assert!(unpack(&bytes, 1, 5000).is_ok());
        assert!(unpack(&bytes, 1, 4999).is_err() && unpack(&bytes, 1, 5001).is_err() && unpack(&bytes, 2, 5000).is_err());
        assert!(unpack(&bytes[..bytes.len() - 1], 1, 5000).is_err());
    }

    #[test]
    fn a_sound_that_is_none_is_refused() {
        assert!(matches!(pack(&sound(44_100, vec![])), Err(WriteError::Shape { channels: 0, frames: 0 })));
        assert!(matches!(pack(&sound(44_100, vec![noise(10, 0.1), noise(11, 0.1)])), Err(WriteError::Shape { .. })));
        assert!(matches!(pack(&sound(44_100, vec![vec![f32::NAN].into()])), Err(WriteError::NotANumber)));
    }
}
