//! Lists the plugins and makes instances of them.

use super::instance::Instance;
use crate::kind::{Effect, Instrument, Kind};
use crate::shell::Shell;
use nice_plug::prelude::Vst3Plugin;
use nice_plug::wrapper::vst3::PluginInfo;
use nice_plug::wrapper::vst3::vst3::Steinberg::Linux::IRunLoop;
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FIDString, FUnknown, IPluginFactory, IPluginFactory2, IPluginFactory2Trait, IPluginFactory3, IPluginFactory3Trait, IPluginFactoryTrait,
    PClassInfo, PClassInfo2, PClassInfoW, PFactoryInfo, TUID, int32, kInvalidArgument, kResultOk, tresult,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComPtr, ComRef, ComWrapper};
use parking_lot::Mutex;
use std::ffi::c_void;

/// See the [module](self).
pub(super) struct Factory {
    /// In the order that hosts list them in.
    plugins: [PluginInfo; 2],
    /// The host's main thread, where it lends it: Linux has none of its own.
    run_loop: Mutex<Option<ComPtr<IRunLoop>>>,
}

impl Default for Factory {
    fn default() -> Self {
        Self {
            plugins: [PluginInfo::for_plugin::<Shell<Instrument>>(), PluginInfo::for_plugin::<Shell<Effect>>()],
            run_loop: Mutex::default(),
        }
    }
}

impl Class for Factory {
    type Interfaces = (IPluginFactory, IPluginFactory2, IPluginFactory3);
}

impl Factory {
    /// Fills what a host asks of a plugin.
    ///
    /// # Safety
    /// The place is null or one for such a value.
    unsafe fn tell<T>(&self, index: int32, place: *mut T, what: impl FnOnce(&PluginInfo) -> T) -> tresult {
        let Some(plugin) = usize::try_from(index).ok().and_then(|index| self.plugins.get(index)) else { return kInvalidArgument };
        // SAFETY: as the caller says.
        unsafe { fill(place, what(plugin)) }
    }

    /// Makes an instance and asks it for an interface.
    ///
    /// # Safety
    /// The interface is named by 16 bytes, and the place is one for a pointer.
    unsafe fn make<K: Kind>(&self, iid: FIDString, place: *mut *mut c_void) -> tresult {
        let run_loop = self.run_loop.lock().clone();
        let instance = ComWrapper::new(Instance::<K>::new(run_loop));
        let Some(unknown) = instance.as_com_ref::<FUnknown>() else { return kInvalidArgument };
        let unknown = unknown.as_ptr();
        // SAFETY: it lives until the end of this function, and longer if the host gets a reference.
        unsafe { ((*(*unknown).vtbl).queryInterface)(unknown, iid.cast::<TUID>(), place) }
    }
}

/// # Safety
/// The place is null or one for such a value.
unsafe fn fill<T>(place: *mut T, value: T) -> tresult {
    if place.is_null() {
        return kInvalidArgument;
    }
    // SAFETY: as the caller says.
    unsafe { place.write(value) };
    kResultOk
}

impl IPluginFactoryTrait for Factory {
    unsafe fn getFactoryInfo(&self, info: *mut PFactoryInfo) -> tresult {
        // SAFETY: hosts give a place for it.
        unsafe { fill(info, self.plugins[0].create_factory_info()) }
    }

    unsafe fn countClasses(&self) -> int32 {
        self.plugins.len() as int32
    }

    unsafe fn getClassInfo(&self, index: int32, info: *mut PClassInfo) -> tresult {
        // SAFETY: hosts give a place for it.
        unsafe { self.tell(index, info, PluginInfo::create_class_info) }
    }

    unsafe fn createInstance(&self, cid: FIDString, iid: FIDString, place: *mut *mut c_void) -> tresult {
        if cid.is_null() || iid.is_null() || place.is_null() {
            return kInvalidArgument;
        }
        // SAFETY: hosts give a place for the pointer, and some look at nothing else.
        unsafe { place.write_unaligned(std::ptr::null_mut()) };
        // SAFETY: hosts name classes by 16 bytes.
        let class = unsafe { *cid.cast::<[u8; 16]>() };
        // SAFETY: they name interfaces by 16 bytes, too, and give a place for the pointer.
        unsafe {
            match class {
                Shell::<Instrument>::PLATFORM_VST3_CLASS_ID => self.make::<Instrument>(iid, place),
                Shell::<Effect>::PLATFORM_VST3_CLASS_ID => self.make::<Effect>(iid, place),
                _ => kInvalidArgument,
            }
        }
    }
}

impl IPluginFactory2Trait for Factory {
    unsafe fn getClassInfo2(&self, index: int32, info: *mut PClassInfo2) -> tresult {
        // SAFETY: hosts give a place for it.
        unsafe { self.tell(index, info, PluginInfo::create_class_info_2) }
    }
}

impl IPluginFactory3Trait for Factory {
    unsafe fn getClassInfoUnicode(&self, index: int32, info: *mut PClassInfoW) -> tresult {
        // SAFETY: hosts give a place for it.
        unsafe { self.tell(index, info, PluginInfo::create_class_info_unicode) }
    }

    unsafe fn setHostContext(&self, context: *mut FUnknown) -> tresult {
        // SAFETY: hosts give an object of theirs, or null.
        let context = unsafe { ComRef::from_raw(context) };
        let run_loop = context.and_then(|context| context.cast());
        let before = std::mem::replace(&mut *self.run_loop.lock(), run_loop);
        drop(before);
        kResultOk
    }
}
