//! Keeps the library in memory: the threads of worker and conductors outlive the last instance, and must not run code that was unmapped.
//! On Linux and FreeBSD the linker sees to it (`build.rs`).

/// Pins it, the first time that it is called.
pub(crate) fn pin() {
    #[cfg(any(windows, target_os = "macos"))]
    {
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            if !system::pin() {
                tracing::warn!("the library can't be pinned in memory: don't unload it while takes are made");
            }
        });
    }
}

#[cfg(windows)]
mod system {
    use std::ffi::c_void;

    const PIN: u32 = 1;
    const FROM_ADDRESS: u32 = 4;

    #[link(name = "kernel32", kind = "raw-dylib")]
    unsafe extern "system" {
        fn GetModuleHandleExW(flags: u32, address: *const c_void, module: *mut *mut c_void) -> i32;
    }

    /// Says whether it worked.
    pub fn pin() -> bool {
        let mut module = std::ptr::null_mut();
        let here = pin as fn() -> bool as *const c_void;
        // SAFETY: with FROM_ADDRESS the second argument is an address within a module, as this function's is; the third is a place for
        // a handle, which outlives the call.
        unsafe { GetModuleHandleExW(PIN | FROM_ADDRESS, here, &raw mut module) != 0 }
    }
}

#[cfg(target_os = "macos")]
mod system {
    use std::ffi::{c_char, c_int, c_void};

    const LAZY: c_int = 0x1;
    const NO_LOAD: c_int = 0x10;

    /// `Dl_info` of `dlfcn.h`.
    #[repr(C)]
    struct Info {
        file: *const c_char,
        base: *mut c_void,
        symbol: *const c_char,
        address: *mut c_void,
    }

    unsafe extern "C" {
        fn dladdr(address: *const c_void, info: *mut Info) -> c_int;
        fn dlopen(file: *const c_char, mode: c_int) -> *mut c_void;
    }

    /// Says whether it worked: the library is opened once more, and never closed.
    pub fn pin() -> bool {
        let (text, place) = (std::ptr::null(), std::ptr::null_mut());
        let mut info = Info { file: text, base: place, symbol: text, address: place };
        let here = pin as fn() -> bool as *const c_void;
        // SAFETY: `dladdr` takes any address and fills a struct that outlives the call; the name in it is the loader's own, and ends with
        // a zero. `dlopen` with NO_LOAD opens only what is loaded already, so no code runs.
        unsafe { dladdr(here, &raw mut info) != 0 && !info.file.is_null() && !dlopen(info.file, LAZY | NO_LOAD).is_null() }
    }
}
