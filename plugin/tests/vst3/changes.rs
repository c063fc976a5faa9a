//! Parameter changes of a block.

use nice_plug::wrapper::vst3::vst3::Steinberg::Vst::{
    IParamValueQueue, IParamValueQueueTrait, IParameterChanges, IParameterChangesTrait, ParamID, ParamValue,
};
use nice_plug::wrapper::vst3::vst3::Steinberg::{int32, kInvalidArgument, kResultOk, tresult};
use nice_plug::wrapper::vst3::vst3::{Class, ComWrapper};
use std::ptr::null_mut;
use std::sync::Mutex;

/// What parameters change to.
#[derive(Default)]
pub struct Changes(Mutex<Vec<ComWrapper<Queue>>>);

/// What one parameter changes to.
pub struct Queue {
    id: ParamID,
    points: Mutex<Vec<(int32, ParamValue)>>,
}

impl Changes {
    /// One parameter that changes at the block's start.
    pub fn of(id: ParamID, value: ParamValue) -> Self {
        Self(Mutex::new(vec![ComWrapper::new(Queue { id, points: Mutex::new(vec![(0, value)]) })]))
    }

    /// The last value of each.
    pub fn last(&self) -> Vec<(ParamID, ParamValue)> {
        let queues = self.0.lock().expect("nobody panics with it");
        queues.iter().filter_map(|queue| Some((queue.id, queue.points.lock().expect("nobody panics with it").last()?.1))).collect()
    }
}

impl Class for Changes {
    type Interfaces = (IParameterChanges,);
}

impl Class for Queue {
    type Interfaces = (IParamValueQueue,);
}

fn raw(queue: &ComWrapper<Queue>) -> *mut IParamValueQueue {
    queue.as_com_ref::<IParamValueQueue>().expect("it is one").as_ptr()
}

impl IParameterChangesTrait for Changes {
    unsafe fn getParameterCount(&self) -> int32 {
        self.0.lock().expect("nobody panics with it").len() as int32
    }

    unsafe fn getParameterData(&self, index: int32) -> *mut IParamValueQueue {
        self.0.lock().expect("nobody panics with it").get(index as usize).map_or(null_mut(), raw)
    }

    unsafe fn addParameterData(&self, id: *const ParamID, index: *mut int32) -> *mut IParamValueQueue {
        let mut queues = self.0.lock().expect("nobody panics with it");
        // SAFETY: the plugin gives an id and a place for a number.
        unsafe {
            queues.push(ComWrapper::new(Queue { id: *id, points: Mutex::default() }));
            *index = queues.len() as int32 - 1;
        }
        queues.last().map_or(null_mut(), raw)
    }
}

impl IParamValueQueueTrait for Queue {
    unsafe fn getParameterId(&self) -> ParamID {
        self.id
    }

    unsafe fn getPointCount(&self) -> int32 {
        self.points.lock().expect("nobody panics with it").len() as int32
    }

    unsafe fn getPoint(&self, index: int32, offset: *mut int32, value: *mut ParamValue) -> tresult {
        let points = self.points.lock().expect("nobody panics with it");
        let Some(&(at, to)) = points.get(index as usize) else { return kInvalidArgument };
        // SAFETY: the plugin gives places for both.
        unsafe { (*offset, *value) = (at, to) };
        kResultOk
    }

    unsafe fn addPoint(&self, offset: int32, value: ParamValue, index: *mut int32) -> tresult {
        let mut points = self.points.lock().expect("nobody panics with it");
        points.push((offset, value));
        // SAFETY: the plugin gives a place for a number.
        unsafe { *index = points.len() as int32 - 1 };
        kResultOk
    }
}
