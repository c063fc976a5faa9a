//! Loops from words, on the command line.
fn main() {}
