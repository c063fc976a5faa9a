//! One instance: the framework's, with an end of its own.

use super::host::StateEar;
use crate::dirty::Dirty;
use crate::entry::newborn;
use crate::kind::Kind;
use crate::shell::Shell;
use nice_plug::wrapper::clap::{Wrapper, clap_host, clap_plugin};
use std::ptr::NonNull;
use std::sync::Arc;

/// What a host gets a pointer to.
#[repr(C)]
struct Instance {
    /// The framework's functions, which know their instance by its `plugin_data` alone; first, as hosts see nothing else.
    plugin: clap_plugin,
    /// Where the framework keeps them.
    framework: *const clap_plugin,
    dirty: Option<Arc<Dirty>>,
}

/// Makes an instance.
///
/// # Safety
/// The host lives until the instance is destroyed.
pub(super) unsafe fn create<K: Kind>(host: NonNull<clap_host>) -> *const clap_plugin {
    // SAFETY: the host is one, as the caller says.
    let (wrapper, dirty) = newborn::of(|| unsafe { Wrapper::<Shell<K>>::new(host.as_ptr()) });
    if let Some(dirty) = &dirty {
        // SAFETY: `destroy` takes it back before the host may go.
        dirty.set_ear(Some(Arc::new(unsafe { StateEar::new(host) })));
    }
    let plugin = clap_plugin { destroy: Some(destroy), ..*wrapper.clap_plugin.borrow() };
    let instance = Instance { plugin, framework: wrapper.clap_plugin.as_ptr(), dirty };
    // its `destroy` takes this reference back
    std::mem::forget(wrapper);
    Box::into_raw(Box::new(instance)).cast_const().cast()
}

/// Ends an instance. Another thread may be asking the host for its main thread: the framework's own end wouldn't wait for it.
unsafe extern "C" fn destroy(plugin: *const clap_plugin) {
    // SAFETY: hosts destroy what `create` gave them, once.
    let instance = unsafe { Box::from_raw(plugin.cast_mut().cast::<Instance>()) };
    if let Some(dirty) = &instance.dirty {
        dirty.close();
    }
    // SAFETY: the framework's instance lives until this call.
    unsafe {
        if let Some(destroy) = (*instance.framework).destroy {
            destroy(instance.framework);
        }
    }
}
