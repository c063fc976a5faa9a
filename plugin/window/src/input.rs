//! What comes in from the window and the host, gathered for the next frame.

pub(crate) mod capture;
mod doubles;
mod files;
mod key;
pub(crate) mod virtual_key;

use std::collections::HashSet;
use std::path::PathBuf;
use std::time::Instant;

use baseview::{MouseEvent, ScrollDelta, WindowSize};
use egui::{Event, Modifiers, Pos2, RawInput};
use keyboard_types::{Code, Key as Typed, KeyState, KeyboardEvent, NamedKey};

use crate::clipboard::Clipboard;
use crate::scaling;
use crate::shared::HostKey;
use capture::{Claims, Focus};
use doubles::{Doubles, Way};
use key::ClipboardKey;

pub(crate) struct Input {
    events: Vec<Event>,
    pos: Pos2,
    modifiers: Modifiers,
    /// Mouse buttons that are down. While one is, the pointer belongs to the window wherever it is.
    buttons: usize,
    hovered: Vec<PathBuf>,
    dropped: Vec<PathBuf>,
    focused: bool,
    /// Keys that were taken when they went down.
    held: HashSet<Code>,
    doubles: Doubles,
    pub(crate) clipboard: Clipboard,
    start: Instant,
}

impl Input {
    pub(crate) fn new(start: Instant) -> Self {
        Self {
            events: Vec::new(),
            pos: Pos2::ZERO,
            modifiers: Modifiers::NONE,
            buttons: 0,
            hovered: Vec::new(),
            dropped: Vec::new(),
            // Hosts don't always tell a window that was opened with the focus.
            focused: true,
            held: HashSet::new(),
            doubles: Doubles::default(),
            clipboard: Clipboard::default(),
            start,
        }
    }

    /// Takes a key of the window if it is wanted here, and says whether it was.
    pub(crate) fn key(&mut self, event: &KeyboardEvent, focus: Focus, claims: Claims, now: Instant) -> bool {
        let down = event.state == KeyState::Down;
        self.hold(modifiers_after(event, down));
        let key = key::meaning(event);
        let taken = if down {
            let wanted = capture::wanted(focus, key, key::text(event).is_some(), key::modifiers(event.modifiers), claims);
            if wanted {
                self.held.insert(event.code);
            }
            wanted
        } else {
            self.held.remove(&event.code)
        };
        if !taken || key.is_some_and(|key| self.doubles.is_double(Way::Window, key, down, now)) {
            return taken;
        }
        match key.filter(|_| down).and_then(|key| key::clipboard(key, self.modifiers)) {
            Some(ClipboardKey::Copy) => self.events.push(Event::Copy),
            Some(ClipboardKey::Cut) => self.events.push(Event::Cut),
            Some(ClipboardKey::Paste) => {
                let text = self.clipboard.paste().map(|text| text.replace("\r\n", "\n"));
                self.events.extend(text.filter(|text| !text.is_empty()).map(Event::Paste));
            }
            None => self.events.extend(key::events(event)),
        }
        true
    }

    /// Takes a key that the host passed on.
    pub(crate) fn host_key(&mut self, key: HostKey, now: Instant) {
        let Some(meaning) = virtual_key::meaning(key.code) else { return };
        if !self.doubles.is_double(Way::Host, meaning, key.down, now) {
            self.hold(virtual_key::modifiers(key.modifiers));
            self.events.extend(virtual_key::events(key));
        }
    }

    /// Takes what the mouse does.
    pub(crate) fn mouse(&mut self, event: &MouseEvent, scale: f64) {
        match event {
            MouseEvent::CursorMoved { position, modifiers } => {
                self.hold(key::modifiers(*modifiers));
                self.point(scaling::pos(*position, scale));
            }
            MouseEvent::ButtonPressed { button, modifiers } => self.press(*button, true, *modifiers),
            MouseEvent::ButtonReleased { button, modifiers } => self.press(*button, false, *modifiers),
            MouseEvent::WheelScrolled { delta, modifiers } => self.scroll(*delta, scale, *modifiers),
            MouseEvent::CursorLeft if self.buttons == 0 => self.events.push(Event::PointerGone),
            MouseEvent::DragEntered { position, data, .. } | MouseEvent::DragMoved { position, data, .. } => {
                self.hovered = files::of(data);
                self.point(scaling::pos(*position, scale));
            }
            MouseEvent::DragLeft => {
                self.hovered.clear();
                self.events.push(Event::PointerGone);
            }
            MouseEvent::DragDropped { position, data, .. } => {
                self.hovered.clear();
                self.dropped = files::of(data);
                self.point(scaling::pos(*position, scale));
            }
            _ => {}
        }
    }

    /// The window got or lost the keyboard.
    pub(crate) fn focus(&mut self, focused: bool) {
        self.focused = focused;
        self.events.push(Event::WindowFocused(focused));
        if !focused {
            // Their releases go elsewhere now.
            self.held.clear();
            self.hold(Modifiers::NONE);
        }
    }

    /// Whether a mouse button went down since the last frame.
    pub(crate) fn pressed(&self) -> bool {
        self.events.iter().any(|event| matches!(event, Event::PointerButton { pressed: true, .. }))
    }

    /// Everything since the last frame.
    pub(crate) fn take(&mut self, size: WindowSize, max_texture_side: usize, now: Instant) -> RawInput {
        let mut raw = RawInput {
            screen_rect: Some(scaling::screen(size)),
            max_texture_side: Some(max_texture_side),
            time: Some(now.saturating_duration_since(self.start).as_secs_f64()),
            events: std::mem::take(&mut self.events),
            hovered_files: files::hovered(&self.hovered),
            dropped_files: files::dropped(std::mem::take(&mut self.dropped)),
            focused: self.focused,
            ..RawInput::default()
        };
        if let Some(viewport) = raw.viewports.get_mut(&raw.viewport_id) {
            viewport.native_pixels_per_point = Some(size.scale_factor as f32);
            viewport.focused = Some(self.focused);
        }
        raw
    }

    fn point(&mut self, pos: Pos2) {
        self.pos = pos;
        self.events.push(Event::PointerMoved(pos));
    }

    fn press(&mut self, button: baseview::MouseButton, pressed: bool, held: keyboard_types::Modifiers) {
        self.hold(key::modifiers(held));
        self.buttons = if pressed { self.buttons + 1 } else { self.buttons.saturating_sub(1) };
        let Some(button) = key::button(button) else { return };
        self.events.push(Event::PointerButton { pos: self.pos, button, pressed, modifiers: self.modifiers });
    }

    fn scroll(&mut self, delta: ScrollDelta, scale: f64, held: keyboard_types::Modifiers) {
        self.hold(key::modifiers(held));
        self.events.push(key::wheel(delta, scale, self.modifiers));
    }

    fn hold(&mut self, modifiers: Modifiers) {
        if modifiers != self.modifiers {
            self.modifiers = modifiers;
            self.events.push(Event::ModifiersChanged(modifiers));
        }
    }
}

/// The modifiers once the event is over: some systems report those from before it.
fn modifiers_after(event: &KeyboardEvent, down: bool) -> Modifiers {
    let mut held = event.modifiers;
    let modifier = match event.key {
        Typed::Named(NamedKey::Shift) => keyboard_types::Modifiers::SHIFT,
        Typed::Named(NamedKey::Control) => keyboard_types::Modifiers::CONTROL,
        Typed::Named(NamedKey::Alt) => keyboard_types::Modifiers::ALT,
        Typed::Named(NamedKey::Meta) => keyboard_types::Modifiers::META,
        _ => keyboard_types::Modifiers::empty(),
    };
    held.set(modifier, down);
    key::modifiers(held)
}

#[cfg(test)]
mod test;
