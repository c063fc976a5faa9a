//! A host with a window for the editor.

use std::error::Error;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use inlay_window::{Handle, Settings, WindowEditor, WindowState, egui};
use nice_plug_core::context::PluginApi;
use nice_plug_core::context::gui::{GuiContext, GuiContextInner};
use nice_plug_core::editor::dpi::{NativeSize, Size};
use nice_plug_core::editor::{
    Editor as _, EditorHandle as _, HostCallbacks, HostMainThreadCaller, HostMethods, ParentWindowHandle, SpawnedEditor,
};
use nice_plug_core::params::internals::ParamPtr;
use nice_plug_core::plugin::PluginState;

use super::desk::{Desk, button};
use super::own::Interface;
use super::show::{Field, Show};

type Pixels = (u32, u32);

pub struct Host {
    editor: WindowEditor<Field>,
    pub state: Arc<WindowState>,
    show: Arc<Mutex<Show>>,
    asked: Arc<Mutex<Option<Pixels>>>,
    called: Arc<Mutex<bool>>,
}

impl Host {
    pub fn new() -> Self {
        Self::showing(None)
    }

    /// A host of an editor with another interface.
    pub fn showing(own: Option<fn(&egui::Context) -> Interface>) -> Self {
        let settings = Settings::new("Test");
        let state = WindowState::new(&settings);
        let show = Arc::<Mutex<Show>>::default();
        let shown = show.clone();
        let editor =
            WindowEditor::new(settings, state.clone(), move |opening| Field::new(shown.clone(), own.map(|own| own(&opening.egui))));
        Self { editor, state, show, asked: Arc::default(), called: Arc::default() }
    }

    /// Lets the interface live again.
    pub fn forgive(&self) {
        self.show.clear_poison();
        self.show.lock().unwrap().panic = false;
    }

    /// What the editor says to be its size.
    pub fn size(&self) -> Pixels {
        let size = self.editor.size();
        (size.width, size.height)
    }

    /// The size that the window asked for.
    pub fn asked(&self) -> Option<Pixels> {
        *self.asked.lock().unwrap()
    }

    pub fn open<'a>(&'a self, desk: &'a Desk) -> Opened<'a> {
        self.open_with(desk, 0, None)
    }

    pub fn open_at<'a>(&'a self, desk: &'a Desk, x: i16) -> Opened<'a> {
        self.open_with(desk, x, None)
    }

    pub fn open_scaled<'a>(&'a self, desk: &'a Desk, scale: Option<f64>) -> Opened<'a> {
        self.open_with(desk, 0, scale)
    }

    /// Why the editor doesn't open.
    pub fn refusal(&self, desk: &Desk) -> String {
        let (width, height) = self.size();
        let parent = desk.window(0, width.try_into().unwrap(), height.try_into().unwrap());
        let refusal = self.spawn(parent, None).err().expect("the editor opened").to_string();
        desk.close(parent);
        refusal
    }

    fn open_with<'a>(&'a self, desk: &'a Desk, x: i16, scale: Option<f64>) -> Opened<'a> {
        let before = self.show.lock().unwrap_or_else(PoisonError::into_inner).frames;
        let (width, height) = self.size();
        let parent = desk.window(x, width.try_into().unwrap(), height.try_into().unwrap());
        let spawned = self.spawn(parent, scale).unwrap();
        spawned.handle.show(&spawned.window).unwrap();
        let opened = Opened { host: self, desk, parent, x, spawned: Some(spawned) };
        // A click before the first picture hits nothing.
        opened.wait(desk, "the first frame", |show| show.frames > before);
        opened
    }

    fn spawn(&self, parent: u32, scale: Option<f64>) -> Result<SpawnedEditor<Handle>, Box<dyn Error>> {
        let methods =
            HostMethods { callbacks: Box::new(Callbacks(self.asked.clone())), main_thread_caller: Box::new(Caller(self.called.clone())) };
        let handle = ParentWindowHandle::XlibWindow(parent.into());
        self.editor.spawn(Some(handle), false, scale, GuiContext::new(Arc::new(Silent)), Some(methods))
    }
}

/// An open editor; dropping it closes it.
pub struct Opened<'a> {
    host: &'a Host,
    desk: &'a Desk,
    pub parent: u32,
    pub x: i16,
    pub spawned: Option<SpawnedEditor<Handle>>,
}

impl Opened<'_> {
    pub fn show(&self) -> Show {
        self.lock().clone()
    }

    pub fn with(&self, set: impl FnOnce(&mut Show)) {
        set(&mut self.lock());
    }

    pub fn wait(&self, desk: &Desk, what: &str, is_so: impl Fn(&Show) -> bool) {
        desk.wait_or(what, || self.tend() && is_so(&self.show()), || format!("{:?}", self.show()));
    }

    /// Waits until no more frames are drawn, and says how many there were.
    pub fn settled(&self, desk: &Desk) -> usize {
        let mut frames = 0;
        desk.wait("the window to settle", || {
            std::thread::sleep(Duration::from_millis(700));
            let before = std::mem::replace(&mut frames, self.show().frames);
            before == frames && frames > 0
        });
        frames
    }

    /// Clicks into the text field, and waits until it has the keyboard.
    pub fn enter_field(&self, desk: &Desk) {
        desk.focus(self.parent);
        desk.point(self, 100.0, 30.0);
        desk.click(button::LEFT);
        desk.wait("the field to take the keyboard", || desk.focused() != self.parent);
    }

    pub fn resize(&self, width: u32, height: u32) {
        let spawned = self.spawned.as_ref().unwrap();
        spawned.handle.set_size(NativeSize::new(width, height), &spawned.window).unwrap();
    }

    pub fn adjusted(&self, width: u32, height: u32) -> Pixels {
        let spawned = self.spawned.as_ref().unwrap();
        let size = spawned.handle.adjust_size(NativeSize::new(width, height), &spawned.window).unwrap();
        (size.width, size.height)
    }

    pub fn scale(&self, scale: f64) {
        let spawned = self.spawned.as_ref().unwrap();
        spawned.handle.set_fallback_scale_factor(scale, &spawned.window).unwrap();
    }

    /// Does what the window asked the main thread for. Always true.
    pub fn tend(&self) -> bool {
        if std::mem::take(&mut *self.host.called.lock().unwrap()) {
            let spawned = self.spawned.as_ref().unwrap();
            spawned.handle.host_main_thread_callback(&spawned.window);
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, Show> {
        self.host.show.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Opened<'_> {
    fn drop(&mut self) {
        self.spawned = None;
        self.desk.close(self.parent);
        self.lock().opening = Duration::ZERO;
    }
}

struct Callbacks(Arc<Mutex<Option<Pixels>>>);

impl HostCallbacks for Callbacks {
    fn request_resize(&mut self, new_size: Size, scale_factor: f64) -> Result<(), Box<dyn Error>> {
        let size = NativeSize::<u32>::from_size(new_size, scale_factor);
        *self.0.lock().unwrap() = Some((size.width, size.height));
        Ok(())
    }

    fn destroyed(&mut self) {}
}

struct Caller(Arc<Mutex<bool>>);

impl HostMainThreadCaller for Caller {
    fn call_main_thread(&mut self) {
        *self.0.lock().unwrap() = true;
    }
}

/// A host whose parameters nobody touches here.
struct Silent;

impl GuiContextInner for Silent {
    fn plugin_api(&self) -> PluginApi {
        PluginApi::Clap
    }

    unsafe fn raw_begin_set_parameter(&self, _param: ParamPtr) {}

    unsafe fn raw_set_parameter_normalized(&self, _param: ParamPtr, _normalized: f32) {}

    unsafe fn raw_end_set_parameter(&self, _param: ParamPtr) {}

    fn get_state(&self) -> PluginState {
        unimplemented!("no test asks for it")
    }

    fn set_state(&self, _state: PluginState) {}

    fn request_restart(&self) {}
}
