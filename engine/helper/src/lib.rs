//! Models from disk in a process of their own.
//!
//! A program that is linked with NVIDIA's libraries doesn't start where they are missing, and a driver that crashes takes its process along: a plugin must
//! do neither to its host. So the work on such a graphics processor is done by the program `inlay-helper`, which a [`Helper`] starts, talks to
//! through its standard streams, and ends. The program is built apart (feature `cuda`), stands where [`installed`] looks for it, and needs nothing else of Inlay.
//!
//! ```no_run
//! use inlay_helper::{Helper, Model, Program, installed};
//! use inlay_stable::Request;
//! use std::ops::ControlFlow;
//!
//! let program = Program::new(installed().expect("there is no helper"));
//! let mut helper = Helper::start(&program, &|| true)?; // says why there is no graphics processor
//! helper.load(&Model { folder: "stable-audio-3-small-music".into(), text: None, loras: vec![] }, &|_part| ControlFlow::Continue(()))?;
//! let request = Request::new("dusty boom bap drums, 92 BPM", 8.0, 42);
//! let (sound, _cut) = helper.make(&request, 0..8 * 44_100, &mut |_part| ControlFlow::Continue(()))?;
//! assert_eq!(sound[0].len(), 8 * 44_100);
//! # Ok::<(), inlay_helper::HelperError>(())
//! ```

mod client;
mod error;
mod message;
mod process;
mod program;
pub mod serve;
mod wire;

pub use client::Helper;
pub use error::HelperError;
pub use message::Model;
pub use program::{PROGRAM, Program, installed, place};
