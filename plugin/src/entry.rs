//! What hosts load the library by: the entries of both formats.
//!
//! They stand where the framework's own would, around its wrappers, to catch what it keeps to itself: how the host of an instance is told
//! that the project changed, with no window open.

mod clap;
pub(crate) mod newborn;
mod vst3;

pub use clap::clap_entry;
pub use vst3::GetPluginFactory;
