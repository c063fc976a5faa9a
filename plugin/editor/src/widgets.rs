//! Controls that several panels have.

use crate::knobs::{Knob, Knobs};
use crate::theme::{ROW, Theme};
use egui::{
    Align2, Button, Color32, CornerRadius, FontId, Rect, Response, RichText, Role, Sense, Stroke, StrokeKind, TextStyle, Ui, Vec2,
    WidgetInfo, pos2, style::ScrollAnimation,
};

/// A dim caption.
pub(crate) fn caption(ui: &mut Ui, text: &str) -> Response {
    ui.label(RichText::new(text).color(Theme::DIM).text_style(TextStyle::Small))
}

/// The button to press next.
pub(crate) fn primary(ui: &mut Ui, text: &str, width: f32) -> Response {
    let button = Button::new(RichText::new(text).color(Theme::ON_ACCENT).strong()).fill(Theme::ACCENT).min_size(Vec2::new(width, ROW));
    ui.scope(|ui| {
        // the fill is the button's own: under the pointer and with the keyboard it gets a frame
        let widgets = &mut ui.visuals_mut().widgets;
        for state in [&mut widgets.hovered, &mut widgets.active] {
            state.bg_stroke = Stroke::new(2.0, Color32::WHITE);
        }
        ui.add(button)
    })
    .inner
}

/// A small button with a sign, named for those who can't see it.
pub(crate) fn sign(ui: &mut Ui, sign: &str, name: &str) -> Response {
    let response = ui.add(Button::new(sign).min_size(Vec2::splat(ROW)));
    response.accessible_name(name).on_hover_text(name)
}

/// Scrolls to a row of a list that the keyboard came to, and to its neighbours, which are next.
pub(crate) fn in_sight(ui: &Ui, row: Response) -> Response {
    if row.gained_focus() {
        let around = row.rect.expand2(Vec2::new(0.0, 1.5 * row.rect.height()));
        ui.scroll_to_rect_animation(around, None, ScrollAnimation::none());
    }
    row
}

/// The choices of a stepped parameter, side by side.
pub(crate) fn choices(ui: &mut Ui, knobs: &mut dyn Knobs, knob: Knob, name: &str, labels: &[&str]) {
    let now = knobs.choice(knob);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 1.0;
        ui.spacing_mut().button_padding.x = 6.0;
        for (choice, label) in labels.iter().enumerate() {
            let button = ui.add(Button::selectable(choice == now, *label).min_size(Vec2::new(24.0, ROW)));
            let button = button.accessible_name(format!("{name}: {}", knobs.text(knob, knobs.value_of(knob, choice))));
            if button.clicked() && choice != now {
                knobs.put(knob, knobs.value_of(knob, choice));
            }
        }
    });
}

/// A switch for a parameter that is on or off.
pub(crate) fn switch(ui: &mut Ui, knobs: &mut dyn Knobs, knob: Knob, on: &str, off: &str) -> Response {
    let is_on = knobs.get(knob) >= 0.5;
    let button = Button::selectable(is_on, if is_on { on } else { off }).frame_when_inactive(true);
    let response = ui.add(button.min_size(Vec2::new(26.0, ROW)));
    if response.clicked() {
        knobs.put(knob, if is_on { 0.0 } else { 1.0 });
    }
    response
}

/// A parameter from end to end: drag, arrow keys, scroll wheel; double-click brings back where it starts.
pub(crate) fn slider(ui: &mut Ui, knobs: &mut dyn Knobs, knob: Knob, name: &str, width: f32) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(width, ROW), Sense::click_and_drag());
    let value = knobs.get(knob);
    if response.drag_started() {
        knobs.begin(knob);
    }
    if response.dragged()
        && let Some(pos) = response.interact_pointer_pos()
    {
        let fine = ui.input(|i| i.modifiers.shift);
        let share = (pos.x - rect.left()) / rect.width();
        let to = if fine { value + response.drag_delta().x / rect.width() * 0.1 } else { share };
        knobs.set(knob, to.clamp(0.0, 1.0));
    }
    if response.drag_stopped() {
        knobs.end(knob);
    }
    if response.double_clicked() {
        knobs.put(knob, knobs.default_value(knob));
    } else if response.clicked()
        && let Some(pos) = response.interact_pointer_pos()
    {
        knobs.put(knob, ((pos.x - rect.left()) / rect.width()).clamp(0.0, 1.0));
    }
    if response.has_focus() {
        ui.memory_mut(|m| {
            m.set_focus_lock_filter(response.id, egui::EventFilter { horizontal_arrows: true, ..Default::default() });
        });
        let step = knobs.steps(knob).map_or(0.01, |n| 1.0 / n.max(1) as f32);
        let turn = ui.input(|i| i.num_presses(egui::Key::ArrowRight) as f32 - i.num_presses(egui::Key::ArrowLeft) as f32);
        if turn != 0.0 {
            knobs.put(knob, (value + turn * step).clamp(0.0, 1.0));
        }
    }
    let value = knobs.get(knob);
    let text = format!("{name}  {}", knobs.text(knob, value));
    response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &text));
    let visuals = ui.style().interact(&response);
    let painter = ui.painter();
    painter.rect(rect, CornerRadius::same(5), visuals.bg_fill, Stroke::NONE, StrokeKind::Inside);
    let filled = Rect::from_min_max(rect.min, pos2(rect.left() + rect.width() * value, rect.bottom()));
    painter.rect_filled(filled, CornerRadius::same(5), Color32::from_rgb(0x5a, 0x46, 0x22));
    painter.rect_stroke(rect, CornerRadius::same(5), visuals.bg_stroke, StrokeKind::Inside);
    painter.text(rect.center(), Align2::CENTER_CENTER, text, FontId::proportional(13.0), Theme::TEXT);
    response.on_hover_text("Drag; Shift for fine steps; double-click for the default")
}
