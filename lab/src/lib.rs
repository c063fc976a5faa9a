//! The `inlay` command line: its words, its files and its pictures.

pub mod naming;
pub mod picture;
pub mod trouble;
