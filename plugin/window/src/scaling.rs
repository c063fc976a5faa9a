//! Points and pixels.

use baseview::WindowSize;
use baseview::dpi::PhysicalPosition;
use egui::{Pos2, Rect, Vec2};

/// No window is wider or higher than this in points; what claims to be comes from a damaged file.
const LARGEST: f32 = 16_384.0;

/// Brings a size into what a window can have. What isn't a number becomes the least.
pub(crate) fn bounded(size: Vec2, min: Vec2) -> Vec2 {
    let bound = |value: f32, min: f32| if value.is_finite() { value.clamp(min, LARGEST) } else { min };
    egui::vec2(bound(size.x, min.x), bound(size.y, min.y))
}

/// Where a pixel lies in points.
pub(crate) fn pos(pixel: PhysicalPosition<f64>, scale: f64) -> Pos2 {
    egui::pos2((pixel.x / scale) as f32, (pixel.y / scale) as f32)
}

/// The window in points, exactly as many as its pixels make: rounding would blur the last row.
pub(crate) fn screen(size: WindowSize) -> Rect {
    let scale = size.scale_factor as f32;
    let pixels = egui::vec2(size.physical.width as f32, size.physical.height as f32);
    Rect::from_min_size(Pos2::ZERO, pixels / scale)
}

/// Whether a window that should have `wanted` points is off by more than rounding to pixels explains.
pub(crate) fn differs(wanted: Vec2, size: WindowSize) -> bool {
    let (width, height) = (f64::from(wanted.x) * size.scale_factor, f64::from(wanted.y) * size.scale_factor);
    (width - f64::from(size.physical.width)).abs() > 1.0 || (height - f64::from(size.physical.height)).abs() > 1.0
}

#[cfg(test)]
mod test {
    use super::*;
    use baseview::dpi::PhysicalSize;

    fn window(width: u32, height: u32, scale: f64) -> WindowSize {
        WindowSize::from_physical(PhysicalSize::new(width, height), scale)
    }

    #[test]
    fn the_screen_covers_every_pixel_at_any_scale() {
        for percent in (100..=300).step_by(5) {
            let scale = f64::from(percent) / 100.0;
            let rect = screen(window(1351, 843, scale));
            let pixels = rect.size() * scale as f32;
            assert!((pixels.x - 1351.0).abs() < 0.01 && (pixels.y - 843.0).abs() < 0.01, "{percent} %: {pixels:?}");
        }
    }

    #[test]
    fn a_pixel_under_the_pointer_is_divided_by_the_scale() {
        assert_eq!(pos(PhysicalPosition::new(300.0, 150.0), 1.5), egui::pos2(200.0, 100.0));
    }

    #[test]
    fn a_window_at_half_its_size_is_noticed_and_one_rounded_to_pixels_is_not() {
        let wanted = egui::vec2(900.0, 560.0);
        assert!(differs(wanted, window(900, 560, 2.0)));
        assert!(!differs(wanted, window(1800, 1120, 2.0)));
        assert!(!differs(egui::vec2(900.3, 560.4), window(1125, 700, 1.25)));
    }
}
