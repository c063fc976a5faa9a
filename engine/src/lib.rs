//! Makes takes: the models in candle, requests, and the worker that runs them. Knows nothing of plugins.

pub mod models;
pub mod nn;
