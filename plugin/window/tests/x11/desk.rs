//! The X server as the user and the host's toolkit see it: a mouse, a keyboard, windows.

use std::cell::RefCell;
use std::time::{Duration, Instant};

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    BUTTON_PRESS_EVENT, BUTTON_RELEASE_EVENT, ConnectionExt as _, CreateWindowAux, EventMask, ImageFormat, InputFocus, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT, CURRENT_TIME};

use super::host::Opened;

/// Software OpenGL may compile for seconds on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// Keys by their number.
pub mod key {
    pub const ESCAPE: u8 = 9;
    pub const TAB: u8 = 23;
    pub const RETURN: u8 = 36;
    pub const CONTROL: u8 = 37;
    pub const A: u8 = 38;
    pub const Z: u8 = 52;
    pub const X: u8 = 53;
    pub const V: u8 = 55;
    pub const B: u8 = 56;
    pub const SPACE: u8 = 65;
}

pub mod button {
    pub const LEFT: u8 = 1;
}

pub struct Desk {
    connection: RustConnection,
    root: u32,
    /// Keys that went down in the host's windows.
    keys: RefCell<Vec<(u32, u8)>>,
}

impl Desk {
    pub fn new() -> Self {
        let (connection, screen) = RustConnection::connect(None).unwrap();
        let root = connection.setup().roots[screen].root;
        Self { connection, root, keys: RefCell::default() }
    }

    /// A host's window, which listens to keys.
    pub fn window(&self, x: i16, width: u16, height: u16) -> u32 {
        let window = self.connection.generate_id().unwrap();
        let listens = CreateWindowAux::new().event_mask(EventMask::KEY_PRESS | EventMask::STRUCTURE_NOTIFY).override_redirect(1);
        let class = WindowClass::INPUT_OUTPUT;
        let made = self.connection.create_window(
            COPY_DEPTH_FROM_PARENT,
            window,
            self.root,
            x,
            0,
            width,
            height,
            0,
            class,
            COPY_FROM_PARENT,
            &listens,
        );
        made.unwrap().check().unwrap();
        self.connection.map_window(window).unwrap().check().unwrap();
        window
    }

    pub fn close(&self, window: u32) {
        self.connection.destroy_window(window).unwrap().check().unwrap();
    }

    pub fn focus(&self, window: u32) {
        self.connection.set_input_focus(InputFocus::POINTER_ROOT, window, CURRENT_TIME).unwrap().check().unwrap();
    }

    pub fn focused(&self) -> u32 {
        self.connection.get_input_focus().unwrap().reply().unwrap().focus
    }

    /// The keys that went down in a window since the last question.
    pub fn heard(&self, window: u32) -> Vec<u8> {
        while let Some(event) = self.connection.poll_for_event().unwrap() {
            if let Event::KeyPress(press) = event {
                self.keys.borrow_mut().push((press.event, press.detail));
            }
        }
        let heard = self.keys.borrow().iter().filter(|(at, _)| *at == window).map(|(_, key)| *key).collect();
        self.keys.borrow_mut().clear();
        heard
    }

    pub fn point(&self, opened: &Opened<'_>, x: f32, y: f32) {
        self.fake(MOTION_NOTIFY_EVENT, 0, opened.x + x as i16, y as i16);
    }

    pub fn click(&self, button: u8) {
        self.hold(button);
        self.release(button);
    }

    pub fn hold(&self, button: u8) {
        self.fake(BUTTON_PRESS_EVENT, button, 0, 0);
    }

    pub fn release(&self, button: u8) {
        self.fake(BUTTON_RELEASE_EVENT, button, 0, 0);
    }

    pub fn press(&self, key: u8) {
        self.fake(KEY_PRESS_EVENT, key, 0, 0);
        self.fake(KEY_RELEASE_EVENT, key, 0, 0);
    }

    pub fn press_all(&self, keys: &[u8]) {
        for key in keys {
            self.press(*key);
        }
    }

    pub fn chord(&self, held: u8, key: u8) {
        self.fake(KEY_PRESS_EVENT, held, 0, 0);
        self.press(key);
        self.fake(KEY_RELEASE_EVENT, held, 0, 0);
    }

    /// What a window shows, as bytes.
    pub fn picture(&self, opened: &Opened<'_>) -> Vec<u8> {
        let image = self.connection.get_image(ImageFormat::Z_PIXMAP, self.root, opened.x, 0, 800, 400, !0);
        image.unwrap().reply().unwrap().data
    }

    pub fn wait(&self, what: &str, is_so: impl FnMut() -> bool) {
        self.wait_or(what, is_so, String::new);
    }

    pub fn wait_or(&self, what: &str, mut is_so: impl FnMut() -> bool, otherwise: impl Fn() -> String) {
        let start = Instant::now();
        while !is_so() {
            assert!(start.elapsed() < PATIENCE, "waited in vain for {what}: {}", otherwise());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn fake(&self, kind: u8, detail: u8, x: i16, y: i16) {
        self.connection.xtest_fake_input(kind, detail, CURRENT_TIME, self.root, x, y, 0).unwrap().check().unwrap();
    }
}
