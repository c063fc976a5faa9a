//! Why a file can't be read or written, and what to do about it.

use super::Note;
use super::read::{MAX_BYTES, MAX_CHANNELS, MAX_MINUTES, MAX_SAMPLES};
use std::io;

/// Why a file can't be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// No file of that name.
    #[error("there is no such file: check its name and folder")]
    Missing,
    /// The system doesn't let us.
    #[error("this file can't be opened: check that you may read it")]
    Forbidden,
    /// A folder, a device, a pipe.
    #[error("this is not a file but a folder or a device: choose an audio file")]
    NotAFile,
    /// Not one byte.
    #[error("this file is empty: export or copy it again")]
    Empty,
    /// Nothing we know.
    #[error("this is not an audio file that can be read: choose WAV, AIFF, FLAC, MP3 or Ogg Vorbis")]
    NotAudio,
    /// Audio, but of a kind we have no decoder for.
    #[error("audio of this kind ({0}) can't be read: convert it to WAV or FLAC")]
    Kind(&'static str),
    /// Fewer samples than announced.
    #[error("a part of this file is missing, it ends before its audio does: export or copy it again")]
    Truncated,
    /// What is there makes no sense.
    #[error("this file is damaged ({0}): export it again, or choose another")]
    Damaged(String),
    /// A header without channels.
    #[error("this file says that it has no channels: export it again as mono or stereo")]
    NoChannels,
    /// More channels than we take.
    #[error("this file has {0} channels, more than {MAX_CHANNELS}: export it as stereo")]
    Channels(usize),
    /// A sample rate we can't use.
    #[error("this file's sample rate of {0} Hz can't be used: convert it to 44100 or 48000 Hz")]
    Rate(u32),
    /// No frame at all.
    #[error("there is no audio in this file: export it again, or choose another")]
    NoAudio,
    /// Longer than [`MAX_MINUTES`].
    #[error("this file is longer than {MAX_MINUTES} minutes: cut out the part you want to work on")]
    Long,
    /// More than [`MAX_SAMPLES`] in all channels.
    #[error("this file has more than {} million samples: cut out the part you want to work on, or lower its rate", MAX_SAMPLES / 1_000_000)]
    Samples,
    /// More than [`MAX_BYTES`].
    #[error("this file is larger than {} MiB: cut out the part you want to work on", MAX_BYTES >> 20)]
    Bytes,
    /// NaN or infinity.
    #[error("at {seconds:.3} s this file holds a sample that is no number: export it again without the effect that made it")]
    NotANumber {
        /// Where the first one is.
        seconds: f64,
    },
    /// Beyond anything that is meant as sound (60 dB above full scale).
    #[error("at {seconds:.3} s this file is more than 60 dB above full scale: export it again at a usual level")]
    Loud {
        /// Where the first such sample is.
        seconds: f64,
    },
    /// The system has no more memory.
    #[error("there is not enough memory for this file: close other programs, or cut out the part you want to work on")]
    Memory,
    /// The system failed.
    #[error("this file can't be read ({0}): check the disk, or copy the file to another place")]
    Io(io::Error),
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => ReadError::Missing,
            io::ErrorKind::PermissionDenied => ReadError::Forbidden,
            io::ErrorKind::IsADirectory => ReadError::NotAFile,
            io::ErrorKind::UnexpectedEof => ReadError::Truncated,
            io::ErrorKind::OutOfMemory => ReadError::Memory,
            _ => ReadError::Io(error),
        }
    }
}

/// Why a file can't be written. Nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The name is taken, and replacing wasn't asked for.
    #[error("there is already a file of that name: choose another name, or replace it on purpose (--force)")]
    Exists,
    /// The folder isn't there.
    #[error("the folder for this file doesn't exist: make it, or choose another")]
    Folder,
    /// The system doesn't let us.
    #[error("this folder can't be written to: choose another, or change its permissions")]
    Forbidden,
    /// The name is that of a folder, or can't be a file's name.
    #[error("this is no name for a file: choose another, shorter than 250 characters and not that of a folder")]
    Name,
    /// The disk is full.
    #[error("the disk is full: make room, or choose another")]
    Full,
    /// Channels that are none, too many for the format, empty, or of different lengths.
    #[error("audio of {channels} channels and {frames} frames can't be written: it needs 1 to 8 channels of the same length")]
    Shape {
        /// How many channels.
        channels: usize,
        /// How long the first is.
        frames: usize,
    },
    /// NaN or infinity.
    #[error("the audio holds a sample that is no number: make it again")]
    NotANumber,
    /// Beyond the format's 4 GiB (WAV) or 2³² frames.
    #[error("this is too much audio for one file: lower the sample rate or choose fewer bars")]
    Large,
    /// A [`Note`] above its limits.
    #[error(
        "the request ({json} bytes) or latents ({latents} bytes) are too long to be kept in a file: at most {} and {}",
        Note::MAX_JSON,
        Note::MAX_LATENTS
    )]
    Note {
        /// Bytes of the request.
        json: usize,
        /// Bytes of the latents.
        latents: usize,
    },
    /// The FLAC encoder refused, or didn't give back what went in.
    #[error("this audio can't be encoded as FLAC ({0}): choose WAV")]
    Encoder(String),
    /// The system has no more memory.
    #[error("there is not enough memory to make this file: close other programs, or lower the sample rate")]
    Memory,
    /// The system failed.
    #[error("the file can't be written ({0}): check the disk, or choose another folder")]
    Io(io::Error),
}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        use io::ErrorKind as Kind;
        match error.kind() {
            Kind::AlreadyExists => WriteError::Exists,
            Kind::NotFound | Kind::NotADirectory => WriteError::Folder,
            Kind::PermissionDenied | Kind::ReadOnlyFilesystem => WriteError::Forbidden,
            Kind::StorageFull | Kind::QuotaExceeded => WriteError::Full,
            Kind::FileTooLarge => WriteError::Large,
            Kind::IsADirectory | Kind::DirectoryNotEmpty | Kind::InvalidFilename | Kind::InvalidInput => WriteError::Name,
            Kind::OutOfMemory => WriteError::Memory,
            _ => WriteError::Io(error),
        }
    }
}
