//! What the keys write, as the server knows it.

use keyboard_types::{Code, Key, KeyState, KeyboardEvent, Modifiers, NamedKey};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, GetKeyboardMappingReply};

use super::keycode;
use super::server::Server;

pub(super) struct Layout {
    first: u8,
    mapping: GetKeyboardMappingReply,
}

/// Whether the key may write something else than the windowing library says.
pub(super) fn matters(event: &KeyboardEvent) -> bool {
    event.modifiers.contains(Modifiers::CONTROL)
        || event.code == Code::IntlBackslash
        || matches!(&event.key, Key::Character(text) if text.is_empty())
}

impl Layout {
    pub(super) fn read(server: &Server) -> Option<Self> {
        let setup = server.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = server.connection.get_keyboard_mapping(first, last - first + 1).ok()?.reply().ok()?;
        Some(Self { first, mapping })
    }

    pub(super) fn translate(&self, event: &KeyboardEvent, dead: &mut Option<char>) -> KeyboardEvent {
        let mut event = event.clone();
        if event.state == KeyState::Up {
            return event;
        }
        let text = match &event.key {
            Key::Character(text) => text,
            // Shift and the like belong to the letter that comes; anything else gives the accent up.
            Key::Named(name) => {
                *dead = dead.filter(|_| matches!(name, NamedKey::Shift | NamedKey::Alt | NamedKey::AltGraph | NamedKey::CapsLock));
                return event;
            }
        };
        let symbol = self.symbol(event.code, event.modifiers.contains(Modifiers::SHIFT));
        let replaced = if let Some(accent) = symbol.and_then(accent).filter(|_| text.is_empty()) {
            // Twice the same accent, or one after another, writes the first.
            dead.replace(accent).map(String::from)
        } else if let Some(accent) = dead.take() {
            Some(compose(accent, text))
        } else if event.modifiers.contains(Modifiers::CONTROL) || event.code == Code::IntlBackslash {
            symbol.and_then(latin).map(String::from)
        } else {
            None
        };
        if let Some(text) = replaced {
            event.key = Key::Character(text);
        }
        event
    }

    /// The symbol of a key's first group.
    fn symbol(&self, code: Code, shift: bool) -> Option<u32> {
        let width = usize::from(self.mapping.keysyms_per_keycode);
        let row = usize::from(keycode::of(code)?.checked_sub(self.first)?) * width;
        let symbols = self.mapping.keysyms.get(row..row + width)?;
        symbols.get(usize::from(shift)).copied().filter(|symbol| *symbol != 0).or_else(|| symbols.first().copied())
    }
}

/// Symbols up to 255 are Latin-1 by definition.
fn latin(symbol: u32) -> Option<char> {
    u8::try_from(symbol).ok().map(char::from).filter(|character| !character.is_control())
}

/// The accent of a dead key.
fn accent(symbol: u32) -> Option<char> {
    Some(match symbol {
        0xfe50 => '`',
        0xfe51 => '´',
        0xfe52 => '^',
        0xfe53 => '~',
        0xfe57 => '¨',
        0xfe58 => '°',
        0xfe5a => 'ˇ',
        0xfe5b => '¸',
        _ => return None,
    })
}

/// A letter under an accent, or both after each other if there is no such letter. Space after an accent is the accent itself.
fn compose(accent: char, text: &str) -> String {
    if text == " " {
        return accent.to_string();
    }
    let composed = LETTERS.iter().find(|(mark, _)| *mark == accent).and_then(|(_, pairs)| {
        let mut pairs = pairs.split(' ').map(|pair| pair.split_at(1));
        pairs.find(|(letter, _)| *letter == text).map(|(_, composed)| composed.to_owned())
    });
    composed.unwrap_or_else(|| format!("{accent}{text}"))
}

/// Each letter and what it becomes.
const LETTERS: &[(char, &str)] = &[
    ('`', "aà eè iì oò uù nǹ AÀ EÈ IÌ OÒ UÙ NǸ"),
    ('´', "aá eé ií oó uú yý cć lĺ nń rŕ sś zź AÁ EÉ IÍ OÓ UÚ YÝ CĆ LĹ NŃ RŔ SŚ ZŹ"),
    ('^', "aâ eê iî oô uû cĉ gĝ hĥ jĵ sŝ wŵ yŷ AÂ EÊ IÎ OÔ UÛ CĈ GĜ HĤ JĴ SŜ WŴ YŶ"),
    ('~', "aã nñ oõ iĩ uũ AÃ NÑ OÕ IĨ UŨ"),
    ('¨', "aä eë iï oö uü yÿ AÄ EË IÏ OÖ UÜ YŸ"),
    ('°', "aå uů AÅ UŮ"),
    ('ˇ', "cč dď eě nň rř sš tť zž CČ DĎ EĚ NŇ RŘ SŠ TŤ ZŽ"),
    ('¸', "cç sş tţ CÇ SŞ TŢ"),
];

#[cfg(test)]
mod test;
