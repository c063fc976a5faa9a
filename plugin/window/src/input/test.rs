use super::*;
use baseview::dpi::{PhysicalPosition, PhysicalSize};
use baseview::{DropData, MouseButton};
use egui::Key;
use keyboard_types::{Location, Modifiers as Held};
use nice_plug_core::editor::{Modifiers as HostModifiers, VirtualKeyCode};

fn input() -> Input {
    Input::new(Instant::now())
}

fn event(text: &str, code: Code, state: KeyState) -> KeyboardEvent {
    KeyboardEvent {
        state,
        key: Typed::Character(text.into()),
        code,
        location: Location::Standard,
        modifiers: Held::empty(),
        repeat: false,
        is_composing: false,
    }
}

fn unclaimed(_: Key, _: Modifiers) -> bool {
    false
}

fn taken(input: &mut Input) -> RawInput {
    input.take(WindowSize::from_physical(PhysicalSize::new(900, 560), 1.0), 2048, Instant::now())
}

fn typed(input: &mut Input) -> String {
    taken(input).events.iter().filter_map(|event| if let Event::Text(text) = event { Some(text.as_str()) } else { None }).collect()
}

#[test]
fn space_reaches_egui_only_while_a_text_field_has_the_focus() {
    let (mut input, space) = (input(), event(" ", Code::Space, KeyState::Down));
    for focus in [Focus::Nothing, Focus::Control] {
        assert!(!input.key(&space, focus, unclaimed, Instant::now()));
        assert!(taken(&mut input).events.is_empty());
    }
    assert!(input.key(&space, Focus::Text, unclaimed, Instant::now()));
    assert_eq!(typed(&mut input), " ");
}

#[test]
fn a_space_from_the_host_and_from_the_window_is_one_space() {
    let (mut input, now) = (input(), Instant::now());
    input.host_key(HostKey { code: VirtualKeyCode::Space, down: true, modifiers: HostModifiers::empty() }, now);
    assert!(input.key(&event(" ", Code::Space, KeyState::Down), Focus::Text, unclaimed, now));
    assert_eq!(typed(&mut input), " ");
}

#[test]
fn a_release_follows_its_press() {
    let (mut input, now) = (input(), Instant::now());
    assert!(input.key(&event("a", Code::KeyA, KeyState::Down), Focus::Text, unclaimed, now));
    assert!(input.key(&event("a", Code::KeyA, KeyState::Up), Focus::Nothing, unclaimed, now));
    assert!(!input.key(&event("b", Code::KeyB, KeyState::Down), Focus::Nothing, unclaimed, now));
    assert!(!input.key(&event("b", Code::KeyB, KeyState::Up), Focus::Text, unclaimed, now));
}

#[test]
fn shift_counts_from_its_own_press_on() {
    let mut input = input();
    let mut shift = event("", Code::ShiftLeft, KeyState::Down);
    shift.key = Typed::Named(NamedKey::Shift);
    input.key(&shift, Focus::Nothing, unclaimed, Instant::now());
    assert!(input.modifiers.shift);
    // X11 still reports it held while it is released.
    (shift.state, shift.modifiers) = (KeyState::Up, Held::SHIFT);
    input.key(&shift, Focus::Nothing, unclaimed, Instant::now());
    assert!(!input.modifiers.shift);
}

#[test]
fn files_over_the_window_are_shown_until_they_leave_or_drop() {
    let mut input = input();
    let data = DropData::Files(vec!["/music/a b.wav".into()]);
    let (position, modifiers) = (PhysicalPosition::new(300.0, 200.0), Held::empty());
    input.mouse(&MouseEvent::DragEntered { position, modifiers, data: data.clone() }, 2.0);
    let raw = taken(&mut input);
    assert_eq!(raw.hovered_files[0].path.as_deref(), Some(std::path::Path::new("/music/a b.wav")));
    assert!(raw.events.contains(&Event::PointerMoved(egui::pos2(150.0, 100.0))));
    assert_eq!(taken(&mut input).hovered_files.len(), 1);

    input.mouse(&MouseEvent::DragDropped { position, modifiers, data }, 2.0);
    let raw = taken(&mut input);
    assert_eq!((raw.hovered_files.len(), raw.dropped_files.len()), (0, 1));
    assert_eq!(raw.dropped_files[0].path(), std::path::Path::new("/music/a b.wav"));
    assert!(taken(&mut input).dropped_files.is_empty());
}

#[test]
fn a_drag_goes_on_outside_the_window() {
    let mut input = input();
    input.mouse(&MouseEvent::ButtonPressed { button: MouseButton::Left, modifiers: Held::empty() }, 1.0);
    input.mouse(&MouseEvent::CursorLeft, 1.0);
    assert!(!taken(&mut input).events.contains(&Event::PointerGone));
    input.mouse(&MouseEvent::ButtonReleased { button: MouseButton::Left, modifiers: Held::empty() }, 1.0);
    input.mouse(&MouseEvent::CursorLeft, 1.0);
    assert!(taken(&mut input).events.contains(&Event::PointerGone));
}

#[test]
fn the_wheel_with_control_zooms() {
    let context = egui::Context::default();
    let mut input = input();
    for _ in 0..3 {
        let delta = ScrollDelta::Lines { x: 0.0, y: 1.0 };
        let modifiers = if cfg!(target_os = "macos") { Held::META } else { Held::CONTROL };
        input.mouse(&MouseEvent::WheelScrolled { delta, modifiers }, 1.0);
    }
    let mut zoom = 1.0;
    let _ = context.run_ui(taken(&mut input), |ui| zoom = ui.input(|input| input.zoom_delta()));
    assert!(zoom > 1.0, "{zoom}");
}
