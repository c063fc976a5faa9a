//! Windows on a real X server, inside the window of a host: typed into, dragged over, dropped on, closed and opened again.
//!
//! The tests need `Xvfb` with Mesa's software OpenGL and start it themselves. They run where `INLAY_X11=1` asks for them.

#![cfg(target_os = "linux")]

mod x11 {
    pub mod desk;
    pub mod host;
    pub mod own;
    pub mod show;
}

use std::collections::HashSet;
use std::env;
use std::io::Read as _;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use inlay_window::egui;
use nice_plug_core::editor::{EditorHandle as _, Modifiers, VirtualKeyCode};
use x11::desk::{Desk, button, key};
use x11::host::Host;
use x11::own;

/// Runs all the others, each in a process of its own, on a server that lives as long as this.
#[test]
fn windows_behave_on_an_x_server() {
    let Some(mut server) = Server::start() else { return };
    let tests = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--test-threads=1"])
        .env("DISPLAY", &server.display)
        .env_remove("WAYLAND_DISPLAY")
        // What the allocator keeps for threads that are gone would hide what is really left behind.
        .env("MALLOC_ARENA_MAX", "1")
        .status();
    // Drivers that aren't there.
    let blind = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "without_opengl_the_editor_stays_closed_and_says_why"])
        .env("DISPLAY", &server.display)
        .env("INLAY_BLIND", "1")
        .envs([("LIBGL_DRIVERS_PATH", "/none"), ("__EGL_VENDOR_LIBRARY_DIRS", "/none"), ("__GLX_VENDOR_LIBRARY_NAME", "none")])
        .status();
    // Folders that describe no keyboard.
    let bare = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_german_keyboard_writes_umlauts_and_accents"])
        .env("DISPLAY", &server.display)
        .envs(["XKB_CONFIG_ROOT", "XKB_CONFIG_EXTRA_PATH", "XDG_CONFIG_HOME", "HOME"].map(|folder| (folder, "/none")))
        .status();
    server.process.kill().unwrap();
    server.process.wait().unwrap();
    assert!(tests.unwrap().success() && blind.unwrap().success() && bare.unwrap().success());
}

struct Server {
    process: Child,
    display: String,
}

impl Server {
    fn start() -> Option<Self> {
        if env::var_os("INLAY_X11").is_none() {
            println!("left out: INLAY_X11=1 tries windows on an X server");
            return None;
        }
        // Without a client it would start anew, and refuse who connects meanwhile.
        let arguments = ["-displayfd", "1", "-screen", "0", "2048x1400x24", "-nolisten", "tcp", "-noreset"];
        let started = Command::new("Xvfb").args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut process = match started {
            Ok(process) => process,
            Err(error) => {
                assert!(env::var_os("INLAY_X11").is_none(), "Xvfb can't be started: {error}");
                println!("left out: Xvfb can't be started ({error})");
                return None;
            }
        };
        // The server says its number once it is ready.
        let (mut number, mut byte) = (String::new(), [0]);
        let said = process.stdout.as_mut().unwrap();
        while said.read(&mut byte).unwrap() == 1 && byte[0] != b'\n' {
            number.push(char::from(byte[0]));
        }
        assert!(!number.is_empty(), "Xvfb ended");
        Some(Self { process, display: format!(":{number}") })
    }
}

#[test]
#[ignore = "needs a display"]
fn a_focused_field_takes_what_is_typed_and_then_gives_the_keyboard_back() {
    let (desk, host) = (Desk::new(), Host::new());
    let opened = host.open(&desk);
    desk.focus(opened.parent);

    // Nothing has the focus: the key under the pointer is the host's.
    desk.point(&opened, 10.0, 300.0);
    desk.press(key::SPACE);
    desk.wait("the host to hear the space", || desk.heard(opened.parent) == [key::SPACE]);

    opened.enter_field(&desk);
    desk.press_all(&[key::A, key::SPACE, key::B]);
    opened.wait(&desk, "the text", |show| show.text == "a b");
    assert_eq!(desk.heard(opened.parent), [0; 0]);

    desk.press(key::ESCAPE);
    desk.wait("the keyboard to come back", || desk.focused() == opened.parent);
    desk.press(key::SPACE);
    desk.wait("the host to hear the space", || desk.heard(opened.parent).contains(&key::SPACE));
    assert_eq!(opened.show().text, "a b");
}

#[test]
#[ignore = "needs a display"]
fn tab_goes_on_from_a_field_wherever_the_pointer_is() {
    let (desk, host) = (Desk::new(), Host::new());
    let opened = host.open(&desk);
    opened.enter_field(&desk);
    desk.press(key::A);
    opened.wait(&desk, "the text", |show| show.text == "a");
    // Outside of the window: keys come only to who has the keyboard.
    desk.point(&opened, 1000.0, 700.0);
    desk.press(key::TAB);
    opened.wait(&desk, "the button to have the keyboard", |show| show.on_button);
    desk.press(key::RETURN);
    opened.wait(&desk, "the button to be pressed", |show| show.pressed == 1);
    assert_ne!(desk.focused(), opened.parent);
    desk.press(key::SPACE);
    desk.wait("the host to hear the space", || desk.heard(opened.parent) == [key::SPACE]);
    desk.press(key::ESCAPE);
    desk.wait("the keyboard to come back", || desk.focused() == opened.parent);
    assert_eq!((opened.show().text.as_str(), opened.show().pressed), ("a", 1));
}

#[test]
#[ignore = "needs a display"]
fn text_is_cut_pasted_and_undone() {
    let (desk, host) = (Desk::new(), Host::new());
    let opened = host.open(&desk);
    opened.enter_field(&desk);
    desk.press_all(&[key::A, key::B]);
    opened.wait(&desk, "the text", |show| show.text == "ab");
    desk.chord(key::CONTROL, key::A);
    desk.chord(key::CONTROL, key::X);
    opened.wait(&desk, "the cut", |show| show.text.is_empty());
    desk.chord(key::CONTROL, key::V);
    desk.chord(key::CONTROL, key::V);
    opened.wait(&desk, "two copies", |show| show.text == "abab");
    desk.chord(key::CONTROL, key::Z);
    opened.wait(&desk, "the undo", |show| show.text != "abab");
}

#[test]
#[ignore = "needs a display"]
fn a_german_keyboard_writes_umlauts_and_accents() {
    let set = |layout: &str| Command::new("setxkbmap").arg(layout).status().is_ok_and(|status| status.success());
    let (desk, host) = (Desk::new(), Host::new());
    // The server takes over the layout of a keyboard when it is first used.
    desk.press(key::CONTROL);
    if !set("de") {
        assert!(env::var_os("INLAY_X11").is_none(), "setxkbmap doesn't work");
        return;
    }
    let opened = host.open(&desk);
    opened.enter_field(&desk);
    // ü, a dead acute before e, the key beside the left shift.
    desk.press_all(&[34, 21, 26, 94]);
    opened.wait(&desk, "the text", |show| show.text == "üé<");
    assert!(set("us"));
}

#[test]
#[ignore = "needs a display"]
fn keys_that_the_host_passes_on_are_typed_once() {
    let (desk, host) = (Desk::new(), Host::new());
    let opened = host.open(&desk);
    let pass = |code| {
        let handle = &opened.spawned.as_ref().unwrap().handle;
        let taken = handle.on_virtual_key_from_host(code, true, Modifiers::empty());
        (taken, handle.on_virtual_key_from_host(code, false, Modifiers::empty()))
    };
    assert_eq!(pass(VirtualKeyCode::Space), (false, false));

    opened.enter_field(&desk);
    desk.press(key::A);
    opened.wait(&desk, "the text", |show| show.text == "a");
    assert_eq!(pass(VirtualKeyCode::Space), (true, true));
    opened.wait(&desk, "the space", |show| show.text == "a ");
    assert_eq!(pass(VirtualKeyCode::Backspace), (true, true));
    opened.wait(&desk, "the correction", |show| show.text == "a");
    assert_eq!(pass(VirtualKeyCode::Escape), (true, true));
    desk.wait("the keyboard to come back", || desk.focused() == opened.parent);
    assert_eq!(pass(VirtualKeyCode::Space), (false, false));
    assert_eq!(opened.show().text, "a");
}

#[test]
#[ignore = "needs a display"]
fn nothing_is_drawn_that_has_not_changed() {
    let (desk, host) = (Desk::new(), Host::new());
    let opened = host.open(&desk);
    desk.point(&opened, 10.0, 300.0);
    let frames = opened.settled(&desk);
    let cpu = opened.show().cpu();
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(opened.show().frames, frames, "frames were drawn although nothing changed");
    println!("idle for 2 s: {:?} of CPU in the window's thread", opened.show().cpu() - cpu);

    opened.with(|show| show.stale = true);
    opened.wait(&desk, "a frame for what changed", |show| show.frames > frames);
    let frames = opened.settled(&desk);
    opened.spawned.as_ref().unwrap().handle.param_value_changed("tempo", 0.5);
    opened.wait(&desk, "a frame for a parameter", |show| show.frames > frames);
}

#[test]
#[ignore = "needs a display"]
fn the_plugin_s_own_interface_opens_in_50_ms_and_then_rests() {
    let (desk, host) = (Desk::new(), Host::showing(Some(own::interface)));
    let open = || {
        let opened = host.open(&desk);
        opened.wait(&desk, "the picture", |show| !show.opening.is_zero());
        opened.show().opening
    };
    let mut openings: Vec<_> = (0..7).map(|_| open()).collect();
    openings.sort();
    println!("own CPU of an opening: {openings:?}");
    assert!(openings[openings.len() / 2] <= Duration::from_millis(50), "{openings:?}");

    let opened = host.open(&desk);
    desk.point(&opened, 10.0, 300.0);
    let frames = opened.settled(&desk);
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(opened.show().frames, frames, "frames were drawn although nothing changed");
}

#[test]
#[ignore = "needs a display"]
fn the_host_resizes_and_scales_the_window() {
    let (desk, host) = (Desk::new(), Host::new());
    let opened = host.open(&desk);
    opened.wait(&desk, "the first size", |show| show.size == egui::vec2(900.0, 560.0));
    opened.resize(1200, 700);
    opened.wait(&desk, "the host's size", |show| show.size == egui::vec2(1200.0, 700.0));
    assert_eq!(host.state.size(), egui::vec2(1200.0, 700.0));
    // The least size is 640 × 400.
    assert_eq!(opened.adjusted(100, 2000), (640, 2000));

    opened.scale(2.0);
    opened.wait(&desk, "twice as many pixels", |show| show.scale == 2.0 && show.size == egui::vec2(1200.0, 700.0));
    assert_eq!(host.state.size(), egui::vec2(1200.0, 700.0));
    assert_eq!(host.size(), (2400, 1400));
    drop(opened);

    // A host that knows the scale says so at once.
    let opened = host.open_scaled(&desk, Some(1.5));
    opened.wait(&desk, "the size that was left", |show| show.scale == 1.5 && show.size == egui::vec2(1200.0, 700.0));
    desk.wait("the host to be asked for it", || host.asked() == Some((1800, 1050)));
}

#[test]
#[ignore = "needs a display"]
fn a_file_is_dragged_out_of_one_window_and_dropped_on_another() {
    let (desk, from, to) = (Desk::new(), Host::new(), Host::new());
    let source = from.open(&desk);
    let target = to.open_at(&desk, 950);
    let file = tempfile::Builder::new().prefix("ein Stück, 90 %").suffix(".wav").tempfile().unwrap();
    source.with(|show| show.file = Some(file.path().to_owned()));

    desk.point(&source, 100.0, 200.0);
    desk.hold(button::LEFT);
    desk.point(&source, 150.0, 220.0);
    source.wait(&desk, "the drag", |show| show.dragging);
    for step in 0..20 {
        desk.point(&target, 100.0 + step as f32, 300.0);
        std::thread::sleep(Duration::from_millis(20));
    }
    target.wait(&desk, "the file over the window", |show| show.hovered.as_deref() == Some(file.path()));
    desk.release(button::LEFT);
    target.wait(&desk, "the file", |show| show.dropped.as_deref() == Some(file.path()));
    assert_eq!(target.show().dropped_at, egui::pos2(119.0, 300.0));
    source.wait(&desk, "the end of the drag", |show| !show.dragging);

    // Let go where nothing takes it, the drag just ends.
    desk.point(&source, 100.0, 200.0);
    desk.hold(button::LEFT);
    desk.point(&source, 150.0, 220.0);
    source.wait(&desk, "the drag", |show| show.dragging);
    desk.point(&source, 300.0, 900.0);
    desk.release(button::LEFT);
    source.wait(&desk, "the end of the drag", |show| !show.dragging);
}

#[test]
#[ignore = "needs a display"]
fn a_panic_of_the_interface_ends_neither_the_window_nor_the_host() {
    let (desk, host) = (Desk::new(), Host::new());
    let opened = host.open(&desk);
    let frames = opened.settled(&desk);
    let before = desk.picture(&opened);
    opened.with(|show| (show.panic, show.stale) = (true, true));
    desk.wait("another picture", || desk.picture(&opened) != before);
    assert!(opened.spawned.as_ref().unwrap().window.is_open());
    assert_eq!(opened.show().frames, frames);
    drop(opened);

    // The next opening starts anew.
    host.forgive();
    let opened = host.open(&desk);
    assert!(opened.show().frames > frames);
}

#[test]
#[ignore = "needs a display"]
fn without_opengl_the_editor_stays_closed_and_says_why() {
    // The others of this process need what this one must not have.
    if env::var_os("INLAY_BLIND").is_none() {
        return;
    }
    let (desk, host) = (Desk::new(), Host::new());
    let refusal = host.refusal(&desk);
    assert!(refusal.contains("OpenGL 3.2"), "{refusal}");
}

#[test]
#[ignore = "needs a display"]
fn opening_and_closing_leaves_nothing_behind() {
    let (desk, host) = (Desk::new(), Host::new());
    let cycle = || {
        let opened = host.open(&desk);
        opened.wait(&desk, "the picture", |show| !show.opening.is_zero());
        opened.show().opening
    };
    println!("first opening: own CPU {:?}", cycle());
    // The first ones load libraries and fill caches.
    let mut openings: Vec<_> = (0..10).map(|_| cycle()).collect();
    let cycles = env::var("INLAY_CYCLES").map_or(50, |cycles| cycles.parse().unwrap());
    let mut round = || {
        let before = Held::now();
        let started = Instant::now();
        openings.extend((0..cycles).map(|_| cycle()));
        let took = started.elapsed();
        desk.wait("threads and files to go", || {
            let now = Held::now();
            now.files.is_subset(&before.files) && now.threads <= before.threads
        });
        let grown = Held::now().memory.saturating_sub(before.memory) / 1024;
        openings.sort();
        let (least, middle) = (openings[0], openings[openings.len() / 2]);
        println!("{cycles} openings in {took:?}: own CPU {least:?} at least, {middle:?} in the middle; {grown} KiB more memory");
        grown
    };
    // The allocator may keep some MiB, but not every time; what an opening leaves behind, each of them does.
    let most = 256 + cycles / 2;
    assert!((0..3).any(|_| round() < most), "{cycles} openings left more than {most} KiB behind, three times");
}

/// What the process holds.
struct Held {
    files: HashSet<String>,
    threads: usize,
    memory: u64,
}

impl Held {
    fn now() -> Self {
        let list = |folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        let pages: u64 = statm.split(' ').nth(1).unwrap().parse().unwrap();
        // One entry of the list is the list.
        Self { files: list("/proc/self/fd").collect(), threads: list("/proc/self/task").count(), memory: pages * 4096 }
    }
}
