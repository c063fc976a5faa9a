//! The VST3 in a small host, in this process: how it hears what a project should be saved with.
//!
//! On Linux only, where the host's main thread is hard to reach: elsewhere the framework posts to the system's own, which a test has none of.
#![cfg(all(unix, not(target_os = "macos")))]

mod changes;
mod dirty;
mod host;
mod rig;
mod stream;
