//! What an instance's audio thread has: the processor, the song, and what comes in and goes out.

use crate::handlers::Headless;
use crate::{HostError, Song};
use clack_host::events::event_types::{NoteOffEvent, NoteOnEvent};
use clack_host::prelude::*;

/// Where the input comes from, frame by frame.
pub type Input = Box<dyn FnMut() -> [f32; 2] + Send>;

/// The audio side of a [`Rig`](crate::Rig).
pub struct Audio {
    pub(crate) processor: Option<StartedPluginAudioProcessor<Headless>>,
    pub(crate) events: EventBuffer,
    told: EventBuffer,
    ports: (AudioPorts, AudioPorts),
    channels: [Vec<f32>; 4],
    rate: f64,
    steady: u64,
    /// Where the song is.
    pub song: Song,
    /// The input of all blocks from the next on, where the plugin has one.
    pub input: Option<Input>,
}

impl Default for Audio {
    fn default() -> Self {
        Self {
            processor: None,
            events: EventBuffer::with_capacity(64),
            told: EventBuffer::with_capacity(64),
            ports: (AudioPorts::with_capacity(2, 1), AudioPorts::with_capacity(2, 1)),
            channels: Default::default(),
            rate: 48_000.0,
            steady: 0,
            song: Song::default(),
            input: None,
        }
    }
}

impl Audio {
    /// Has a processor from now on, for blocks of at most so many frames.
    pub(crate) fn begin(&mut self, processor: StartedPluginAudioProcessor<Headless>, rate: f64, most: u32) {
        self.processor = Some(processor);
        self.rate = rate;
        self.channels = std::array::from_fn(|_| vec![0.0; most as usize]);
    }

    /// Whether it can play.
    pub fn is_active(&self) -> bool {
        self.processor.is_some()
    }

    /// Resets the plugin's sound, as hosts do after a jump.
    pub fn reset(&mut self) {
        if let Some(processor) = &mut self.processor {
            processor.reset();
        }
    }

    /// A note begins at a frame of the next block.
    pub fn note_on(&mut self, note: u8, velocity: f64, at: u32) {
        self.events.push(&NoteOnEvent::new(at, Pckn::new(0u16, 0u16, u16::from(note), u32::from(note)), velocity));
    }

    /// It ends.
    pub fn note_off(&mut self, note: u8, at: u32) {
        self.events.push(&NoteOffEvent::new(at, Pckn::new(0u16, 0u16, u16::from(note), u32::from(note)), 0.0));
    }

    /// Plays so many frames in blocks of `block`, and gives what came out.
    ///
    /// # Errors
    /// [`HostError::Refused`] where the plugin fails or isn't active.
    pub fn play(&mut self, frames: usize, block: usize) -> Result<Vec<[f32; 2]>, HostError> {
        self.play_in(frames, std::iter::repeat(block))
    }

    /// Plays so many frames in blocks of these sizes, one after the other. A block never crosses the end of the host's loop.
    ///
    /// # Errors
    /// As [`Audio::play`].
    pub fn play_in(&mut self, frames: usize, sizes: impl IntoIterator<Item = usize>) -> Result<Vec<[f32; 2]>, HostError> {
        let mut out = Vec::with_capacity(frames);
        let mut sizes = sizes.into_iter();
        while out.len() < frames {
            let size = sizes.next().ok_or_else(|| HostError::Refused("there are no more blocks".into()))?;
            let wrap = self.song.frames_to_wrap(self.rate).unwrap_or(usize::MAX);
            let count = size.min(frames - out.len()).min(wrap).min(self.channels[0].len()).max(1);
            self.block(count)?;
            let [_, _, left, right] = &self.channels;
            out.extend(left[..count].iter().zip(&right[..count]).map(|(l, r)| [*l, *r]));
        }
        Ok(out)
    }

    /// Plays so many quarter notes at the present tempo.
    ///
    /// # Errors
    /// As [`Audio::play`].
    pub fn play_beats(&mut self, beats: f64, block: usize) -> Result<Vec<[f32; 2]>, HostError> {
        self.play((beats * 60.0 / self.song.tempo * self.rate).round() as usize, block)
    }

    /// Plays one block; what came out is [`Audio::output`]. Nothing is allocated here, so that what the plugin allocates can be counted.
    ///
    /// # Errors
    /// [`HostError::Refused`].
    pub fn block(&mut self, frames: usize) -> Result<(), HostError> {
        let idle = || HostError::Refused("it isn't active".into());
        let processor = self.processor.as_mut().ok_or_else(idle)?;
        let [in_left, in_right, left, right] = &mut self.channels;
        if let Some(input) = &mut self.input {
            for i in 0..frames {
                [in_left[i], in_right[i]] = input();
            }
        }
        // what the plugin doesn't write is found out
        left[..frames].fill(f32::NAN);
        right[..frames].fill(f32::NAN);
        let ins = [&mut in_left[..frames], &mut in_right[..frames]].map(InputChannel::variable);
        let ins = AudioPortBuffer { latency: 0, channels: AudioPortBufferType::f32_input_only(ins.into_iter()) };
        let inputs = self.ports.0.with_input_buffers(self.input.is_some().then_some(ins));
        let mut outputs = self.ports.1.with_output_buffers([AudioPortBuffer {
            latency: 0,
            channels: AudioPortBufferType::f32_output_only([&mut left[..frames], &mut right[..frames]].into_iter()),
        }]);
        let transport = self.song.event();
        let status = processor.process(
            &inputs,
            &mut outputs,
            &self.events.as_input(),
            &mut self.told.as_output(),
            Some(self.steady),
            Some(&transport),
        );
        status.map_err(|e| HostError::Refused(e.to_string()))?;
        self.events.clear();
        self.told.clear();
        self.steady += frames as u64;
        self.song.advance(frames, self.rate);
        Ok(())
    }

    /// What the last block left in its first frames.
    pub fn output(&self) -> [&[f32]; 2] {
        [&self.channels[2], &self.channels[3]]
    }
}
