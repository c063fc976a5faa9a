//! The plugins in a headless host, in this process.

mod common;
mod parameters;
mod sound;
