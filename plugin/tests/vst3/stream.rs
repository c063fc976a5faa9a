//! A state in memory.

use nice_plug::wrapper::vst3::vst3::Class;
use nice_plug::wrapper::vst3::vst3::Steinberg::IBStream_::IStreamSeekMode_::{kIBSeekCur, kIBSeekEnd};
use nice_plug::wrapper::vst3::vst3::Steinberg::{IBStream, IBStreamTrait, int32, int64, kInvalidArgument, kResultOk, tresult};
use std::ffi::c_void;
use std::io::{Cursor, Read, Seek, SeekFrom, Write};
use std::sync::Mutex;

/// Bytes and a place in them.
#[derive(Default)]
pub struct Stream(Mutex<Cursor<Vec<u8>>>);

impl Stream {
    /// At their start.
    pub fn of(bytes: Vec<u8>) -> Self {
        Self(Mutex::new(Cursor::new(bytes)))
    }

    /// All of them.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().expect("nobody panics with it").get_ref().clone()
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

/// # Safety
/// The place is null or one for such a number.
unsafe fn put<T>(place: *mut T, number: T) {
    // SAFETY: as the caller says.
    if let Some(place) = unsafe { place.as_mut() } {
        *place = number;
    }
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, to: *mut c_void, count: int32, read: *mut int32) -> tresult {
        // SAFETY: the plugin gives a place for so many bytes.
        let to = unsafe { std::slice::from_raw_parts_mut(to.cast::<u8>(), count as usize) };
        let got = self.0.lock().expect("nobody panics with it").read(to).expect("memory can be read");
        // SAFETY: it is null or a place for a number.
        unsafe { put(read, got as int32) };
        kResultOk
    }

    unsafe fn write(&self, from: *mut c_void, count: int32, written: *mut int32) -> tresult {
        // SAFETY: the plugin gives so many bytes.
        let from = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), count as usize) };
        self.0.lock().expect("nobody panics with it").write_all(from).expect("memory can be written");
        // SAFETY: it is null or a place for a number.
        unsafe { put(written, count) };
        kResultOk
    }

    unsafe fn seek(&self, to: int64, mode: int32, now: *mut int64) -> tresult {
        let from = match mode as u32 {
            mode if mode == kIBSeekCur => SeekFrom::Current(to),
            mode if mode == kIBSeekEnd => SeekFrom::End(to),
            _ => SeekFrom::Start(to as u64),
        };
        let Ok(place) = self.0.lock().expect("nobody panics with it").seek(from) else { return kInvalidArgument };
        // SAFETY: it is null or a place for a number.
        unsafe { put(now, place as int64) };
        kResultOk
    }

    unsafe fn tell(&self, now: *mut int64) -> tresult {
        // SAFETY: the plugin gives a place for a number.
        unsafe { *now = self.0.lock().expect("nobody panics with it").position() as int64 };
        kResultOk
    }
}
