//! The take as a wave over bars and beats.

mod marks;
mod outline;

use crate::frame::{Editor, Scene};
use crate::grid::Grid;
use crate::regions::{Grip, Part};
use crate::ruler;
use crate::theme::Theme;
use crate::view::View;
use egui::text::LayoutJob;
use egui::{Align, CornerRadius, FontId, Key, Painter, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo};
use inlay_session::Command;
use outline::Drawn;
pub(crate) use outline::mesh;

/// What the wave remembers.
#[derive(Debug, Default)]
pub(crate) struct Wave {
    pub view: Option<View>,
    pub grid: Grid,
    /// The regions when the pointer went down, and what it took hold of.
    held: Option<(Vec<Part>, Grip)>,
    /// Regions as they are dragged, before the session has them.
    parts: Option<Vec<Part>>,
    /// The region that keys move.
    chosen: usize,
    drawn: Option<Drawn>,
}

impl Wave {
    /// Zooms around the middle of what is seen.
    pub fn zoom(&mut self, beats: f64, factor: f64) {
        let view = self.view.map_or(View::whole(beats), |v| v.of(beats));
        self.view = Some(view.zoomed(factor, view.start + view.length / 2.0));
    }

    /// What of it another window begins with.
    pub fn kept(self) -> Self {
        Self { view: self.view, grid: self.grid, ..Self::default() }
    }
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>, height: f32) {
    let wave = &mut editor.wave;
    let beats = scene.bars().beats().get();
    let view = wave.view.map_or(View::whole(beats), |v| v.of(beats));
    let (all, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click_and_drag());
    let (ruler_rect, rect) = all.split_top_bottom_at_y(all.top() + ruler::HEIGHT);
    let peaks = scene.selected().map(|e| e.peaks.clone());
    let count = scene.marks().count();
    response.widget_info(|| {
        let name = match &peaks {
            Some(Some(_)) => format!("Take, {beats} beats, {count} regions"),
            Some(None) => "Take without its sound".into(),
            None => "No take yet".into(),
        };
        WidgetInfo::labeled(Role::Canvas, true, name)
    });

    let on_ruler = wave.held.is_none() && on_ruler(ui, &response, all, rect);
    let view = looked(ui, &response, view, rect, on_ruler);
    wave.view = Some(view);
    let mut parts = vec![];
    match &peaks {
        Some(Some(_)) => parts = marks::change(wave, ui, &response, scene, marks::Place { view, rect, pointed: !on_ruler }),
        Some(None) => make_again(ui, &response, scene),
        None => {}
    }
    if peaks.is_some() {
        by_steps(ui, &response, scene);
    }

    let painter = ui.painter_at(all);
    painter.rect_filled(rect, CornerRadius::same(4), Theme::PANEL);
    ruler::paint(&painter, ruler_rect, rect, view);
    match peaks.flatten() {
        Some(peaks) => painter.add(Shape::mesh(outline::drawn(&mut wave.drawn, peaks, view, rect))),
        None => painter.add(empty(&painter, scene, rect)),
    };
    let chosen = response.has_focus().then_some(wave.chosen);
    for (index, part) in parts.iter().enumerate() {
        marks::paint(&painter, *part, chosen == Some(index), view, rect);
    }
    playhead(&painter, scene, view, all);
    if !view.is_whole() {
        let x = |share: f64| rect.left() + share as f32 * rect.width();
        let seen = x(view.start / view.beats)..=x((view.start + view.length) / view.beats);
        let bar = Rect::from_x_y_ranges(seen, rect.bottom() - 5.0..=rect.bottom() - 2.0);
        painter.rect_filled(bar, CornerRadius::same(1), Theme::DIM);
    }
    let frame = if response.has_focus() { Stroke::new(2.0, Theme::FOCUS) } else { Stroke::new(1.0, Theme::LINE) };
    painter.rect_stroke(rect, CornerRadius::same(4), frame, StrokeKind::Inside);
}

/// What the wheel, a pinch, dragging the ruler, and Page Up and Down do to the view.
fn looked(ui: &Ui, response: &Response, view: View, rect: Rect, on_ruler: bool) -> View {
    if on_ruler {
        let along = if response.dragged() { response.drag_delta().x } else { 0.0 };
        return view.scrolled(-f64::from(along / rect.width()) * view.length);
    }
    let mut view = view;
    if response.has_focus() {
        let pages = ui.input(|i| i.num_presses(Key::PageDown) as f64 - i.num_presses(Key::PageUp) as f64);
        // half of what is seen, so that one knows where one is
        view = view.scrolled(pages * view.length / 2.0);
    }
    let Some(pos) = response.hover_pos() else { return view };
    let (zoom, scroll) = ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta()));
    if zoom != 1.0 {
        view = view.zoomed(f64::from(zoom), view.beat((pos.x - rect.left()) / rect.width()));
    }
    let along = if scroll.x == 0.0 && !view.is_whole() { scroll.y } else { scroll.x };
    if along != 0.0 {
        view = view.scrolled(-f64::from(along / rect.width()) * view.length);
    }
    view
}

/// Whether the pointer went down on the ruler, or was clicked there.
fn on_ruler(ui: &Ui, response: &Response, all: Rect, rect: Rect) -> bool {
    // once the button is up, only the response knows where it went down
    let origin = ui.input(|i| i.pointer.press_origin()).or(response.interact_pointer_pos());
    origin.is_some_and(|origin| all.contains(origin) && origin.y < rect.top())
}

/// Up and down step through the takes.
fn by_steps(ui: &Ui, response: &Response, scene: &mut Scene<'_>) {
    if response.has_focus() {
        for (key, forward) in [(Key::ArrowDown, true), (Key::ArrowUp, false)] {
            if ui.input(|i| i.key_pressed(key) && i.modifiers.is_none()) {
                scene.ask(Command::Step { forward });
            }
        }
    }
}

/// A take that lost its sound gets it back by a click, or by Enter.
fn make_again(ui: &Ui, response: &Response, scene: &mut Scene<'_>) {
    if response.clicked() {
        response.request_focus();
    }
    let pressed = response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter));
    if (response.clicked() || pressed) && !scene.is_made_again() {
        scene.ask(Command::Select(scene.snapshot.selected));
    }
}

/// Where the take plays.
fn playhead(painter: &Painter, scene: &Scene<'_>, view: View, rect: Rect) {
    let sounding = scene.now.and_then(|now| now.sounding);
    if let Some((slot, phase)) = sounding
        && slot == scene.snapshot.selected
    {
        let x = rect.left() + view.share(phase) * rect.width();
        if rect.x_range().contains(x) {
            painter.vline(x, rect.y_range(), Stroke::new(2.0, Theme::ACCENT));
        }
    }
}

/// What to do where there is nothing to see.
fn empty(painter: &Painter, scene: &Scene<'_>, rect: Rect) -> Shape {
    let text = if scene.is_made_again() {
        "The sound of this take is being made again …"
    } else if scene.selected().is_some() {
        "The sound of this take isn't here:\nclick here, or select its slot, to make it again"
    } else if scene.is_making() {
        "Your loop is being made …"
    } else {
        "Type what you want to hear and press Enter,\nor drop an audio file here"
    };
    let size = if rect.height() < 48.0 { 13.0 } else { 16.0 };
    let mut job = LayoutJob::simple(text.into(), FontId::proportional(size), Theme::DIM, rect.width() - 20.0);
    job.halign = Align::Center;
    let galley = painter.layout_job(job);
    let top = rect.center() - Vec2::new(0.0, galley.size().y / 2.0);
    Shape::galley(top, galley, Theme::DIM)
}
