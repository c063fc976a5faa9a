//! Parameters by their names.

use crate::{HostError, Rig};
use clack_extensions::params::{ParamInfoBuffer, ParamInfoFlags, PluginParams};
use clack_host::events::event_types::ParamValueEvent;
use clack_host::prelude::*;
use clack_host::utils::ClapId;
use std::ffi::CString;

/// What the plugin says of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// Number that names it in projects.
    pub id: u32,
    /// As it is shown.
    pub name: String,
    /// Lowest value.
    pub min: f64,
    /// Highest value.
    pub max: f64,
    /// Where it starts.
    pub default: f64,
    /// Whether only whole values count.
    pub stepped: bool,
    /// Whether hosts may automate it.
    pub automatable: bool,
    /// Whether hosts leave it out of lists.
    pub hidden: bool,
    /// Whether it is the one that switches the plugin off.
    pub bypass: bool,
}

impl Rig {
    /// All parameters, in the plugin's order.
    pub fn parameters(&mut self) -> Vec<Facts> {
        let Some(params) = self.params() else { return vec![] };
        let handle = self.instance.plugin_handle();
        let all = (0..params.count(&handle)).filter_map(|index| {
            let mut buffer = ParamInfoBuffer::new();
            let info = params.get_info(&handle, index, &mut buffer)?;
            Some(Facts {
                id: info.id.get(),
                name: String::from_utf8_lossy(info.name).into_owned(),
                min: info.min_value,
                max: info.max_value,
                default: info.default_value,
                stepped: info.flags.contains(ParamInfoFlags::IS_STEPPED),
                automatable: info.flags.contains(ParamInfoFlags::IS_AUTOMATABLE),
                hidden: info.flags.contains(ParamInfoFlags::IS_HIDDEN),
                bypass: info.flags.contains(ParamInfoFlags::IS_BYPASS),
            })
        });
        all.collect()
    }

    /// A parameter's value.
    ///
    /// # Errors
    /// [`HostError::Parameter`].
    pub fn value(&mut self, name: &str) -> Result<f64, HostError> {
        let id = self.id(name)?;
        let missing = || HostError::Parameter(name.into());
        self.params().and_then(|p| p.get_value(&self.instance.plugin_handle(), id)).ok_or_else(missing)
    }

    /// A value in words.
    ///
    /// # Errors
    /// [`HostError::Parameter`].
    pub fn text(&mut self, name: &str, value: f64) -> Result<String, HostError> {
        let id = self.id(name)?;
        let missing = || HostError::Parameter(name.into());
        let params = self.params().ok_or_else(missing)?;
        let mut buffer = [0; 256];
        let text = params.value_to_text(&self.instance.plugin_handle(), id, value, &mut buffer).map_err(|_| missing())?;
        Ok(String::from_utf8_lossy(text).into_owned())
    }

    /// The value that words mean.
    ///
    /// # Errors
    /// [`HostError::Parameter`] also where the plugin can't read them.
    pub fn meant(&mut self, name: &str, text: &str) -> Result<f64, HostError> {
        let id = self.id(name)?;
        let missing = || HostError::Parameter(name.into());
        let text = CString::new(text).map_err(|_| missing())?;
        self.params().and_then(|p| p.text_to_value(&self.instance.plugin_handle(), id, &text)).ok_or_else(missing)
    }

    /// Sets a parameter: at a frame of the next block, or at once where no audio runs.
    ///
    /// # Errors
    /// [`HostError::Parameter`].
    pub fn set(&mut self, name: &str, value: f64, at: u32) -> Result<(), HostError> {
        let id = self.id(name)?;
        let event = ParamValueEvent::new(at, id, Pckn::match_all(), value);
        if self.is_active() {
            self.events.push(&event);
            return Ok(());
        }
        let mut change = EventBuffer::new();
        change.push(&event);
        let mut ignored = EventBuffer::new();
        if let (Some(params), Some(mut handle)) = (self.params(), self.instance.inactive_plugin_handle()) {
            params.flush(&mut handle, &change.as_input(), &mut ignored.as_output());
        }
        Ok(())
    }

    pub(crate) fn params(&self) -> Option<PluginParams> {
        self.instance.access_shared_handler(|shared| shared.params.get().copied().flatten())
    }

    fn id(&mut self, name: &str) -> Result<ClapId, HostError> {
        let found = self.parameters().into_iter().find(|p| p.name == name);
        found.and_then(|p| ClapId::from_raw(p.id)).ok_or_else(|| HostError::Parameter(name.into()))
    }
}
