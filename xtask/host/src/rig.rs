//! One instance, its transport, and what it plays.

use crate::handlers::{Headless, Main, Shared};
use crate::{HostError, Library, Song};
use clack_extensions::render::RenderMode;
use clack_host::events::event_types::{NoteOffEvent, NoteOnEvent};
use clack_host::prelude::*;
use clack_host::process::StartedPluginAudioProcessor;
use std::ffi::CString;
use std::sync::atomic::Ordering::Relaxed;

/// An instance of a plugin in this host.
pub struct Rig {
    pub(crate) instance: PluginInstance<Headless>,
    pub(crate) events: EventBuffer,
    told: EventBuffer,
    processor: Option<StartedPluginAudioProcessor<Headless>>,
    ports: (AudioPorts, AudioPorts),
    channels: [Vec<f32>; 4],
    rate: f64,
    steady: u64,
    /// Where the song is.
    pub song: Song,
    /// The input's level in all blocks, where the plugin has an input: frame by frame, from its first frame on.
    pub input: Option<Box<dyn FnMut() -> [f32; 2]>>,
}

impl Rig {
    /// Makes an instance; it is not active yet.
    ///
    /// # Errors
    /// [`HostError::Missing`], [`HostError::Refused`].
    pub fn new(library: &Library, id: &str) -> Result<Self, HostError> {
        let missing = || HostError::Missing(id.into());
        let info = HostInfo::new("Headless", "Inlay", "", "1").map_err(|e| HostError::Refused(e.to_string()))?;
        let name = CString::new(id).map_err(|_| missing())?;
        let instance = PluginInstance::new(|_| Shared::default(), |_| Main::default(), &library.entry, &name, &info)
            .map_err(|e| HostError::Refused(e.to_string()))?;
        Ok(Self {
            instance,
            events: EventBuffer::with_capacity(64),
            told: EventBuffer::with_capacity(64),
            processor: None,
            ports: (AudioPorts::with_capacity(2, 1), AudioPorts::with_capacity(2, 1)),
            channels: Default::default(),
            rate: 48_000.0,
            steady: 0,
            song: Song::default(),
            input: None,
        })
    }

    /// Makes it active, for blocks of at most so many frames.
    ///
    /// # Errors
    /// [`HostError::Refused`].
    pub fn activate(&mut self, rate: f64, most: u32) -> Result<(), HostError> {
        self.deactivate();
        let refused = |e: PluginInstanceError| HostError::Refused(e.to_string());
        let config = PluginAudioConfiguration { sample_rate: rate, min_frames_count: 1, max_frames_count: most };
        let stopped = self.instance.activate(|_, _| (), config).map_err(refused)?;
        let started = stopped.start_processing().map_err(|_| HostError::Refused("it doesn't start to process".into()))?;
        self.processor = Some(started);
        self.rate = rate;
        self.channels = std::array::from_fn(|_| vec![0.0; most as usize]);
        Ok(())
    }

    /// Makes it inactive.
    pub fn deactivate(&mut self) {
        if let Some(started) = self.processor.take() {
            self.instance.deactivate(started.stop_processing());
        }
    }

    /// Whether it is active.
    pub fn is_active(&self) -> bool {
        self.processor.is_some()
    }

    /// Tells it that it renders offline, or in real time.
    pub fn offline(&mut self, offline: bool) {
        let render = self.instance.access_shared_handler(|shared| shared.render.get().copied().flatten());
        let mode = if offline { RenderMode::Offline } else { RenderMode::Realtime };
        if let Some(render) = render {
            // a plugin that has no such mode renders all the same
            let _ = render.set(&self.instance.plugin_handle(), mode);
        }
    }

    /// Resets its sound, as hosts do after a jump.
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

    /// Runs what the plugin asked the main thread for.
    pub fn idle(&mut self) {
        if self.instance.access_shared_handler(|shared| shared.callback.swap(false, Relaxed)) {
            self.instance.call_on_main_thread_callback();
        }
    }

    /// Whether the plugin asked for its parameters to be read again, since the last call.
    pub fn wants_flush(&self) -> bool {
        self.instance.access_shared_handler(|shared| shared.flush.swap(false, Relaxed))
    }

    /// Plays so many frames in blocks of `block`, and gives what came out.
    ///
    /// # Errors
    /// [`HostError::Refused`] where the plugin fails or isn't active.
    pub fn play(&mut self, frames: usize, block: usize) -> Result<Vec<[f32; 2]>, HostError> {
        let mut out = Vec::with_capacity(frames);
        while out.len() < frames {
            let wrap = self.song.frames_to_wrap(self.rate).unwrap_or(usize::MAX);
            let count = block.min(frames - out.len()).min(wrap).min(self.channels[0].len()).max(1);
            self.block(count)?;
            let [_, _, left, right] = &self.channels;
            out.extend(left[..count].iter().zip(&right[..count]).map(|(l, r)| [*l, *r]));
        }
        Ok(out)
    }

    /// Plays so many quarter notes at the present tempo.
    ///
    /// # Errors
    /// As [`Rig::play`].
    pub fn play_beats(&mut self, beats: f64, block: usize) -> Result<Vec<[f32; 2]>, HostError> {
        self.play((beats * 60.0 / self.song.tempo * self.rate).round() as usize, block)
    }

    /// Plays one block; what came out is [`Rig::output`]. Nothing is allocated here, so that what the plugin allocates can be counted.
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
        left[..frames].fill(f32::NAN);
        right[..frames].fill(f32::NAN);
        let ins = [&mut in_left[..frames], &mut in_right[..frames]].map(|channel| InputChannel::variable(channel));
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

impl Drop for Rig {
    fn drop(&mut self) {
        self.deactivate();
    }
}
