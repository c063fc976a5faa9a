//! Colours and sizes.

use egui::{Color32, CornerRadius, FontId, Margin, Stroke, Style, TextStyle, Vec2, Visuals};

const fn hex(rgb: u32) -> Color32 {
    Color32::from_rgb((rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8)
}

/// All colours of the interface.
#[derive(Debug)]
pub struct Theme;

impl Theme {
    /// Behind everything.
    pub const BACK: Color32 = hex(0x14_161b);
    /// Bars and cards.
    pub const PANEL: Color32 = hex(0x1d_2027);
    /// What can be pressed or typed into.
    pub const RAISED: Color32 = hex(0x2a_2e38);
    /// The same under the pointer.
    pub const HOVER: Color32 = hex(0x37_3c49);
    /// Lines between things.
    pub const LINE: Color32 = hex(0x3b_4150);
    /// Text.
    pub const TEXT: Color32 = hex(0xec_eef3);
    /// Text that matters less.
    pub const DIM: Color32 = hex(0xaa_b1c0);
    /// What plays, and what to press.
    pub const ACCENT: Color32 = hex(0xf5_b04c);
    /// Text on the accent.
    pub const ON_ACCENT: Color32 = hex(0x1a_1305);
    /// Parts that shall be made anew.
    pub const REGION: Color32 = hex(0x4f_d1c5);
    /// The wave of a take.
    pub const WAVE: Color32 = hex(0x8f_a3c7);
    /// What went wrong.
    pub const FAILURE: Color32 = hex(0xff_8a80);
    /// What is good to know.
    pub const NOTICE: Color32 = hex(0x9c_c4ff);
    /// Around what has the keyboard.
    pub const FOCUS: Color32 = hex(0xff_e0a8);

    /// Each pair of text and what it may stand on.
    pub const READ: [(&'static str, Color32, Color32); 14] = [
        ("text on back", Self::TEXT, Self::BACK),
        ("text on panel", Self::TEXT, Self::PANEL),
        ("text on raised", Self::TEXT, Self::RAISED),
        ("text on hover", Self::TEXT, Self::HOVER),
        ("dim on back", Self::DIM, Self::BACK),
        ("dim on panel", Self::DIM, Self::PANEL),
        ("dim on raised", Self::DIM, Self::RAISED),
        ("dim on hover", Self::DIM, Self::HOVER),
        ("on accent", Self::ON_ACCENT, Self::ACCENT),
        ("accent on panel", Self::ACCENT, Self::PANEL),
        ("accent on raised", Self::ACCENT, Self::RAISED),
        ("failure on panel", Self::FAILURE, Self::PANEL),
        ("notice on panel", Self::NOTICE, Self::PANEL),
        ("region on back", Self::REGION, Self::BACK),
    ];
}

/// How large text is, in points.
pub(crate) const TEXT_SIZE: f32 = 14.0;
/// Small print.
pub(crate) const SMALL_SIZE: f32 = 12.0;
/// Height of what can be pressed.
pub(crate) const ROW: f32 = 28.0;
/// Between things.
pub(crate) const GAP: f32 = 8.0;

/// The same in egui's words. Set it once for each window.
pub fn style(context: &egui::Context) {
    let mut style = Style { visuals: visuals(), ..Style::default() };
    let font = |size| FontId::proportional(size);
    style.text_styles = [
        (TextStyle::Small, font(SMALL_SIZE)),
        (TextStyle::Body, font(TEXT_SIZE)),
        (TextStyle::Button, font(TEXT_SIZE)),
        (TextStyle::Heading, font(17.0)),
        (TextStyle::Monospace, FontId::monospace(13.0)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = Vec2::new(6.0, 6.0);
    spacing.button_padding = Vec2::new(9.0, 4.0);
    spacing.interact_size = Vec2::new(28.0, ROW);
    spacing.combo_width = 70.0;
    spacing.window_margin = Margin::same(12);
    spacing.menu_margin = Margin::same(8);
    spacing.slider_width = 120.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.6;
    style.animation_time = 0.0;
    context.set_theme(egui::Theme::Dark);
    context.set_style_of(egui::Theme::Dark, style);
}

fn visuals() -> Visuals {
    let mut visuals = Visuals::dark();
    visuals.panel_fill = Theme::BACK;
    visuals.window_fill = Theme::PANEL;
    visuals.window_stroke = Stroke::new(1.0, Theme::LINE);
    visuals.window_corner_radius = CornerRadius::same(8);
    visuals.menu_corner_radius = CornerRadius::same(8);
    visuals.extreme_bg_color = Theme::BACK;
    visuals.text_edit_bg_color = Some(Theme::RAISED);
    visuals.faint_bg_color = Theme::PANEL;
    visuals.weak_text_color = Some(Theme::DIM);
    visuals.warn_fg_color = Theme::NOTICE;
    visuals.error_fg_color = Theme::FAILURE;
    visuals.hyperlink_color = Theme::NOTICE;
    visuals.selection.bg_fill = Color32::from_rgb(0x5a, 0x46, 0x22);
    visuals.selection.stroke = Stroke::new(1.5, Theme::FOCUS);
    let widgets = &mut visuals.widgets;
    for state in [&mut widgets.noninteractive, &mut widgets.inactive, &mut widgets.hovered, &mut widgets.active, &mut widgets.open] {
        state.corner_radius = CornerRadius::same(5);
        state.expansion = 0.0;
        state.fg_stroke = Stroke::new(1.0, Theme::TEXT);
        state.bg_stroke = Stroke::new(1.0, Theme::LINE);
        (state.bg_fill, state.weak_bg_fill) = (Theme::RAISED, Theme::RAISED);
    }
    (widgets.noninteractive.bg_fill, widgets.noninteractive.weak_bg_fill) = (Theme::PANEL, Theme::PANEL);
    (widgets.hovered.bg_fill, widgets.hovered.weak_bg_fill) = (Theme::HOVER, Theme::HOVER);
    (widgets.active.bg_fill, widgets.active.weak_bg_fill) = (Theme::HOVER, Theme::HOVER);
    // what has the keyboard is drawn as "active": it must be seen
    widgets.active.bg_stroke = Stroke::new(2.0, Theme::FOCUS);
    widgets.hovered.bg_stroke = Stroke::new(1.0, Theme::DIM);
    visuals
}

#[cfg(test)]
mod test {
    use super::*;

    /// Contrast by WCAG 2.
    fn contrast(a: Color32, b: Color32) -> f64 {
        let light = |c: Color32| {
            let part = |v: u8| {
                let v = f64::from(v) / 255.0;
                if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(c.r()) + 0.7152 * part(c.g()) + 0.0722 * part(c.b())
        };
        let (a, b) = (light(a), light(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn everything_that_is_read_stands_out() {
        assert!((contrast(Color32::WHITE, Color32::BLACK) - 21.0).abs() < 1e-9);
        for (what, text, ground) in Theme::READ {
            let ratio = contrast(text, ground);
            assert!(ratio >= 4.5, "{what}: {ratio:.2}");
        }
    }

    #[test]
    fn what_has_the_keyboard_stands_out() {
        for ground in [Theme::BACK, Theme::PANEL, Theme::RAISED, Theme::HOVER] {
            assert!(contrast(Theme::FOCUS, ground) >= 4.5);
        }
    }
}
