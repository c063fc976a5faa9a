//! What a window remembers from one opening to the next.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use nice_plug_core::params::persist::PersistentField;

use crate::Settings;
use crate::scaling;

/// The size that a window was left with, and the scale of the screen that it was last seen on.
///
/// The size is in points: it looks the same on another screen. It can be saved with a project, as `[width, height]`.
pub struct WindowState {
    /// Two `f32`, width above height: both change at once.
    size: AtomicU64,
    /// Pixels per point as an `f64`; zero while no window has been open.
    scale: AtomicU64,
    min: egui::Vec2,
}

impl WindowState {
    /// A window that nobody has sized yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Arc<Self> {
        let state = Self { size: AtomicU64::new(0), scale: AtomicU64::new(0), min: settings.min_size };
        state.set_size(settings.size);
        Arc::new(state)
    }

    /// The size in points.
    pub fn size(&self) -> egui::Vec2 {
        let bits = self.size.load(Ordering::Relaxed);
        egui::vec2(f32::from_bits((bits >> 32) as u32), f32::from_bits(bits as u32))
    }

    /// Sets the size in points, for the next opening. Sizes that no screen has are brought into bounds.
    pub fn set_size(&self, size: egui::Vec2) {
        let size = scaling::bounded(size, self.min);
        let bits = u64::from(size.x.to_bits()) << 32 | u64::from(size.y.to_bits());
        self.size.store(bits, Ordering::Relaxed);
    }

    /// Pixels per point as last seen, if a window has been open.
    pub fn scale(&self) -> Option<f64> {
        let scale = f64::from_bits(self.scale.load(Ordering::Relaxed));
        (scale > 0.0).then_some(scale)
    }

    pub(crate) fn set_scale(&self, scale: f64) {
        if scale.is_finite() && scale > 0.0 {
            self.scale.store(scale.to_bits(), Ordering::Relaxed);
        }
    }
}

impl PersistentField<'_, [f32; 2]> for WindowState {
    fn set(&self, [width, height]: [f32; 2]) {
        self.set_size(egui::vec2(width, height));
    }

    fn map<F, R>(&self, f: F) -> R
    where
        F: Fn(&[f32; 2]) -> R,
    {
        let size = self.size();
        f(&[size.x, size.y])
    }
}

#[cfg(test)]
mod test;
