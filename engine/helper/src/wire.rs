//! Messages as bytes: the length of the message, how many numbers stand behind it (both u32), the message in JSON, the numbers (f32; all little-endian).
//! Sizes are checked before memory is asked for.

use inlay_stable::Stereo;
use serde::{Serialize, de::DeserializeOwned};
use std::{
    io::{self, Read},
    sync::atomic::{AtomicUsize, Ordering},
};

/// The longest message: a prompt and some regions.
const LONGEST: usize = 1 << 20;
/// The most numbers: two channels of ten minutes at 192 kHz.
pub(crate) const MOST: usize = 2 * 600 * 192_000;
/// Numbers that are read at once.
const CHUNK: usize = 16 << 10;

/// A message and the channels that belong to it, as they are written.
///
/// # Errors
/// [`io::ErrorKind::InvalidInput`] where it can't be told.
pub(crate) fn message(message: &impl Serialize, audio: Option<&Stereo>) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(message).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
    let count = audio.map_or(0, |audio| audio[0].len() + audio[1].len());
    if json.len() > LONGEST || count > MOST || audio.is_some_and(|audio| audio[0].len() != audio[1].len()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is too long"));
    }
    let mut bytes = Vec::with_capacity(8 + json.len() + 4 * count);
    bytes.extend((json.len() as u32).to_le_bytes());
    bytes.extend((count as u32).to_le_bytes());
    bytes.extend(json);
    bytes.extend(audio.into_iter().flatten().flatten().flat_map(|v| v.to_le_bytes()));
    Ok(bytes)
}

/// Reads a message with its channels, which are empty where none belong to it, and have `expected` numbers at most.
///
/// # Errors
/// [`io::ErrorKind::UnexpectedEof`] where the other side is gone; [`io::ErrorKind::InvalidData`] where it isn't understood.
pub(crate) fn read<M: DeserializeOwned>(from: &mut impl Read, expected: &AtomicUsize) -> io::Result<(M, Stereo)> {
    let bad = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
    let mut sizes = [0; 8];
    from.read_exact(&mut sizes)?;
    let [length, count] = [&sizes[..4], &sizes[4..]].map(|b| b.iter().rev().fold(0, |n, byte| n << 8 | usize::from(*byte)));
    if length > LONGEST || count > MOST.min(expected.load(Ordering::Acquire)) || count % 2 != 0 {
        return Err(bad(format!("a message of {length} bytes with {count} numbers")));
    }
    let mut json = vec![0; length];
    from.read_exact(&mut json)?;
    let message = serde_json::from_slice(&json).map_err(|e| bad(e.to_string()))?;
    let mut channel = || -> io::Result<Vec<f32>> {
        // memory only for what has come
        let (mut numbers, mut bytes) = (Vec::new(), vec![0; 4 * CHUNK.min(count / 2)]);
        while numbers.len() < count / 2 {
            let part = &mut bytes[..4 * CHUNK.min(count / 2 - numbers.len())];
            from.read_exact(part)?;
            numbers.extend(part.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])));
        }
        Ok(numbers)
    };
    Ok((message, [channel()?, channel()?]))
}

#[cfg(test)]
mod test {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn messages_come_through_with_their_numbers() {
        let audio = [vec![0.25; 40_000], (0..40_000).map(|i| i as f32).collect()];
        let bytes = [message(&"one", Some(&audio)).unwrap(), message(&"two", None).unwrap()].concat();
        let (mut from, expected) = (bytes.as_slice(), AtomicUsize::new(80_000));
        assert_eq!(read::<String>(&mut from, &expected).unwrap(), ("one".into(), audio));
        assert_eq!(read::<String>(&mut from, &expected).unwrap(), ("two".into(), Stereo::default()));
        assert_eq!(read::<String>(&mut from, &expected).unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        // more than was asked for
        expected.store(79_998, Ordering::Release);
        assert_eq!(read::<String>(&mut bytes.as_slice(), &expected).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }

    #[test]
    fn sizes_that_no_message_has_ask_for_no_memory() {
        let any = AtomicUsize::new(usize::MAX);
        let error = |sizes: [u32; 2]| read::<String>(&mut sizes.map(u32::to_le_bytes).concat().as_slice(), &any).unwrap_err().kind();
        assert_eq!(error([u32::MAX, 0]), io::ErrorKind::InvalidData);
        assert_eq!(error([1, u32::MAX]), io::ErrorKind::InvalidData);
        assert_eq!(error([1, 3]), io::ErrorKind::InvalidData);
        // allowed, but it doesn't come
        assert_eq!(error([0, MOST as u32]), io::ErrorKind::InvalidData);
        assert_eq!(error([1000, 0]), io::ErrorKind::UnexpectedEof);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_message_or_an_error(bytes: Vec<u8>) {
            let _ = read::<crate::message::Answer>(&mut bytes.as_slice(), &AtomicUsize::new(64));
        }
    }
}
