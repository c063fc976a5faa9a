//! The plugins in a headless host, in this process.

mod bounce;
mod common;
mod dirty;
mod ears;
mod effect;
mod lifecycle;
mod making;
mod model;
mod notes;
mod parameters;
mod project;
mod smooth;
mod song;
mod sound;
mod state;
mod time;
