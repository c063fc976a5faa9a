//! What hosts load the library by: the entry of the CLAP.
//!
//! It stands where the framework's own would, around its wrapper, to catch what that keeps to itself: how the host of an instance is told
//! that the project changed, with no window open.

mod clap;
pub(crate) mod newborn;

pub use clap::clap_entry;
