//! What the host answers when the plugin calls, and what it heard.

use nice_plug::wrapper::vst3::vst3::Steinberg::Linux::{
    FileDescriptor, IEventHandler, IRunLoop, IRunLoopTrait, ITimerHandler, ITimerHandlerTrait, TimerInterval,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IComponentHandler, IComponentHandler2, IComponentHandler2Trait, IComponentHandlerTrait, ParamID, ParamValue,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{FIDString, TBool, int32, kInvalidArgument, kNotImplemented, kResultOk, tresult};
use nice_plug::wrapper::vst3::vst3::{Class, ComPtr, ComRef};
use std::sync::{Arc, Mutex};
use std::thread::{ThreadId, current};

/// A call of the plugin's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// The project should be saved.
    Dirty,
    /// A parameter is touched.
    Begin(ParamID),
    /// It is set.
    Set(ParamID, ParamValue),
    /// It is let go.
    End(ParamID),
}

/// What the plugin said, and on which thread.
pub type Heard = Arc<Mutex<Vec<(Said, ThreadId)>>>;

fn hear(heard: &Heard, said: Said) -> tresult {
    heard.lock().expect("nobody panics with it").push((said, current().id()));
    kResultOk
}

/// A handler that can be told that the project changed.
pub struct Handler(pub Heard);

/// One of a host that only watches parameters.
pub struct Watcher(pub Heard);

impl Class for Handler {
    type Interfaces = (IComponentHandler, IComponentHandler2);
}

impl Class for Watcher {
    type Interfaces = (IComponentHandler,);
}

macro_rules! watches {
    ($handler:ty) => {
        impl IComponentHandlerTrait for $handler {
            unsafe fn beginEdit(&self, id: ParamID) -> tresult {
                hear(&self.0, Said::Begin(id))
            }

            unsafe fn performEdit(&self, id: ParamID, value: ParamValue) -> tresult {
                hear(&self.0, Said::Set(id, value))
            }

            unsafe fn endEdit(&self, id: ParamID) -> tresult {
                hear(&self.0, Said::End(id))
            }

            unsafe fn restartComponent(&self, _: int32) -> tresult {
                kResultOk
            }
        }
    };
}
watches!(Handler);
watches!(Watcher);

impl IComponentHandler2Trait for Handler {
    unsafe fn setDirty(&self, state: TBool) -> tresult {
        if state == 0 { kInvalidArgument } else { hear(&self.0, Said::Dirty) }
    }

    unsafe fn requestOpenEditor(&self, _: FIDString) -> tresult {
        kNotImplemented
    }

    unsafe fn startGroupEdit(&self) -> tresult {
        kNotImplemented
    }

    unsafe fn finishGroupEdit(&self) -> tresult {
        kNotImplemented
    }
}

/// A host's context, which lends its main thread.
#[derive(Default)]
pub struct Context(Mutex<Vec<ComPtr<ITimerHandler>>>);

impl Context {
    /// The main thread has time.
    pub fn tick(&self) {
        let timers = self.0.lock().expect("nobody panics with it").clone();
        // SAFETY: they are the plugin's, held by references; this is the main thread.
        timers.iter().for_each(|timer| unsafe { timer.onTimer() });
    }

    /// How many timers run.
    pub fn timers(&self) -> usize {
        self.0.lock().expect("nobody panics with it").len()
    }
}

impl Class for Context {
    type Interfaces = (IRunLoop,);
}

impl IRunLoopTrait for Context {
    unsafe fn registerEventHandler(&self, _: *mut IEventHandler, _: FileDescriptor) -> tresult {
        kNotImplemented
    }

    unsafe fn unregisterEventHandler(&self, _: *mut IEventHandler) -> tresult {
        kNotImplemented
    }

    unsafe fn registerTimer(&self, timer: *mut ITimerHandler, _: TimerInterval) -> tresult {
        // SAFETY: it is the plugin's.
        let timer = unsafe { ComRef::from_raw(timer) }.expect("it is one").to_com_ptr();
        self.0.lock().expect("nobody panics with it").push(timer);
        kResultOk
    }

    unsafe fn unregisterTimer(&self, timer: *mut ITimerHandler) -> tresult {
        self.0.lock().expect("nobody panics with it").retain(|known| known.as_ptr() != timer);
        kResultOk
    }
}
