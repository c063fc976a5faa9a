//! One instance: the framework's, which overhears how its host can be told that the project changed.

use super::ear::HandlerEar;
use super::forward::forward;
use super::hidden::Hidden;
use super::timer::Timer;
use crate::dirty::{Dirty, Ear};
use crate::entry::newborn;
use crate::kind::Kind;
use crate::shell::Shell;
use nice_plug::wrapper::vst3::Wrapper;
use nice_plug::wrapper::vst3::vst3::Steinberg::Linux::IRunLoop;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::ChannelContext::IInfoListener;
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::*;
use nice_plug::wrapper::vst3::vst3::Steinberg::{
    FIDString, FUnknown, IBStream, IPlugView, IPluginBaseTrait, TBool, int32, tresult, uint32,
};
use nice_plug::wrapper::vst3::vst3::{Class, ComPtr, ComRef};
use parking_lot::Mutex;
use std::sync::Arc;

/// See the [module](self).
pub(super) struct Instance<K: Kind> {
    pub within: Wrapper<Shell<K>>,
    told: Option<Told>,
    run_loop: Option<ComPtr<IRunLoop>>,
    /// Looks for changes on the host's main thread, where it lends that.
    timer: Mutex<Option<Timer>>,
}

/// What is told, and the parameter that goes up with it.
struct Told {
    dirty: Arc<Dirty>,
    hidden: Arc<Hidden>,
}

impl<K: Kind> Class for Instance<K> {
    type Interfaces = (
        IComponent,
        IEditController,
        IAudioProcessor,
        IMidiMapping,
        INoteExpressionController,
        IProcessContextRequirements,
        IUnitInfo,
        IInfoListener,
    );
}

impl<K: Kind> Instance<K> {
    pub fn new(run_loop: Option<ComPtr<IRunLoop>>) -> Self {
        let (within, dirty) = newborn::of(Wrapper::new);
        let told = dirty.and_then(|dirty| {
            let hidden = Arc::new(Hidden::of(&within, Arc::clone(dirty.params()))?);
            Some(Told { dirty, hidden })
        });
        Self { within, told, run_loop, timer: Mutex::default() }
    }

    /// The host's handler is this one from now on, or none.
    fn heed(&self, handler: Option<ComPtr<IComponentHandler>>) {
        let Some(Told { dirty, hidden }) = &self.told else { return };
        let ticks = self.run_loop.as_ref().filter(|_| handler.is_some());
        *self.timer.lock() = ticks.and_then(|run_loop| Timer::start(run_loop, Arc::downgrade(dirty)));
        dirty.set_ear(handler.map(|handler| Arc::new(HandlerEar::new(handler, Arc::clone(hidden))) as Arc<dyn Ear>));
    }
}

impl<K: Kind> Drop for Instance<K> {
    fn drop(&mut self) {
        self.heed(None);
        if let Some(told) = &self.told {
            told.dirty.close();
        }
    }
}

impl<K: Kind> IPluginBaseTrait for Instance<K> {
    unsafe fn initialize(&self, context: *mut FUnknown) -> tresult {
        // SAFETY: what the host promises of this call is what the framework wants of it.
        unsafe { self.within.initialize(context) }
    }

    unsafe fn terminate(&self) -> tresult {
        self.heed(None);
        // SAFETY: as above.
        unsafe { self.within.terminate() }
    }
}

forward!(IEditControllerTrait {
    fn setComponentState(state: *mut IBStream) -> tresult;
    fn setState(state: *mut IBStream) -> tresult;
    fn getState(state: *mut IBStream) -> tresult;
    fn getParameterCount() -> int32;
    fn getParameterInfo(index: int32, info: *mut ParameterInfo) -> tresult;
    fn getParamStringByValue(id: ParamID, value: ParamValue, text: *mut String128) -> tresult;
    fn getParamValueByString(id: ParamID, text: *mut TChar, value: *mut ParamValue) -> tresult;
    fn normalizedParamToPlain(id: ParamID, value: ParamValue) -> ParamValue;
    fn plainParamToNormalized(id: ParamID, value: ParamValue) -> ParamValue;
    fn getParamNormalized(id: ParamID) -> ParamValue;
    fn createView(name: FIDString) -> *mut IPlugView;
}
    unsafe fn setParamNormalized(&self, id: ParamID, value: ParamValue) -> tresult {
        // SAFETY: what the host promises of this call is what the framework wants of it.
        let result = unsafe { self.within.setParamNormalized(id, value) };
        // on its main thread hosts hand on what moves, and what `process` put out; some call on other threads, too
        if let Some(told) = self.told.as_ref().filter(|told| told.dirty.is_waiting()) {
            told.dirty.tell();
        }
        result
    }

    unsafe fn setComponentHandler(&self, handler: *mut IComponentHandler) -> tresult {
        // SAFETY: what the host promises of this call is what the framework wants of it.
        let result = unsafe { self.within.setComponentHandler(handler) };
        // SAFETY: hosts give an object of theirs, or null.
        self.heed(unsafe { ComRef::from_raw(handler) }.map(|handler| handler.to_com_ptr()));
        result
    }
);

forward!(IAudioProcessorTrait {
    fn setBusArrangements(inputs: *mut SpeakerArrangement, ins: int32, outputs: *mut SpeakerArrangement, outs: int32) -> tresult;
    fn getBusArrangement(direction: BusDirection, index: int32, arrangement: *mut SpeakerArrangement) -> tresult;
    fn canProcessSampleSize(size: int32) -> tresult;
    fn getLatencySamples() -> uint32;
    fn setupProcessing(setup: *mut ProcessSetup) -> tresult;
    fn setProcessing(state: TBool) -> tresult;
    fn getTailSamples() -> uint32;
}
    unsafe fn process(&self, data: *mut ProcessData) -> tresult {
        // SAFETY: what the host promises of this call is what the framework wants of it.
        let result = unsafe { self.within.process(data) };
        if let Some(told) = self.told.as_ref().filter(|told| told.dirty.is_waiting()) {
            // SAFETY: the data of a block that is still being processed.
            unsafe { told.hidden.put_out(data) };
        }
        result
    }
);
