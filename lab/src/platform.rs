//! What differs between operating systems, and signals from them.

pub mod interrupt;
pub mod memory;
