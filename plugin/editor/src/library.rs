//! Prompts to start from, by instrument and genre.

use crate::theme::Theme;
use crate::widgets::in_sight;
use egui::{Grid, RichText, ScrollArea, TextEdit, Ui};
use std::sync::OnceLock;

/// One prompt of the library.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub(crate) struct Entry {
    pub instrument: String,
    pub genre: String,
    pub prompt: String,
}

/// All of them, in the file's order.
pub(crate) fn all() -> &'static [Entry] {
    static ALL: OnceLock<Vec<Entry>> = OnceLock::new();
    // the file is part of the program, and a test reads it
    ALL.get_or_init(|| serde_json::from_str(include_str!("../../../assets/prompts/library.json")).unwrap_or_default())
}

/// Those in which all words of a search occur.
pub(crate) fn found(search: &str) -> impl Iterator<Item = &'static Entry> {
    let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
    all().iter().filter(move |e| {
        let text = format!("{} {} {}", e.instrument, e.genre, e.prompt).to_lowercase();
        words.iter().all(|w| text.contains(w))
    })
}

/// The list with its search field; gives the prompt that was chosen.
pub(crate) fn show(ui: &mut Ui, search: &mut String) -> Option<String> {
    let mut chosen = None;
    let field = ui.add(TextEdit::singleline(search).hint_text("Search: bass, techno, warm …").desired_width(f32::INFINITY));
    field.accessible_name("Search the library");
    ScrollArea::vertical().max_height(320.0).auto_shrink([false, true]).show(ui, |ui| {
        let mut any = false;
        Grid::new("library").num_columns(2).striped(true).show(ui, |ui| {
            for entry in found(search) {
                any = true;
                ui.label(RichText::new(format!("{} · {}", entry.instrument, entry.genre)).color(Theme::DIM).small());
                let row = ui.selectable_label(false, &entry.prompt);
                if in_sight(ui, row).clicked() {
                    chosen = Some(entry.prompt.clone());
                }
                ui.end_row();
            }
        });
        if !any {
            ui.label("Nothing in the library has all of these words.");
        }
    });
    chosen
}

#[cfg(test)]
mod test {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_library_can_be_read_and_each_prompt_understood() {
        assert!(all().len() >= 120, "{}", all().len());
        for entry in all() {
            let understood = inlay_music::Prompt::parse(&entry.prompt);
            assert!(understood.is_ok(), "{}: {understood:?}", entry.prompt);
            assert!(!entry.instrument.is_empty() && !entry.genre.is_empty());
        }
        let different: HashSet<_> = all().iter().map(|e| &e.prompt).collect();
        assert_eq!(different.len(), all().len());
    }

    #[test]
    fn a_search_finds_what_has_all_its_words() {
        assert!(found("DRUMS techno").count() >= 2);
        assert!(found("drums techno").all(|e| format!("{e:?}").to_lowercase().contains("techno")));
        assert_eq!(found("bagpipe orchestra").count(), 0);
    }
}
