//! A headless CLAP host: plays a plugin faster than real time, from a bundle or from the process itself, for tests and checks.
//!
//! A [`Library`] holds plugins, a [`Rig`] one instance with its transport. The same thread is main and audio thread by turns, as in an
//! offline render; [`Rig::alongside`] runs the two side by side.

mod audio;
mod dice;
mod handlers;
mod pages;
mod params;
mod rig;
mod song;
mod state;

use clack_host::entry::{EntryDescriptor, PluginEntry};
use std::ffi::CStr;
use std::path::Path;

pub use audio::{Audio, Input};
pub use dice::Dice;
pub use pages::Page;
pub use params::Facts;
pub use rig::Rig;
pub use song::Song;

/// Why a plugin can't be hosted.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The library can't be loaded.
    #[error("the plugin's library can't be loaded: {0}")]
    Load(String),
    /// There is no plugin of this name in it.
    #[error("there is no plugin {0} in this library")]
    Missing(String),
    /// The plugin refused.
    #[error("the plugin refused: {0}")]
    Refused(String),
    /// It has no such parameter.
    #[error("the plugin has no parameter {0}")]
    Parameter(String),
}

/// A library of plugins.
pub struct Library {
    pub(crate) entry: PluginEntry,
}

impl Library {
    /// Loads a bundle, or a library by its path.
    ///
    /// # Errors
    /// [`HostError::Load`].
    pub fn open(path: &Path) -> Result<Self, HostError> {
        // SAFETY: loading a library runs its initializers; who asks for it trusts the file.
        let entry = unsafe { PluginEntry::load(path) };
        Ok(Self { entry: entry.map_err(|e| HostError::Load(e.to_string()))? })
    }

    /// Takes the plugins that are linked into this process.
    ///
    /// # Errors
    /// [`HostError::Load`].
    pub fn linked(entry: &'static EntryDescriptor) -> Result<Self, HostError> {
        let path: &CStr = c"";
        // SAFETY: the descriptor is the plugin library's own static.
        let entry = unsafe { PluginEntry::load_from_raw(entry, path) };
        Ok(Self { entry: entry.map_err(|e| HostError::Load(e.to_string()))? })
    }

    /// The ids of the plugins.
    pub fn ids(&self) -> Vec<String> {
        let Some(factory) = self.entry.get_plugin_factory() else { return vec![] };
        factory.plugin_descriptors().filter_map(|d| Some(d.id()?.to_string_lossy().into_owned())).collect()
    }
}
