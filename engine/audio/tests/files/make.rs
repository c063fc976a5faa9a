//! Files made byte by byte, without the code under test.
#![allow(dead_code, reason = "each test binary uses its part")]

/// A WAV file with one `fmt ` and one `data` chunk.
pub fn wav(tag: u16, channels: u16, rate: u32, bits: u16, data: &[u8]) -> Vec<u8> {
    let mut fmt = Vec::new();
    fmt.extend_from_slice(&tag.to_le_bytes());
    fmt.extend_from_slice(&channels.to_le_bytes());
    fmt.extend_from_slice(&rate.to_le_bytes());
    let frame = channels.wrapping_mul(bits / 8);
    fmt.extend_from_slice(&rate.wrapping_mul(u32::from(frame)).to_le_bytes());
    fmt.extend_from_slice(&frame.to_le_bytes());
    fmt.extend_from_slice(&bits.to_le_bytes());
    riff(&[(b"fmt ", &fmt), (b"data", data)])
}

/// A WAV file whose header names its speakers.
pub fn wav_with_speakers(tag: u16, channels: u16, rate: u32, bits: u16, mask: u32, data: &[u8]) -> Vec<u8> {
    let plain = wav(0xFFFE, channels, rate, bits, &[]);
    let mut fmt = plain[20..36].to_vec();
    fmt.extend_from_slice(&22_u16.to_le_bytes());
    fmt.extend_from_slice(&bits.to_le_bytes());
    fmt.extend_from_slice(&mask.to_le_bytes());
    fmt.extend_from_slice(&tag.to_le_bytes());
    fmt.extend_from_slice(b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71");
    riff(&[(b"fmt ", &fmt), (b"data", data)])
}

/// A RIFF/WAVE file of these chunks.
pub fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WAVE".to_vec();
    for (id, content) in chunks {
        body.extend_from_slice(*id);
        body.extend_from_slice(&(content.len() as u32).to_le_bytes());
        body.extend_from_slice(content);
        body.resize(body.len().next_multiple_of(2), 0);
    }
    let mut out = b"RIFF".to_vec();
    out.extend_from_slice(&(body.len() as u32).to_le_bytes());
    out.extend_from_slice(&body);
    out
}

/// An AIFF file of 16-bit samples at 44.1 kHz.
pub fn aiff(channels: u16, samples: &[i16]) -> Vec<u8> {
    let frames = samples.len() as u32 / u32::from(channels);
    let mut comm = channels.to_be_bytes().to_vec();
    comm.extend_from_slice(&frames.to_be_bytes());
    comm.extend_from_slice(&16_u16.to_be_bytes());
    comm.extend_from_slice(&[0x40, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]); // 44100 as an 80-bit float
    let mut ssnd = vec![0; 8];
    samples.iter().for_each(|sample| ssnd.extend_from_slice(&sample.to_be_bytes()));
    let mut body = b"AIFF".to_vec();
    for (id, content) in [(b"COMM", &comm), (b"SSND", &ssnd)] {
        body.extend_from_slice(id);
        body.extend_from_slice(&(content.len() as u32).to_be_bytes());
        body.extend_from_slice(content);
    }
    let mut out = b"FORM".to_vec();
    out.extend_from_slice(&(body.len() as u32).to_be_bytes());
    out.extend_from_slice(&body);
    out
}

/// An MP3 file of silent frames (MPEG-1 layer III, 128 kbit/s, 44.1 kHz, stereo): all-zero side information is silence.
pub fn mp3(frames: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..frames {
        let start = out.len();
        out.extend_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
        out.resize(start + 417, 0);
    }
    out
}

/// A tone with a little noise from a fixed generator, in 24-bit steps.
pub fn tone(frames: usize, channel: usize) -> Vec<f32> {
    let mut state = 0x2545_F491_u32.wrapping_add(channel as u32);
    (0..frames)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = (state >> 8) as f32 / 16_777_216.0 - 0.5;
            let sine = (i as f32 * 0.05 * (channel + 1) as f32).sin();
            ((0.7 * sine + 0.1 * noise) * 8_388_608.0).round() / 8_388_608.0
        })
        .collect()
}
