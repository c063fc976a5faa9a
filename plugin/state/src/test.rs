//! Tests of the crate as a whole.

mod damage;
mod fuzz;
pub(crate) mod make;
mod round_trip;
mod size;
mod versions;
