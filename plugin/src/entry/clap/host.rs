//! How a CLAP host hears that the project changed.

use crate::dirty::Ear;
use clap_sys::ext::state::{CLAP_EXT_STATE, clap_host_state};
use nice_plug::wrapper::clap::clap_host;
use std::ptr::NonNull;

/// The host of an instance. It is asked for its extension when there is something to say: while an instance is created it may not be.
pub(super) struct StateEar(NonNull<clap_host>);

impl StateEar {
    /// # Safety
    /// The host lives as long as this.
    pub unsafe fn new(host: NonNull<clap_host>) -> Self {
        Self(host)
    }
}

// SAFETY: it is a pointer, followed on the host's main thread only, as `Ear` wants it.
unsafe impl Send for StateEar {}
// SAFETY: as above.
unsafe impl Sync for StateEar {}

impl Ear for StateEar {
    fn is_here(&self) -> bool {
        // the framework runs tasks in the host's call on its main thread
        true
    }

    fn project_changed(&self) -> bool {
        let host = self.0.as_ptr();
        // SAFETY: the host lives, as `new` says, and so do its extensions; this is its main thread.
        unsafe {
            let Some(get) = (*host).get_extension else { return false };
            let state = get(host, CLAP_EXT_STATE.as_ptr()).cast::<clap_host_state>();
            let Some(mark_dirty) = state.as_ref().and_then(|state| state.mark_dirty) else { return false };
            mark_dirty(host);
        }
        true
    }
}
