//! Words of a prompt with the punctuation around them.

use std::ops::Range;

const OPENING: [char; 8] = ['(', '[', '{', '"', '\'', '“', '‘', '„'];
const CLOSING: [char; 13] = [',', '.', ';', ':', '!', '?', ')', ']', '}', '"', '\'', '”', '’'];

/// Words that only part phrases: "piano - C minor".
const DASHES: [&str; 5] = ["-", "–", "—", "•", "*"];

/// One word: `(lo-fi,` is "(", "lo-fi" and ",". The core is never empty in [`Words`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    lead: String,
    pub(super) core: String,
    trail: String,
}

impl Word {
    pub(super) fn new(text: &str) -> Self {
        let rest = text.trim_start_matches(OPENING);
        let core = rest.trim_end_matches(CLOSING);
        let part = |text: &str| String::from(text);
        Self { lead: part(&text[..text.len() - rest.len()]), core: part(core), trail: part(&rest[core.len()..]) }
    }

    /// Whether the phrase goes on behind this word: quotes don't part ("drum 'n' bass").
    pub(super) fn joins(&self) -> bool {
        self.trail.chars().all(is_quote)
    }

    /// Whether the word can follow another in one phrase.
    fn follows(&self) -> bool {
        self.lead.chars().all(is_quote)
    }

    /// Whether the word is `word`, in capitals or not.
    pub(super) fn is(&self, word: &str) -> bool {
        self.core.eq_ignore_ascii_case(word)
    }

    /// With its brackets, without what ends a phrase: a chord such as `C7(b9)`.
    pub(super) fn bracketed(&self) -> String {
        let whole = self.whole();
        whole.trim_end_matches([',', '.', ';', ':', '!', '?']).into()
    }

    fn whole(&self) -> String {
        format!("{}{}{}", self.lead, self.core, self.trail)
    }
}

fn is_quote(c: char) -> bool {
    ['"', '\'', '“', '”'].contains(&c)
}

/// A prompt, word by word.
#[derive(Debug, Clone)]
pub(super) struct Words(pub(super) Vec<Word>);

impl Words {
    /// At white space, around bar lines, and behind commas that aren't decimal. Apostrophes are made straight;
    /// what has no word of its own only ends the phrase before it.
    pub(super) fn split(text: &str) -> Self {
        let plain = |c: char| match c {
            c if c.is_control() => ' ',
            '’' | '‘' => '\'',
            c => c,
        };
        let chars: Vec<char> = text.chars().map(plain).collect();
        let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
        let mut spaced = String::with_capacity(text.len());
        for (i, &c) in chars.iter().enumerate() {
            match c {
                '|' => spaced.push_str(" | "),
                ',' if i > 0 && digit(i - 1) && digit(i + 1) => spaced.push(c),
                ',' | ';' => spaced.extend([c, ' ']),
                _ => spaced.push(c),
            }
        }
        let mut words = Self(Vec::new());
        for text in spaced.split_whitespace() {
            match Word::new(text) {
                word if word.core.is_empty() => words.part(&word.trail),
                word if DASHES.contains(&word.core.as_str()) => words.part(","),
                word => words.0.push(word),
            }
        }
        words
    }

    /// Ends the phrase of the last word with `trail`, unless it is ended.
    fn part(&mut self, trail: &str) {
        if let Some(last) = self.0.last_mut().filter(|last| last.trail.is_empty()) {
            last.trail = trail.into();
        }
    }

    /// Takes the words of `range` out and puts `instead` there. A comma behind them passes to the word before.
    pub(super) fn replace(&mut self, range: Range<usize>, instead: &str) {
        let trail = range.clone().next_back().map(|last| self.0[last].trail.clone()).unwrap_or_default();
        let lead = self.0.get(range.start).map(|first| first.lead.clone()).unwrap_or_default();
        let start = range.start;
        let new: Vec<Word> = instead.split_whitespace().map(Word::new).collect();
        let count = new.len();
        self.0.splice(range, new);
        if count > 0 {
            self.0[start].lead = lead;
            self.0[start + count - 1].trail = trail;
        } else if let Some(before) = start.checked_sub(1).and_then(|before| self.0.get_mut(before))
            && before.trail.is_empty()
        {
            before.trail = trail.chars().filter(|c| ",.;:!?".contains(*c)).collect();
        }
    }

    /// Puts words behind the last.
    pub(super) fn append(&mut self, words: &str) {
        if let Some(last) = self.0.last_mut() {
            last.trail.retain(|c| !",.;:".contains(c));
        }
        self.0.extend(words.split_whitespace().map(Word::new));
    }

    /// Whether `phrase` stands at word `at`, with nothing that parts it.
    pub(super) fn stands(&self, at: usize, phrase: &[&str]) -> bool {
        let Some(words) = self.0.get(at..).and_then(|rest| rest.get(..phrase.len())) else { return false };
        let inner = &words[..words.len().saturating_sub(1)];
        words.iter().zip(phrase).all(|(word, p)| word.is(p)) && inner.iter().all(Word::joins) && words.iter().skip(1).all(Word::follows)
    }

    /// The word before `at`, if it belongs to the same phrase.
    pub(super) fn before(&self, at: usize) -> Option<&Word> {
        let follows = self.0.get(at).is_none_or(Word::follows);
        self.0.get(at.checked_sub(1)?).filter(|word| follows && word.joins())
    }

    /// The word behind `at`, if it belongs to the same phrase.
    pub(super) fn behind(&self, at: usize) -> Option<&Word> {
        let joins = self.0.get(at).is_some_and(Word::joins);
        self.0.get(at + 1).filter(|word| joins && word.follows())
    }

    pub(super) fn lower(&mut self) {
        for word in &mut self.0 {
            word.core = word.core.to_lowercase();
        }
    }

    /// One space between words; what parts phrases isn't left at the ends.
    pub(super) fn text(&self) -> String {
        let words: Vec<String> = self.0.iter().map(Word::whole).collect();
        let parts = |c: char| c.is_whitespace() || ",.;:|".contains(c);
        words.join(" ").trim_matches(parts).into()
    }
}
