//! One frame of the interface.

use crate::knobs::Knobs;
use crate::outside::Outside;
use crate::theme::{GAP, Theme};
use crate::{actions, capture, desk, details, export, file, history, keys, lane, messages, prompt, slots, wave};
use egui::{CentralPanel, Frame, Margin, Panel, Rect, Response, ScrollArea, Stroke, Ui, UiBuilder};
use inlay_music::{Bars, Region};
use inlay_player::Now;
use inlay_session::{Command, EntryView, Live, Place, Snapshot};
use std::time::Duration;

/// Between frames while something moves.
const TURN: Duration = Duration::from_millis(33);

/// Height of the wave at least, with its ruler.
const LOWEST: f32 = 56.0;
/// What the take needs below a file that waits.
const BESIDE_FILE: f32 = 170.0;

/// What the interface remembers by itself: what is open, zoomed, being typed.
#[derive(Debug, Default)]
pub struct Editor {
    pub(crate) prompt: prompt::PromptLine,
    pub(crate) desk: desk::DeskRow,
    pub(crate) lane: lane::Lane,
    pub(crate) wave: wave::Wave,
    pub(crate) slots: slots::SlotRow,
    pub(crate) details: details::Details,
    pub(crate) file: file::FilePanel,
    pub(crate) export: export::Export,
    pub(crate) side: Side,
    /// Of the rows above and below the wave, in the last frame.
    heights: [f32; 4],
}

/// What stands at the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Side {
    /// Nothing.
    #[default]
    Closed,
    /// Details of making.
    Details,
    /// All takes.
    History,
    /// Keys and what they do.
    Help,
}

/// All that a panel sees and reaches.
pub(crate) struct Scene<'a> {
    pub snapshot: &'a Snapshot,
    pub now: Option<Now>,
    pub knobs: &'a mut dyn Knobs,
    pub outside: &'a mut dyn Outside,
    pub send: &'a mut dyn FnMut(Command),
}

impl Scene<'_> {
    pub fn ask(&mut self, command: Command) {
        (self.send)(command);
    }

    /// The take in a slot.
    pub fn entry(&self, slot: u8) -> Option<&EntryView> {
        let id = self.snapshot.slots.get(usize::from(slot))?.take.as_ref()?;
        self.snapshot.history.iter().rev().find(|e| e.take == *id)
    }

    /// The take in the selected slot.
    pub fn selected(&self) -> Option<&EntryView> {
        self.entry(self.snapshot.selected)
    }

    /// Bars of the selected take, or of the next one.
    pub fn bars(&self) -> Bars {
        self.selected().map_or_else(|| crate::desk::bars(self.knobs), |e| e.bars)
    }

    /// The marks that lie in the selected take: those of a longer one wait until it is selected again.
    pub fn marks(&self) -> impl Iterator<Item = &Region> {
        let bars = self.selected().map(|e| e.bars);
        self.snapshot.desk.regions.iter().filter(move |r| bars.is_some_and(|bars| r.check(bars).is_ok()))
    }

    /// Whether the sound of the selected take is on its way.
    pub fn is_made_again(&self) -> bool {
        let take = |slot: u8| self.snapshot.slots.get(usize::from(slot))?.take.as_ref();
        let here = take(self.snapshot.selected);
        here.is_some() && self.snapshot.jobs.iter().any(|j| j.task == "again" && j.slot.and_then(take) == here)
    }

    /// Whether a user waits for a job.
    pub fn is_making(&self) -> bool {
        self.snapshot.jobs.iter().any(|j| !j.ahead)
    }
}

impl Editor {
    /// An interface as it first opens.
    pub fn new() -> Self {
        Self::default()
    }

    /// What the next window begins with: what is open, zoomed and chosen. What was being typed or dragged ends with its window.
    #[must_use]
    pub fn kept(self) -> Self {
        Self { prompt: self.prompt.kept(), lane: self.lane.kept(), wave: self.wave.kept(), side: self.side, ..Self::default() }
    }

    /// Draws a frame, and sends what its user asks for. Asks for the next frame only while something moves.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        snapshot: &Snapshot,
        live: &Live,
        knobs: &mut dyn Knobs,
        outside: &mut dyn Outside,
        send: &mut dyn FnMut(Command),
    ) {
        let scene = &mut Scene { snapshot, now: live.now(), knobs, outside, send };
        keys::act(self, ui, scene);
        file::take_drops(ui, scene);
        let bar = Frame::new().fill(Theme::PANEL).inner_margin(Margin::symmetric(10, 7));
        let prompt = Panel::top("prompt").frame(bar).show(ui, |ui| {
            prompt::show(self, ui, scene);
            messages::show(ui, scene, |place| matches!(place, Place::Prompt | Place::Instance));
        });
        let desk = Panel::top("desk").frame(bar).show(ui, |ui| desk::show(self, ui, scene));
        let middle = Frame::new().fill(Theme::BACK).inner_margin(Margin::symmetric(10, 8));
        let below = middle.inner_margin(Margin { top: 0, ..middle.inner_margin });
        // the rows below take their place first, but the keyboard comes to them last
        let rest = ui.available_rect_before_wrap();
        let [.., actions_height, slots_height] = self.heights;
        let (rest, slots_place) = rest.split_top_bottom_at_y((rest.bottom() - slots_height).max(rest.top()));
        let (rest, actions_place) = rest.split_top_bottom_at_y((rest.bottom() - actions_height).max(rest.top()));
        inside(ui, "middle", rest, |ui| self.between(ui, scene, bar, middle));
        let actions = inside(ui, "actions", actions_place, |ui| wide(ui, below, |ui| actions::show(self, ui, scene)));
        let slots = inside(ui, "slots", slots_place, |ui| {
            let slots = wide(ui, bar, |ui| {
                slots::show(self, ui, scene);
                messages::show(ui, scene, |place| matches!(place, Place::Slot(_)));
            });
            ui.painter().hline(slots_place.x_range(), slots_place.top(), Stroke::new(1.0, Theme::LINE));
            slots
        });
        self.settle(ui, [prompt.response, desk.response, actions, slots].map(|r| r.rect.height()));
        // all else that changes comes with another snapshot
        if scene.now.is_some_and(|n| n.running) {
            ui.ctx().request_repaint_after(TURN);
        }
    }

    /// The take, and what is open beside it.
    fn between(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, bar: Frame, middle: Frame) {
        if self.side != Side::Closed {
            let width = (ui.available_width() * 0.4).min(300.0);
            Panel::right("side").frame(bar).exact_size(width).resizable(false).show(ui, |ui| self.side(ui, scene));
        }
        CentralPanel::default().frame(middle).show(ui, |ui| {
            // in a low window with much to say all of it can be reached
            let bottom = ui.max_rect().bottom();
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| self.middle(ui, scene, bottom));
        });
    }

    /// What stands between the rows above and below; `bottom` is where the row below begins.
    fn middle(&mut self, ui: &mut Ui, scene: &mut Scene<'_>, bottom: f32) {
        let room = |ui: &Ui| bottom - ui.cursor().top();
        ui.spacing_mut().item_spacing.y = GAP;
        messages::show(ui, scene, |place| matches!(place, Place::Files));
        file::show(self, ui, scene);
        // a file that waits comes first: where there is no room for both, the take is seen again after it
        if scene.snapshot.file.is_some() && room(ui) < BESIDE_FILE {
            return messages::show(ui, scene, |place| matches!(place, Place::Take));
        }
        if scene.snapshot.effect {
            capture::show(ui, scene);
        }
        lane::show(self, ui, scene);
        messages::show(ui, scene, |place| matches!(place, Place::Chords));
        messages::show(ui, scene, |place| matches!(place, Place::Take));
        wave::show(self, ui, scene, room(ui).max(LOWEST));
    }

    /// A row has the height that it took in the frame before: where that changes, the frame is drawn once more.
    fn settle(&mut self, ui: &Ui, heights: [f32; 4]) {
        if self.heights != heights {
            self.heights = heights;
            ui.ctx().request_discard("a row has another height");
        }
    }

    fn side(&mut self, ui: &mut Ui, scene: &mut Scene<'_>) {
        match self.side {
            Side::Closed => {}
            Side::Details => details::show(self, ui, scene),
            Side::History => history::show(self, ui, scene),
            Side::Help => keys::help(self, ui),
        }
    }

    /// Opens a panel, or closes it.
    pub(crate) fn turn(&mut self, side: Side) {
        self.side = if self.side == side { Side::Closed } else { side };
    }
}

/// Draws something in a place of its own.
fn inside<R>(ui: &mut Ui, name: &str, place: Rect, draw: impl FnOnce(&mut Ui) -> R) -> R {
    let mut ui = ui.new_child(UiBuilder::new().id_salt(name).max_rect(place));
    ui.shrink_clip_rect(place);
    draw(&mut ui)
}

/// A row from the left to the right of its place.
fn wide(ui: &mut Ui, frame: Frame, draw: impl FnOnce(&mut Ui)) -> Response {
    let row = frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        draw(ui);
    });
    row.response
}
