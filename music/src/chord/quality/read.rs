//! Reading a quality: triad, extension, sus, changes, in this order.

use super::{CHANGES, Extension, FLAT_FIFTH, Quality, Triad};

/// Other ways to write a row of [`CHANGES`].
const SYNONYMS: [(&str, &str); 8] =
    [("-5", "b5"), ("+5", "#5"), ("-9", "b9"), ("+9", "#9"), ("+11", "#11"), ("-13", "b13"), ("add2", "add9"), ("add4", "add11")];
/// As written and as shown; the longer first where one begins another.
const EXTENSIONS: [(&str, &str); 7] = [("6/9", "69"), ("69", "69"), ("13", "13"), ("11", "11"), ("6", "6"), ("7", "7"), ("9", "9")];
const SEVENTH: &str = "7";

impl Quality {
    /// Reads all of `suffix`, or gives nothing.
    pub(in crate::chord) fn read(suffix: &str) -> Option<Self> {
        let plain = plain(suffix)?;
        if plain == "5" {
            return Some(Self::of(Triad::Power));
        }
        let mut rest = Rest(&plain);
        let half_diminished = rest.eat("ø");
        let (triad, major) = if half_diminished {
            (Triad::Minor, false)
        } else if rest.major() {
            (Triad::Major, true)
        } else {
            (rest.triad(), false)
        };
        let major = major || rest.major();
        let mut extension = rest.extension(major);
        let mut changes = 0;
        if half_diminished {
            extension = extension.or(Some(Extension { name: SEVENTH, major: false }));
            changes = FLAT_FIFTH;
        }
        // "Cm(maj)" and "Cm(maj6)" say nothing.
        if major && triad != Triad::Major && !extension.is_some_and(|e| e.major) {
            return None;
        }
        let triad = match rest.sus() {
            Some(sus) if triad == Triad::Major => sus,
            Some(_) => return None,
            None => triad,
        };
        while let Some(row) = rest.change() {
            changes |= 1 << row;
        }
        // C7+
        if extension.is_some() && rest.eat("+") {
            changes |= super::SHARP_FIFTH;
        }
        rest.0.is_empty().then_some(Self { triad, extension, changes })
    }
}

/// ASCII but for ø, without brackets and commas; nothing where a bracket is open or a letter unknown.
fn plain(suffix: &str) -> Option<String> {
    let mut depth = 0;
    let mut out = String::new();
    let mut chars = suffix.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' | ' ' if depth > 0 => {}
            '♭' => out.push('b'),
            '♯' => out.push('#'),
            '–' | '−' => out.push('-'),
            '°' | 'º' => out.push('o'),
            'Ø' | 'ø' => out.push('ø'),
            'Δ' | '∆' | '△' => {
                let seventh = if chars.peek().is_some_and(char::is_ascii_digit) { "" } else { SEVENTH };
                out.push_str("maj");
                out.push_str(seventh);
            }
            c if c.is_ascii_graphic() => out.push(c),
            _ => return None,
        }
        if depth < 0 {
            return None;
        }
    }
    (depth == 0).then_some(out)
}

/// What hasn't been read yet.
struct Rest<'a>(&'a str);

impl Rest<'_> {
    /// Takes `token` from the front, if it stands there.
    fn eat(&mut self, token: &str) -> bool {
        let rest = self.0.strip_prefix(token);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// The same for words, in capitals or not.
    fn eat_word(&mut self, word: &str) -> bool {
        let here = self.0.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word));
        if here {
            self.0 = &self.0[word.len()..];
        }
        here
    }

    /// Two letters, only before a number or the end: "Cmadd9" doesn't begin with "ma".
    fn eat_short(&mut self, word: &str) -> bool {
        let ends = self.0.as_bytes().get(word.len()).is_none_or(u8::is_ascii_digit);
        ends && self.eat_word(word)
    }

    fn major(&mut self) -> bool {
        let minor = ["MI", "Mi"].iter().any(|word| self.0.starts_with(word));
        self.eat_word("major") || self.eat_word("maj") || self.eat_short("ma") || !minor && self.eat("M")
    }

    fn triad(&mut self) -> Triad {
        if self.eat_word("dim") || self.eat("o") {
            Triad::Diminished
        } else if self.eat_word("aug") || self.eat("+") {
            Triad::Augmented
        } else if self.eat_word("minor") || self.eat_word("min") || self.eat_short("mi") || self.eat("-") || self.eat("m") {
            Triad::Minor
        } else {
            Triad::Major
        }
    }

    fn extension(&mut self, major: bool) -> Option<Extension> {
        let &(_, name) = EXTENSIONS.iter().find(|(written, _)| self.eat(written))?;
        Some(Extension { name, major: major && !name.starts_with('6') })
    }

    fn sus(&mut self) -> Option<Triad> {
        match self.eat_word("sus") {
            true if self.eat("2") => Some(Triad::Sus2),
            true => {
                self.eat("4");
                Some(Triad::Sus4)
            }
            false => None,
        }
    }

    /// The row in [`CHANGES`] of the next change.
    fn change(&mut self) -> Option<usize> {
        let synonym = SYNONYMS.iter().find(|(written, _)| self.eat_word(written)).map(|&(_, shown)| shown);
        match synonym {
            Some(shown) => CHANGES.iter().position(|&c| c == shown),
            None => CHANGES.iter().position(|c| self.eat_word(c)),
        }
    }
}
