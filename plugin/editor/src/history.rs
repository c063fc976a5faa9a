//! All takes: which came from which, and a way back to each.

use crate::frame::{Editor, Scene};
use crate::theme::{ROW, Theme};
use crate::widgets::{caption, in_sight};
use egui::{Button, RichText, ScrollArea, Ui, Vec2};
use inlay_music::TakeId;
use inlay_session::{Command, EntryView};
use std::collections::{HashMap, HashSet};

/// Steps to the right at most: families go deep, windows don't.
const DEEPEST: usize = 5;

/// Takes in the order of a tree, each with its depth: the newest family first, children below their parents.
fn tree(history: &[EntryView]) -> Vec<(usize, &EntryView)> {
    let known: HashSet<&TakeId> = history.iter().map(|e| &e.take).collect();
    let mut children: HashMap<&TakeId, Vec<&EntryView>> = HashMap::new();
    let mut roots = vec![];
    for entry in history {
        match entry.parent.as_ref().filter(|p| known.contains(p) && **p != entry.take) {
            Some(parent) => children.entry(parent).or_default().push(entry),
            None => roots.push(entry),
        }
    }
    let mut rows = vec![];
    let mut seen = HashSet::new();
    // without recursion: a history may be a long line
    let mut stack: Vec<(usize, &EntryView)> = roots.into_iter().map(|e| (0, e)).collect();
    while let Some((depth, entry)) = stack.pop() {
        if seen.insert(&entry.take) {
            rows.push((depth, entry));
            stack.extend(children.get(&entry.take).into_iter().flatten().rev().map(|e| (depth + 1, *e)));
        }
    }
    // a circle of parents, as a damaged project may have, is shown flat
    rows.extend(history.iter().filter(|e| !seen.contains(&e.take)).map(|e| (0, e)));
    rows
}

pub(crate) fn show(_: &mut Editor, ui: &mut Ui, scene: &mut Scene<'_>) {
    ui.heading("History");
    if scene.snapshot.history.is_empty() {
        ui.label("All takes that you make are kept here.");
        return;
    }
    caption(ui, "Click puts a take into the selected slot");
    let snapshot = scene.snapshot;
    let rows = tree(&snapshot.history);
    let in_slot = |take: &TakeId| snapshot.slots.iter().position(|s| s.take.as_ref() == Some(take));
    ScrollArea::vertical().auto_shrink([false, false]).show_rows(ui, ROW, rows.len(), |ui, range| {
        for (depth, entry) in &rows[range] {
            ui.horizontal(|ui| {
                ui.add_space(14.0 * (*depth).min(DEEPEST) as f32);
                let star = Button::new(RichText::new(if entry.favourite { "★" } else { "☆" }).color(Theme::ACCENT)).frame(false);
                let name = if entry.favourite { "No favourite any more" } else { "Favourite" };
                if ui.add(star.min_size(Vec2::new(18.0, 22.0))).accessible_name(name).on_hover_text(name).clicked() {
                    scene.ask(Command::Favourite { take: entry.take.clone(), favourite: !entry.favourite });
                }
                let slot = in_slot(&entry.take);
                let place = slot.map_or(String::new(), |s| format!("[{}] ", s + 1));
                let what = if entry.task == "generate" { String::new() } else { format!("{}: ", entry.task) };
                let text = format!("{place}{what}{}", entry.prompt);
                let row = ui.add(Button::selectable(slot == Some(usize::from(snapshot.selected)), text).truncate());
                let row = in_sight(ui, row);
                let hint = format!("{}\n{} at {}, seed {}", entry.prompt, entry.bars, entry.bpm, entry.seed);
                if row.on_hover_text(hint).clicked() {
                    scene.ask(match slot {
                        Some(slot) => Command::Select(slot as u8),
                        None => Command::Put { take: entry.take.clone(), slot: Some(snapshot.selected) },
                    });
                }
            });
        }
    });
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::test::entry;

    fn family(parents: &[Option<usize>]) -> Vec<EntryView> {
        let named = |i: usize| TakeId(i.to_string());
        let of = |(i, parent): (usize, &Option<usize>)| EntryView { take: named(i), parent: parent.map(named), ..entry("drums") };
        parents.iter().enumerate().map(of).collect()
    }

    fn shape(parents: &[Option<usize>]) -> Vec<(usize, String)> {
        tree(&family(parents)).into_iter().map(|(depth, e)| (depth, e.take.0.clone())).collect()
    }

    #[test]
    fn children_stand_below_their_parents_and_the_newest_family_first() {
        let tree = shape(&[None, Some(0), Some(1), None, Some(0)]);
        let expected = [(0, "3"), (0, "0"), (1, "1"), (2, "2"), (1, "4")];
        assert_eq!(tree, expected.map(|(d, n)| (d, n.to_owned())));
    }

    #[test]
    fn circles_and_strangers_lose_nobody() {
        assert_eq!(shape(&[Some(1), Some(0), Some(2), Some(99)]).len(), 4);
    }
}
