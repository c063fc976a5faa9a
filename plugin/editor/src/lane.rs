//! The chord lane: one cell for each bar, typed as chord names.

use crate::frame::{Editor, Scene};
use crate::theme::{ROW, Theme};
use crate::widgets::sign;
use egui::{Align2, Id, RichText, TextEdit, Ui, Vec2};
use inlay_session::Command;

/// What is being typed.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    cells: Vec<String>,
    typing: Option<usize>,
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

pub(crate) fn show(editor: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    let bars = crate::desk::bars(scene.knobs).get() as usize;
    let lane = &mut editor.lane;
    let desk = &scene.snapshot.desk;
    if lane.typing.is_none() {
        lane.cells = split(&desk.chords, bars);
    }
    let made = scene.selected().and_then(|e| e.chords.clone()).map(|c| c.to_string());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.label(RichText::new("Chords").color(Theme::DIM).small());
        ui.add_space(4.0);
        let tools = if made.is_some() { 2.0 } else { 1.0 } * (ROW + 4.0) + 8.0;
        let width = ((ui.available_width() - tools) / lane.cells.len().max(1) as f32 - 2.0).max(24.0);
        let (mut typing, mut changed) = (None, false);
        for (index, cell) in lane.cells.iter_mut().enumerate() {
            let hint = made.as_deref().map_or(String::new(), |m| split(m, 0).into_iter().cycle().nth(index).unwrap_or_default());
            let wrong = desk.chords_error.is_some() && !cell.trim().is_empty();
            let edit = TextEdit::singleline(cell)
                .id(Id::unique(("chord", index)))
                .desired_width(width)
                .hint_text(RichText::new(hint).color(Theme::DIM))
                .text_color(if wrong { Theme::FAILURE } else { Theme::TEXT })
                .align(Align2::CENTER_CENTER)
                .min_size(Vec2::new(0.0, ROW))
                .margin(egui::Margin::symmetric(3, 5));
            let response = ui.add_sized(Vec2::new(width, ROW), edit).accessible_name(format!("Chords of bar {}", index + 1));
            if response.has_focus() {
                typing = Some(index);
            }
            changed |= response.changed();
        }
        lane.typing = typing;
        if changed {
            scene.ask(Command::Chords(joined(&lane.cells)));
        }
        ui.add_space(4.0);
        if let Some(made) = made
            && sign(ui, "⤵", "Keep the chords that this take was made with").clicked()
        {
            scene.ask(Command::Chords(made));
        }
        if sign(ui, "✖", "No chords").clicked() {
            scene.ask(Command::Chords(String::new()));
        }
    });
    if let Some(error) = &scene.snapshot.desk.chords_error {
        ui.label(RichText::new(error).color(Theme::FAILURE).small());
    }
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
    fn an_empty_bar_goes_on_with_the_chord_before() {
        let cells = ["", "C G", "", "F", ""].map(String::from);
        assert_eq!(joined(&cells), "C | C G | G | F");
    }
}
