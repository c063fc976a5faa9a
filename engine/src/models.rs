//! Models, one module each.

pub mod embedded;
