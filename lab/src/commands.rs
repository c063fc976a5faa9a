//! What each command does.

pub mod bench;
pub mod generate;
pub mod info;
pub mod inpaint;
pub mod models;
pub mod retime;
pub mod transform;
pub mod vary;

mod outlet;
