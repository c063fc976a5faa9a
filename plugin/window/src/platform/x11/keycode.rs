//! X11's numbers of keys: the kernel's, plus eight.

use keyboard_types::Code;

/// The number of a key, for those that a host may want.
pub(super) fn of(code: Code) -> Option<u8> {
    KEYS.iter().find(|(_, key)| *key == code).map(|(number, _)| *number)
}

const KEYS: &[(u8, Code)] = &[
    (9, Code::Escape),
    (10, Code::Digit1),
    (11, Code::Digit2),
    (12, Code::Digit3),
    (13, Code::Digit4),
    (14, Code::Digit5),
    (15, Code::Digit6),
    (16, Code::Digit7),
    (17, Code::Digit8),
    (18, Code::Digit9),
    (19, Code::Digit0),
    (20, Code::Minus),
    (21, Code::Equal),
    (22, Code::Backspace),
    (23, Code::Tab),
    (24, Code::KeyQ),
    (25, Code::KeyW),
    (26, Code::KeyE),
    (27, Code::KeyR),
    (28, Code::KeyT),
    (29, Code::KeyY),
    (30, Code::KeyU),
    (31, Code::KeyI),
    (32, Code::KeyO),
    (33, Code::KeyP),
    (34, Code::BracketLeft),
    (35, Code::BracketRight),
    (36, Code::Enter),
    (37, Code::ControlLeft),
    (38, Code::KeyA),
    (39, Code::KeyS),
    (40, Code::KeyD),
    (41, Code::KeyF),
    (42, Code::KeyG),
    (43, Code::KeyH),
    (44, Code::KeyJ),
    (45, Code::KeyK),
    (46, Code::KeyL),
    (47, Code::Semicolon),
    (48, Code::Quote),
    (49, Code::Backquote),
    (50, Code::ShiftLeft),
    (51, Code::Backslash),
    (52, Code::KeyZ),
    (53, Code::KeyX),
    (54, Code::KeyC),
    (55, Code::KeyV),
    (56, Code::KeyB),
    (57, Code::KeyN),
    (58, Code::KeyM),
    (59, Code::Comma),
    (60, Code::Period),
    (61, Code::Slash),
    (62, Code::ShiftRight),
    (63, Code::NumpadMultiply),
    (64, Code::AltLeft),
    (65, Code::Space),
    (66, Code::CapsLock),
    (67, Code::F1),
    (68, Code::F2),
    (69, Code::F3),
    (70, Code::F4),
    (71, Code::F5),
    (72, Code::F6),
    (73, Code::F7),
    (74, Code::F8),
    (75, Code::F9),
    (76, Code::F10),
    (77, Code::NumLock),
    (79, Code::Numpad7),
    (80, Code::Numpad8),
    (81, Code::Numpad9),
    (82, Code::NumpadSubtract),
    (83, Code::Numpad4),
    (84, Code::Numpad5),
    (85, Code::Numpad6),
    (86, Code::NumpadAdd),
    (87, Code::Numpad1),
    (88, Code::Numpad2),
    (89, Code::Numpad3),
    (90, Code::Numpad0),
    (91, Code::NumpadDecimal),
    (94, Code::IntlBackslash),
    (95, Code::F11),
    (96, Code::F12),
    (104, Code::NumpadEnter),
    (105, Code::ControlRight),
    (106, Code::NumpadDivide),
    (108, Code::AltRight),
    (110, Code::Home),
    (111, Code::ArrowUp),
    (112, Code::PageUp),
    (113, Code::ArrowLeft),
    (114, Code::ArrowRight),
    (115, Code::End),
    (116, Code::ArrowDown),
    (117, Code::PageDown),
    (118, Code::Insert),
    (119, Code::Delete),
    (127, Code::Pause),
    (133, Code::MetaLeft),
    (134, Code::MetaRight),
    (135, Code::ContextMenu),
    (171, Code::MediaTrackNext),
    (172, Code::MediaPlayPause),
    (173, Code::MediaTrackPrevious),
    (174, Code::MediaStop),
];

#[cfg(test)]
mod test {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_key_is_listed_twice() {
        let numbers: HashSet<_> = KEYS.iter().map(|(number, _)| number).collect();
        let codes: HashSet<_> = KEYS.iter().map(|(_, code)| code).collect();
        assert_eq!((numbers.len(), codes.len()), (KEYS.len(), KEYS.len()));
    }

    #[test]
    fn space_starts_the_transport_by_its_number() {
        assert_eq!(of(Code::Space), Some(65));
        assert_eq!(of(Code::Unidentified), None);
    }
}
