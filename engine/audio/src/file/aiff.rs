//! Finding one's way in an AIFF file.

use super::ReadError;
use super::read::{MAX_CHANNELS, Source, take};

/// What an AIFF file says of itself, checked against its size.
pub(super) struct Aiff {
    /// FORM header, `COMM` and the header of `SSND`, written anew: the smallest file that has this audio.
    pub head: Vec<u8>,
    /// Where the samples are in the file, in bytes.
    pub start: u64,
    /// How many bytes of whole frames there are.
    pub len: u64,
    pub frames: u64,
}

/// More chunks than any program writes.
const MAX_CHUNKS: usize = 4096;

/// Reads the chunks of an AIFF or AIFF-C file of `size` bytes.
pub(super) fn scan(file: &mut impl Source, size: u64) -> Result<Aiff, ReadError> {
    let compressed = take::<12>(file, 0)?[11] == b'C';
    let (mut comm, mut sound, mut at) = (None, None, 12_u64);
    for _ in 0..MAX_CHUNKS {
        if at.saturating_add(8) > size {
            break;
        }
        let [name @ .., a, b, c, d] = take::<8>(file, at)?;
        let (body, len) = (at + 8, u64::from(u32::from_be_bytes([a, b, c, d])));
        match &name {
            b"COMM" | b"SSND" if body + len > size => return Err(ReadError::Truncated),
            b"COMM" if comm.is_none() && len >= if compressed { 22 } else { 18 } => comm = Some(Common::new(file, body, compressed)?),
            b"SSND" if sound.is_none() && len >= 8 => {
                let [a, b, c, d] = take(file, body)?;
                let offset = u64::from(u32::from_be_bytes([a, b, c, d]));
                sound = Some((body + 8 + offset, (len - 8).checked_sub(offset).ok_or(ReadError::Truncated)?));
            }
            _ => {}
        }
        at = body + len + len % 2;
    }
    let comm = comm.ok_or_else(|| ReadError::Damaged("its header is missing".into()))?;
    let (start, room) = sound.ok_or(ReadError::Truncated)?;
    let (frames, len) = (u64::from(comm.frames), u64::from(comm.frames) * comm.frame_bytes);
    if len > room {
        return Err(ReadError::Truncated);
    }
    Ok(Aiff { head: comm.head(len), start, len, frames })
}

/// The `COMM` chunk.
struct Common {
    channels: u16,
    frames: u32,
    bits: u16,
    rate: u32,
    compression: Option<[u8; 4]>,
    frame_bytes: u64,
}

impl Common {
    fn new(file: &mut impl Source, at: u64, compressed: bool) -> Result<Self, ReadError> {
        let [c0, c1, f0, f1, f2, f3, b0, b1, rate @ ..] = take::<18>(file, at)?;
        let channels = u16::from_be_bytes([c0, c1]);
        match usize::from(channels) {
            0 => return Err(ReadError::NoChannels),
            many if many > MAX_CHANNELS => return Err(ReadError::Channels(many)),
            _ => {}
        }
        let compression = if compressed { Some(take::<4>(file, at + 18)?) } else { None };
        // Samples fill whole bytes from the top, so any depth in between is that of its bytes.
        let told = u16::from_be_bytes([b0, b1]);
        let bits = match compression.map(|kind| kind.to_ascii_lowercase()).as_deref() {
            None | Some(b"none") if (1..=32).contains(&told) => told.next_multiple_of(8),
            Some(b"twos" | b"sowt") if told == 16 => 16,
            Some(b"in24") if told == 24 => 24,
            Some(b"in32" | b"23ni") if told == 32 => 32,
            Some(b"fl32") => 32,
            Some(b"fl64") => 64,
            None => return Err(ReadError::Kind("AIFF of an unusual bit depth")),
            Some(_) => return Err(ReadError::Kind("compressed AIFF, or of an unusual bit depth")),
        };
        let rate = hertz(rate).ok_or_else(|| ReadError::Damaged("its sample rate is no number".into()))?;
        let frame_bytes = u64::from(channels) * u64::from(bits / 8);
        Ok(Self { channels, frames: u32::from_be_bytes([f0, f1, f2, f3]), bits, rate, compression, frame_bytes })
    }

    /// The beginning of an AIFF file with `len` bytes of samples.
    fn head(&self, len: u64) -> Vec<u8> {
        let len = len as u32; // it fits into a chunk of the file
        let comm: u32 = if self.compression.is_some() { 24 } else { 18 };
        let mut head = b"FORM".to_vec();
        head.extend_from_slice(&len.saturating_add(4 + 8 + comm + 8 + 8).to_be_bytes());
        head.extend_from_slice(if self.compression.is_some() { b"AIFCCOMM" } else { b"AIFFCOMM" });
        head.extend_from_slice(&comm.to_be_bytes());
        head.extend_from_slice(&self.channels.to_be_bytes());
        head.extend_from_slice(&self.frames.to_be_bytes());
        head.extend_from_slice(&self.bits.to_be_bytes());
        head.extend_from_slice(&extended(self.rate));
        if let Some(kind) = self.compression {
            head.extend_from_slice(&kind);
            head.extend_from_slice(&[0, 0]); // its name: none
        }
        head.extend_from_slice(b"SSND");
        head.extend_from_slice(&len.saturating_add(8).to_be_bytes());
        head.extend_from_slice(&[0; 8]);
        head
    }
}

/// A rate in Hz, rounded down, from an 80-bit float: 1 bit sign, 15 exponent, 64 mantissa with its leading one.
fn hertz([e0, e1, mantissa @ ..]: [u8; 10]) -> Option<u32> {
    let exponent = u16::from_be_bytes([e0, e1]);
    let mantissa = u64::from_be_bytes(mantissa);
    let shift = 63_u32.checked_sub(u32::from(exponent.checked_sub(16_383)?))?;
    u32::try_from(mantissa >> shift).ok()
}

/// The inverse of [`hertz`].
fn extended(hertz: u32) -> [u8; 10] {
    let zeros = u64::from(hertz).leading_zeros().min(63);
    let [e0, e1] = (16_383 + 63 - zeros as u16).to_be_bytes();
    let [a, b, c, d, e, f, g, h] = (u64::from(hertz) << zeros).to_be_bytes();
    [e0, e1, a, b, c, d, e, f, g, h]
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn rates_survive_their_80_bits() {
        for rate in [1, 8_000, 11_025, 44_100, 48_000, 192_000, 384_000, u32::MAX] {
            assert_eq!(hertz(extended(rate)), Some(rate));
        }
        assert_eq!(extended(44_100), [0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]);
        assert_eq!(hertz([0xFF; 10]), None);
        assert_eq!(hertz([0; 10]), None);
    }
}
