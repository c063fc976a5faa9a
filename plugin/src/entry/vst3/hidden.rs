//! The hidden parameter that goes up with each change, set without a window.

use crate::kind::Kind;
use crate::params::Parameters;
use crate::shell::Shell;
use nice_plug::prelude::{Param, Params};
use nice_plug::wrapper::vst3::Wrapper;
use nice_plug::wrapper::vst3::vst3::ComRef;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IEditControllerTrait, IParamValueQueueTrait, IParameterChangesTrait, ParamID, ParamValue, ParameterInfo, ProcessData,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::kResultOk;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Blocks before the first that puts it out, and between two: a timer comes sooner, hosts may lose it, and nobody wants a stream of it.
const BLOCKS: u32 = 64;

/// See the [module](self).
pub(super) struct Hidden {
    params: Arc<Parameters>,
    id: ParamID,
    blocks: AtomicU32,
}

impl Hidden {
    /// Finds it among the parameters of an instance; the framework keeps the order that they are declared in.
    pub fn of<K: Kind>(instance: &Wrapper<Shell<K>>, params: Arc<Parameters>) -> Option<Self> {
        let changed = params.changed.as_ptr();
        let index = params.param_map().iter().position(|(_, param, _)| *param == changed)?;
        // SAFETY: it is numbers and texts, of which zeros are some; the framework fills it.
        let (found, info) = unsafe {
            let mut info: ParameterInfo = std::mem::zeroed();
            (instance.getParameterInfo(i32::try_from(index).ok()?, &raw mut info), info)
        };
        (found == kResultOk).then_some(Self { params, id: info.id, blocks: AtomicU32::new(0) })
    }

    /// What hosts name it by.
    pub fn id(&self) -> ParamID {
        self.id
    }

    /// Lets it go up, and says to what.
    ///
    /// # Realtime safety
    /// Neither allocates nor locks.
    pub fn bump(&self) -> ParamValue {
        let changed = &self.params.changed;
        let next = changed.preview_normalized(self.params.next_change());
        // SAFETY: the pointer is to a parameter that lives as long as this.
        unsafe { changed.as_ptr()._internal_set_normalized_value(next) };
        next.into()
    }

    /// Puts it out with a block, now and then: hosts hand such values to their main thread, and from there to the instance.
    ///
    /// # Safety
    /// The data is that of a block being processed, or null.
    ///
    /// # Realtime safety
    /// Neither allocates nor locks; what the host does to take the value in is made for this.
    pub unsafe fn put_out(&self, data: *const ProcessData) {
        // SAFETY: as the caller says; the host's lists live as long as its block.
        unsafe {
            let Some(data) = data.as_ref().filter(|data| data.numSamples > 0) else { return };
            let Some(changes) = ComRef::from_raw(data.outputParameterChanges) else { return };
            if self.blocks.fetch_add(1, Relaxed) % BLOCKS != BLOCKS - 1 {
                return;
            }
            let mut index = 0;
            if let Some(queue) = ComRef::from_raw(changes.addParameterData(&raw const self.id, &raw mut index)) {
                queue.addPoint(0, self.bump(), &raw mut index);
            }
        }
    }
}
