//! The entry of the VST3.

mod ear;
mod factory;
mod forward;
mod hidden;
mod instance;
mod timer;

use crate::kind::Instrument;
use crate::shell::Shell;
use nice_plug::wrapper::setup_logger;
use nice_plug::wrapper::vst3::vst3::{ComWrapper, Steinberg::IPluginFactory};
use std::ffi::c_void;

/// What VST3 hosts look for in the library: a new reference to its factory.
#[unsafe(no_mangle)]
pub extern "system" fn GetPluginFactory() -> *mut c_void {
    let factory = ComWrapper::new(factory::Factory::default()).to_com_ptr::<IPluginFactory>();
    factory.map_or(std::ptr::null_mut(), |factory| factory.into_raw().cast())
}

/// What hosts call first and last, by the names that each system has for it.
macro_rules! module {
    ($on:meta, $abi:literal, $start:ident($($handle:ty)?), $end:ident) => {
        #[$on]
        #[unsafe(no_mangle)]
        extern $abi fn $start($(_: $handle)?) -> bool {
            setup_logger::<Shell<Instrument>>();
            true
        }

        #[$on]
        #[unsafe(no_mangle)]
        extern $abi fn $end() -> bool {
            true
        }
    };
}

module!(cfg(all(unix, not(target_os = "macos"))), "C", ModuleEntry(*mut c_void), ModuleExit);
module!(cfg(target_os = "macos"), "C", bundleEntry(*mut c_void), bundleExit);
module!(cfg(windows), "system", InitDll(), ExitDll);
