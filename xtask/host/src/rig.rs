//! One instance in this host.

use crate::handlers::{Headless, Main, Shared};
use crate::{Audio, HostError, Library};
use clack_extensions::render::RenderMode;
use clack_host::prelude::*;
use std::ffi::CString;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::Ordering::Relaxed;

/// An instance of a plugin in this host: its main thread, and the [`Audio`] that it derefs to.
pub struct Rig {
    pub(crate) instance: PluginInstance<Headless>,
    audio: Audio,
}

impl Deref for Rig {
    type Target = Audio;

    fn deref(&self) -> &Audio {
        &self.audio
    }
}

impl DerefMut for Rig {
    fn deref_mut(&mut self) -> &mut Audio {
        &mut self.audio
    }
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
        Ok(Self { instance, audio: Audio::default() })
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
        self.audio.begin(started, rate, most);
        Ok(())
    }

    /// Makes it inactive.
    pub fn deactivate(&mut self) {
        if let Some(started) = self.audio.processor.take() {
            self.instance.deactivate(started.stop_processing());
        }
    }

    /// Runs the audio on a thread of its own while `main` works on this one, as in a host that plays. `main` finds the rig without its
    /// audio: what it sets isn't heard.
    pub fn alongside<A: Send, M>(&mut self, play: impl FnOnce(&mut Audio) -> A + Send, main: impl FnOnce(&mut Self) -> M) -> (A, M) {
        let mut audio = std::mem::take(&mut self.audio);
        let (played, done, audio) = std::thread::scope(|scope| {
            let thread = scope.spawn(move || {
                let played = play(&mut audio);
                (played, audio)
            });
            let done = main(self);
            let (played, audio) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            (played, done, audio)
        });
        self.audio = audio;
        (played, done)
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

    /// Whether the plugin said that its project changed, since the last call.
    pub fn is_dirty(&self) -> bool {
        self.instance.access_handler(|main| main.dirty.replace(false))
    }
}

impl Drop for Rig {
    fn drop(&mut self) {
        self.deactivate();
    }
}
