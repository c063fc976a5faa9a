//! From packets to channels of samples.

use super::read::{MAX_CHANNELS, MAX_MINUTES, MAX_SAMPLES};
use super::{Depth, ReadError, Seat};
use inlay_music::SampleRate;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use symphonia::core::audio::sample::Sample;
use symphonia::core::audio::{Audio, AudioBuffer, AudioSpec, Channels, GenericAudioBufferRef, Position};
use symphonia::core::codecs::audio::{AudioDecoder, AudioDecoderOptions};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::default::formats::{AiffReader, FlacReader, MpaReader, OggReader, WavReader};

/// What holds the audio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Wav,
    Aiff,
    Flac,
    Mp3,
    Ogg,
}

impl Container {
    /// Whether every sample is kept, so that a packet that can't be decoded is a loss.
    fn lossless(self) -> bool {
        matches!(self, Container::Wav | Container::Aiff | Container::Flac)
    }
}

/// Decoded audio.
pub(super) struct Decoded {
    pub rate: u32,
    pub channels: Vec<Vec<f32>>,
    pub seats: Vec<Seat>,
    pub depth: Depth,
}

/// Decodes all of `source`; `frames`: how many there have to be, where that is known.
pub(super) fn decode<'s>(source: Box<dyn MediaSource + 's>, container: Container, frames: Option<u64>) -> Result<Decoded, ReadError> {
    // The decoders aren't ours, and a file nobody thought of mustn't end the program. What they leave behind is dropped.
    guarded(|| run(source, container, frames, false))
}

/// Decodes a FLAC stream of exactly `frames` whose bytes were compared with a checksum already: its own isn't computed.
pub(super) fn decode_checked<'s>(source: Box<dyn MediaSource + 's>, frames: u64) -> Result<Decoded, ReadError> {
    guarded(|| run(source, Container::Flac, Some(frames), true))
}

fn guarded(work: impl FnOnce() -> Result<Decoded, ReadError>) -> Result<Decoded, ReadError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(ReadError::Damaged("its decoder gave up".into())))
}

fn run<'s>(source: Box<dyn MediaSource + 's>, container: Container, frames: Option<u64>, checked: bool) -> Result<Decoded, ReadError> {
    let mut reader = open(source, container)?;
    let track = reader.default_track(TrackType::Audio).ok_or(ReadError::NoAudio)?;
    let params = track.codec_params.as_ref().and_then(|params| params.audio()).ok_or(ReadError::NoAudio)?;
    let (id, frames) = (track.id, frames.or(track.num_frames.filter(|_| container.lossless())));
    // Before the decoder: it takes memory for every channel it is told of.
    match params.channels.as_ref().map(Channels::count) {
        Some(0) => return Err(ReadError::NoChannels),
        Some(many) if many > MAX_CHANNELS => return Err(ReadError::Channels(many)),
        _ => {}
    }
    let options = AudioDecoderOptions::default().verify(!checked);
    let mut decoder = symphonia::default::get_codecs().make_audio_decoder(params, &options).map_err(refused)?;
    let bits = params.bits_per_sample;
    let mut planes = Planes::new(container, frames);
    loop {
        let packet = match reader.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => break,
            Err(Error::IoError(error)) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            // A second stream behind the first one.
            Err(Error::ResetRequired) => return Err(ReadError::Kind("several streams in one file")),
            Err(error) => return Err(refused(error)),
        };
        if packet.track_id != id {
            continue;
        }
        match decoder.decode(&packet) {
            Ok(buffer) => {
                planes.push(&buffer)?;
                if checked && frames.is_some_and(|frames| planes.frames() as u64 > frames) {
                    return Err(ReadError::Damaged("it is longer than it says".into()));
                }
            }
            // Lossy streams may begin in the middle of something; players skip that, too.
            Err(Error::DecodeError(_) | Error::IoError(_)) if !container.lossless() => {}
            Err(error) => return Err(refused(error)),
        }
    }
    planes.finish(decoder.as_mut(), bits)
}

fn open<'s>(source: Box<dyn MediaSource + 's>, container: Container) -> Result<Box<dyn FormatReader + 's>, ReadError> {
    let stream = MediaSourceStream::new(source, Default::default());
    let options = FormatOptions::default();
    let reader: Result<Box<dyn FormatReader + 's>, Error> = match container {
        Container::Wav => WavReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        Container::Aiff => AiffReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        Container::Flac => FlacReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        Container::Mp3 => MpaReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
        Container::Ogg => OggReader::try_new(stream, options).map(|reader| Box::new(reader) as _),
    };
    reader.map_err(refused)
}

fn refused(error: Error) -> ReadError {
    match error {
        Error::IoError(error) => error.into(),
        Error::Unsupported(what) => ReadError::Kind(what),
        other => ReadError::Damaged(other.to_string()),
    }
}

/// The samples so far.
struct Planes {
    container: Container,
    /// How many frames there have to be.
    expected: Option<u64>,
    spec: Option<AudioSpec>,
    depth: Depth,
    channels: Vec<Vec<f32>>,
}

impl Planes {
    fn new(container: Container, expected: Option<u64>) -> Self {
        Self { container, expected, spec: None, depth: Depth::Lossy, channels: Vec::new() }
    }

    fn frames(&self) -> usize {
        self.channels.first().map_or(0, Vec::len)
    }

    fn push(&mut self, buffer: &GenericAudioBufferRef<'_>) -> Result<(), ReadError> {
        if self.spec.is_none() {
            self.begin(buffer.spec())?;
        }
        if self.spec.as_ref() != Some(buffer.spec()) {
            return Err(ReadError::Damaged("its rate or channels change on the way".into()));
        }
        let before = self.frames();
        self.room_for(buffer.frames())?;
        use GenericAudioBufferRef as B;
        match buffer {
            B::U8(b) => self.append(b, Depth::Int(8), |x| f32::from(i16::from(x) - 128) / 128.0),
            B::S8(b) => self.append(b, Depth::Int(8), |x| f32::from(x) / 128.0),
            B::U16(b) => self.append(b, Depth::Int(16), |x| (f32::from(x) - 32_768.0) / 32_768.0),
            B::S16(b) => self.append(b, Depth::Int(16), |x| f32::from(x) / 32_768.0),
            B::U24(b) => self.append(b, Depth::Int(24), |x| (x.inner() as f32 - 8_388_608.0) / 8_388_608.0),
            B::S24(b) => self.append(b, Depth::Int(24), |x| x.inner() as f32 / 8_388_608.0),
            // Exact for up to 24 bits, which the decoder shifts to the top; 32 bits are rounded once.
            B::S32(b) => self.append(b, Depth::Int(32), |x| x as f32 / 2_147_483_648.0),
            B::U32(b) => self.append(b, Depth::Int(32), |x| ((f64::from(x) - 2_147_483_648.0) / 2_147_483_648.0) as f32),
            B::F32(b) => self.append(b, Depth::Float(32), |x| x),
            B::F64(b) => self.append(b, Depth::Float(64), |x| x as f32),
        }
        self.check(before)
    }

    /// The first buffer says what all have to be.
    fn begin(&mut self, spec: &AudioSpec) -> Result<(), ReadError> {
        let count = spec.channels().count();
        match count {
            0 => return Err(ReadError::NoChannels),
            many if many > MAX_CHANNELS => return Err(ReadError::Channels(many)),
            _ => {}
        }
        SampleRate::new(spec.rate()).map_err(|_| ReadError::Rate(spec.rate()))?;
        self.spec = Some(spec.clone());
        self.channels = vec![Vec::new(); count];
        if let (Container::Wav | Container::Aiff, Some(frames)) = (self.container, self.expected) {
            // These bytes are there, so this is what it will be. Elsewhere a header can promise anything: room grows with the samples.
            self.room_for(usize::try_from(frames).map_err(|_| ReadError::Samples)?)?;
        }
        Ok(())
    }

    /// Makes room for `more` frames, within the limits.
    fn room_for(&mut self, more: usize) -> Result<(), ReadError> {
        let frames = self.frames().saturating_add(more);
        let rate = self.spec.as_ref().map_or(0, AudioSpec::rate);
        if frames as u64 > u64::from(rate) * 60 * u64::from(MAX_MINUTES) {
            return Err(ReadError::Long);
        }
        if frames.saturating_mul(self.channels.len()) > MAX_SAMPLES {
            return Err(ReadError::Samples);
        }
        self.channels.iter_mut().try_for_each(|channel| channel.try_reserve(more)).map_err(|_| ReadError::Memory)
    }

    fn append<S: Sample>(&mut self, buffer: &AudioBuffer<S>, depth: Depth, value: impl Fn(S) -> f32) {
        self.depth = depth;
        for (channel, plane) in self.channels.iter_mut().zip(buffer.iter_planes()) {
            channel.extend(plane.iter().map(|&sample| value(sample)));
        }
    }

    /// Refuses what is no sound among the frames from `from` on.
    fn check(&self, from: usize) -> Result<(), ReadError> {
        /// 60 dB above full scale.
        const LOUDEST: f32 = 1000.0;
        let rate = f64::from(self.spec.as_ref().map_or(1, AudioSpec::rate).max(1));
        for channel in &self.channels {
            let new = channel.get(from..).unwrap_or_default();
            let Some(place) = new.iter().position(|x| x.is_nan() || x.abs() > LOUDEST) else { continue };
            let seconds = (from + place) as f64 / rate;
            return Err(if new[place].is_finite() { ReadError::Loud { seconds } } else { ReadError::NotANumber { seconds } });
        }
        Ok(())
    }

    fn finish(mut self, decoder: &mut dyn AudioDecoder, bits: Option<u32>) -> Result<Decoded, ReadError> {
        let frames = self.frames();
        if self.expected.is_some_and(|expected| (frames as u64) < expected) {
            return Err(ReadError::Truncated);
        }
        let (Some(spec), 1..) = (self.spec.take(), frames) else { return Err(ReadError::NoAudio) };
        if decoder.finalize().verify_ok == Some(false) {
            return Err(ReadError::Damaged("its checksum is wrong".into()));
        }
        self.channels.iter_mut().for_each(Vec::shrink_to_fit);
        let depth = match self.depth {
            _ if !self.container.lossless() => Depth::Lossy,
            Depth::Int(width) => Depth::Int(bits.unwrap_or(width).min(width)),
            other => other,
        };
        Ok(Decoded { rate: spec.rate(), seats: seats(spec.channels()), channels: self.channels, depth })
    }
}

/// Where the decoder's channels are heard, in its order: that of the bits of a speaker mask.
fn seats(channels: &Channels) -> Vec<Seat> {
    let Channels::Positioned(mask) = channels else { return vec![Seat::Other; channels.count()] };
    let seat = |position| match position {
        Position::FRONT_LEFT | Position::FRONT_LEFT_CENTER | Position::TOP_FRONT_LEFT | Position::FRONT_LEFT_WIDE => Seat::Left,
        Position::FRONT_RIGHT | Position::FRONT_RIGHT_CENTER | Position::TOP_FRONT_RIGHT | Position::FRONT_RIGHT_WIDE => Seat::Right,
        Position::FRONT_CENTER => Seat::Centre,
        Position::LFE1 | Position::LFE2 => Seat::Low,
        Position::REAR_LEFT | Position::SIDE_LEFT | Position::TOP_REAR_LEFT | Position::TOP_SIDE_LEFT => Seat::SurroundLeft,
        Position::REAR_RIGHT | Position::SIDE_RIGHT | Position::TOP_REAR_RIGHT | Position::TOP_SIDE_RIGHT => Seat::SurroundRight,
        Position::REAR_CENTER => Seat::SurroundCentre,
        _ => Seat::Other,
    };
    mask.iter().map(seat).collect()
}
