//! Saving and loading.

use crate::{HostError, Rig};
use clack_extensions::state::PluginState;
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

    /// Loads what is saved now with a change to the instance's own field, as who writes a project by hand.
    ///
    /// # Errors
    /// [`HostError::Refused`].
    pub fn edit(&mut self, change: impl FnOnce(&mut serde_json::Value)) -> Result<(), HostError> {
        let broken = |e: serde_json::Error| HostError::Refused(e.to_string());
        let mut state: serde_json::Value = serde_json::from_slice(&self.save()?).map_err(broken)?;
        let field = state["fields"]["inlay"].as_str().unwrap_or("{}").to_owned();
        let mut session = serde_json::from_str(&field).map_err(broken)?;
        change(&mut session);
        state["fields"]["inlay"] = session.to_string().into();
        self.load(state.to_string().as_bytes())
    }

    fn state(&self) -> Result<PluginState, HostError> {
        let state = self.instance.access_shared_handler(|shared| shared.state.get().copied().flatten());
        state.ok_or_else(|| HostError::Refused("it has no state".into()))
    }
}
