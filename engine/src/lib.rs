//! Makes takes: the models in candle, requests, and the worker that runs them. Knows nothing of plugins.

mod disk;
mod error;
pub mod file;
mod make;
pub mod maker;
pub mod models;
pub mod nn;
mod order;
mod pools;
mod progress;
pub mod redo;
mod render;
mod worker;

pub use error::JobError;
pub use inlay_stable::{Found, Listed, Lora, StableError, Usual, holds_text_encoder};
pub use make::Made;
pub use maker::{DeviceChoice, DiskModel, Maker};
pub use order::{Order, Source};
pub use progress::{Progress, Stage, Timing};
pub use render::{render, render_all};
pub use worker::{Engine, Event, Job, ModelInfo, Outcome, Playing, Priority, Settings};
