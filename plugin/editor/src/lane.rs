//! The chord lane: one cell for each bar or each beat, typed as chord names.

use crate::frame::{Editor, Scene};
use crate::theme::{ROW, Theme};
use crate::widgets::sign;
use egui::{Align2, Button, Id, Response, RichText, TextEdit, Ui, Vec2};
use inlay_session::Command;

/// The most bars that have room for a cell for each beat.
const MOST_BARS: usize = 4;

/// What is being typed.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    cells: Vec<String>,
    typing: Option<usize>,
    /// The cells are those of beats.
    in_beats: bool,
    /// Cells of beats are wanted, where the chart and the window have room for them.
    by_beat: bool,
}

impl Lane {
    /// What of it another window begins with.
    pub fn kept(self) -> Self {
        Self { by_beat: self.by_beat, ..Self::default() }
    }
}

/// The cells of a chart as typed: "Am | F | C G" has three.
pub(crate) fn split(text: &str, bars: usize) -> Vec<String> {
    let mut cells: Vec<String> = if text.trim().is_empty() { vec![] } else { text.split('|').map(|c| c.trim().to_owned()).collect() };
    cells.resize(bars.max(cells.len()), String::new());
    cells
}

/// The chart of cells: what is empty behind the last chord is left out; an empty bar goes on with the chord before it, and those
/// before the first chord begin with that one.
pub(crate) fn joined(cells: &[String]) -> String {
    let used = cells.iter().rposition(|c| !c.trim().is_empty()).map_or(0, |last| last + 1);
    let mut before = cells.iter().find_map(|c| c.split_whitespace().next()).unwrap_or_default();
    let filled = cells[..used].iter().map(|cell| {
        let cell = cell.trim();
        match cell.split_whitespace().last() {
            Some(last) => {
                before = last;
                cell
            }
            None => before,
        }
    });
    filled.collect::<Vec<_>>().join(" | ")
}

/// The cells of bars as cells of beats: chords in a bar share it evenly. None where three of them do, or more than four.
fn spread(bars: &[String]) -> Option<Vec<String>> {
    let bar = |cell: &String| {
        let chords: Vec<&str> = cell.split_whitespace().collect();
        let beats = match chords[..] {
            [] => ["", "", "", ""],
            [a] => [a, "", "", ""],
            [a, b] => [a, "", b, ""],
            [a, b, c, d] => [a, b, c, d],
            _ => return None,
        };
        Some(beats.map(String::from))
    };
    Some(bars.iter().map(bar).collect::<Option<Vec<_>>>()?.concat())
}

/// The cells of beats as cells of bars: a beat without a chord goes on with the one before.
fn gathered(beats: &[String]) -> Vec<String> {
    let mut before = beats.iter().map(|c| c.trim()).find(|c| !c.is_empty()).unwrap_or_default();
    let bars = beats.chunks(4).map(|cells| {
        if cells.iter().all(|c| c.trim().is_empty()) {
            return String::new();
        }
        let chords: Vec<&str> = cells
            .iter()
            .map(|cell| {
                before = if cell.trim().is_empty() { before } else { cell.trim() };
                before
            })
            .collect();
        match chords[..] {
            [a, b, c, d] if a == b && b == c && c == d => a.to_owned(),
            [a, b, c, d] if a == b && c == d => format!("{a} {c}"),
            _ => chords.join(" "),
        }
    });
    bars.collect()
}

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let bars = crate::desk::bars(scene.knobs).get() as usize;
    let lane = &mut editor.lane;
    let desk = &scene.snapshot.desk;
    let by_bar = split(&desk.chords, bars);
    let by_beat = if by_bar.len() <= MOST_BARS { spread(&by_bar) } else { None };
    let can = by_beat.is_some();
    if lane.typing.is_none() {
        let wanted = by_beat.filter(|_| lane.by_beat);
        lane.in_beats = wanted.is_some();
        lane.cells = wanted.unwrap_or(by_bar);
    }
    let in_beats = lane.in_beats;
    let made = scene.selected().and_then(|e| e.chords.clone()).map(|c| c.to_string());
    let hints = made.as_deref().map(|m| split(m, 0)).unwrap_or_default();
    let hints = if in_beats { spread(&hints).unwrap_or_default() } else { hints };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        cells(lane, ui, can);
        ui.add_space(4.0);
        let tools = if made.is_some() { 2.0 } else { 1.0 } * (ROW + 4.0) + 8.0;
        let width = ((ui.available_width() - tools) / lane.cells.len().max(1) as f32 - 2.0).max(24.0);
        let (mut typing, mut changed) = (None, false);
        for (index, cell) in lane.cells.iter_mut().enumerate() {
            let hint = hints.iter().cycle().nth(index).cloned().unwrap_or_default();
            let wrong = desk.chords_error.is_some() && !cell.trim().is_empty();
            let name = match in_beats {
                true => format!("Chord of bar {}, beat {}", index / 4 + 1, index % 4 + 1),
                false => format!("Chords of bar {}", index + 1),
            };
            let response = field(ui, cell, index, hint, wrong, width).accessible_name(name);
            if response.has_focus() {
                typing = Some(index);
            }
            changed |= response.changed();
            if in_beats && index % 4 == 3 {
                ui.add_space(1.0);
            }
        }
        lane.typing = typing;
        if changed {
            let chart = if in_beats { joined(&gathered(&lane.cells)) } else { joined(&lane.cells) };
            scene.ask(Command::Chords(chart));
        }
        ui.add_space(4.0);
        if let Some(made) = made
            && sign(ui, "⤵", "Keep the chords that this take was made with").clicked()
        {
            // taking off what was typed is a change of its own
            if !desk.chords.is_empty() {
                scene.ask(Command::Chords(String::new()));
            }
            scene.ask(Command::Chords(made));
        }
        ui.add_enabled_ui(!desk.chords.trim().is_empty(), |ui| {
            if sign(ui, "✖", "No chords").clicked() {
                scene.ask(Command::Chords(String::new()));
            }
        });
    });
    if let Some(error) = &scene.snapshot.desk.chords_error {
        ui.label(RichText::new(error).color(Theme::FAILURE).small());
    }
}

/// The lane's name; a press turns from bars to beats and back.
fn cells(lane: &mut Lane, ui: &mut Ui, can: bool) {
    let text = RichText::new("Chords").color(Theme::DIM).small();
    let button = ui.add_enabled(can, Button::selectable(lane.by_beat && can, text).min_size(Vec2::new(0.0, ROW)));
    let hint = if lane.by_beat { "A cell for each beat: press for bars" } else { "A cell for each bar: press for beats" };
    let why = "A cell for each beat has room with up to four bars, and one, two or four chords in a bar";
    if button.accessible_name("A chord for each beat").on_hover_text(hint).on_disabled_hover_text(why).clicked() {
        lane.by_beat = !lane.by_beat;
        lane.typing = None;
    }
}

fn field(ui: &mut Ui, cell: &mut String, index: usize, hint: String, wrong: bool, width: f32) -> Response {
    let edit = TextEdit::singleline(cell)
        .id(Id::unique(("chord", index)))
        .desired_width(width)
        .hint_text(RichText::new(hint).color(Theme::DIM))
        .text_color(if wrong { Theme::FAILURE } else { Theme::TEXT })
        .align(Align2::CENTER_CENTER)
        .min_size(Vec2::new(0.0, ROW))
        .margin(egui::Margin::symmetric(3, 5));
    ui.add_sized(Vec2::new(width, ROW), edit)
}

#[cfg(test)]
mod test {
    use super::*;

    #[test]
    fn cells_and_charts_are_the_same() {
        assert_eq!(split("Am | F | C G", 4), ["Am", "F", "C G", ""]);
        assert_eq!(joined(&split("Am | F | C G", 4)), "Am | F | C G");
        assert_eq!(split("", 2), ["", ""]);
        assert_eq!(joined(&split("", 2)), "");
    }

    #[test]
    fn beats_and_bars_are_the_same() {
        for chart in ["Am | F | C G | Em7b5/Bb", "C | C G | C G Am F", "", "Am"] {
            let bars = split(chart, 4);
            assert_eq!(joined(&gathered(&spread(&bars).unwrap())), joined(&bars));
        }
        assert_eq!(spread(&split("C F G", 1)), None);
        assert_eq!(spread(&split("C F G Am Em", 1)), None);
    }

    #[test]
    fn an_empty_beat_goes_on_with_the_chord_before() {
        let cells = ["", "C", "", "G", "", "", "", "", "", "F", "", ""].map(String::from);
        assert_eq!(gathered(&cells), ["C C C G", "", "G F F F"]);
        assert_eq!(joined(&gathered(&cells)), "C C C G | G | G F F F");
    }

    #[test]
    fn an_empty_bar_goes_on_with_the_chord_before() {
        let cells = ["", "C G", "", "F", ""].map(String::from);
        assert_eq!(joined(&cells), "C | C G | G | F");
    }
}
