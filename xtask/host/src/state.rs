//! Saving and loading.

use crate::{HostError, Rig};
use clack_extensions::state::PluginState;
use serde_json::Value;
use std::io::Cursor;

impl Rig {
    /// What a project would keep.
    ///
    /// # Errors
    /// [`HostError::Refused`].
    pub fn save(&mut self) -> Result<Vec<u8>, HostError> {
        let mut bytes = vec![];
        let state = self.state()?;
        state.save(&self.instance.plugin_handle(), &mut bytes).map_err(|e| HostError::Refused(e.to_string()))?;
        Ok(bytes)
    }

    /// Brings back what a project kept.
    ///
    /// # Errors
    /// [`HostError::Refused`].
    pub fn load(&mut self, bytes: &[u8]) -> Result<(), HostError> {
        let state = self.state()?;
        let loaded = state.load(&self.instance.plugin_handle(), &mut Cursor::new(bytes));
        loaded.map_err(|e| HostError::Refused(e.to_string()))
    }

    /// The instance's own field of what a project would keep.
    ///
    /// # Errors
    /// [`HostError::Refused`], also where that is no JSON.
    pub fn kept(&mut self) -> Result<Value, HostError> {
        let state: Value = serde_json::from_slice(body(&self.save()?)?).map_err(broken)?;
        serde_json::from_str(state["fields"]["inlay"].as_str().unwrap_or("{}")).map_err(broken)
    }

    /// Loads what is saved now with a change to the instance's own field, as who writes a project by hand.
    ///
    /// # Errors
    /// [`HostError::Refused`].
    pub fn edit(&mut self, change: impl FnOnce(&mut Value)) -> Result<(), HostError> {
        let mut state: Value = serde_json::from_slice(body(&self.save()?)?).map_err(broken)?;
        let mut own = self.kept()?;
        change(&mut own);
        state["fields"]["inlay"] = own.to_string().into();
        let text = state.to_string().into_bytes();
        self.load(&[&(text.len() as u64).to_le_bytes()[..], &text].concat())
    }

    fn state(&self) -> Result<PluginState, HostError> {
        let state = self.instance.access_shared_handler(|shared| shared.state.get().copied().flatten());
        state.ok_or_else(|| HostError::Refused("it has no state".into()))
    }
}

/// What follows the length that the framework writes first.
fn body(saved: &[u8]) -> Result<&[u8], HostError> {
    saved.get(8..).ok_or_else(|| HostError::Refused("what it saved is too short".into()))
}

fn broken(error: serde_json::Error) -> HostError {
    HostError::Refused(format!("what it saved can't be read: {error}"))
}
