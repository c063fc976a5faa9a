//! The editor that a plugin hands to its host.

mod handle;
mod open_window;

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use baseview::dpi::LogicalSize;
use baseview::{HandlerError, Window, WindowSettings};
use egui::Vec2;
use nice_plug_core::context::gui::GuiContext;
use nice_plug_core::editor::dpi::NativeSize;
use nice_plug_core::editor::{Editor, HostMethods, ParentWindowHandle, ResizeHint, SpawnedEditor};
use nice_plug_core::plugin::TrackInfo;

use crate::handler::Handler;
use crate::shared::Shared;
use crate::{App, Opening, WindowError, WindowState, failure, host, platform, surface};
pub use handle::Handle;
pub use open_window::OpenWindow;

/// What a window is like before anybody touches it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What the window is called where it has a title bar.
    pub title: String,
    /// The size in points at the first opening.
    pub size: Vec2,
    /// The least size in points.
    pub min_size: Vec2,
}

impl Settings {
    /// 900 × 560 points, at least 640 × 400.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), size: egui::vec2(900.0, 560.0), min_size: egui::vec2(640.0, 400.0) }
    }
}

type Open<A> = dyn Fn(Opening) -> A + Send + Sync;

/// An editor that shows an [`App`], as often as the host opens it.
pub struct WindowEditor<A: App> {
    settings: Settings,
    state: Arc<WindowState>,
    /// The track's name or the like has changed; the next opening starts with a frame anyway.
    track: Arc<AtomicBool>,
    open: Arc<Open<A>>,
}

impl<A: App> WindowEditor<A> {
    /// An editor whose window starts with `settings`, keeps its size in `state`, and shows what `open` makes. `open` is called on the
    /// window's thread at each opening.
    pub fn new(settings: Settings, state: Arc<WindowState>, open: impl Fn(Opening) -> A + Send + Sync + 'static) -> Self {
        Self { settings, state, track: Arc::default(), open: Arc::new(open) }
    }

    fn window(&self, parent: Option<ParentWindowHandle>, wait_for_parent: bool, fallback_scale: Option<f64>) -> WindowSettings {
        let points = |size: Vec2| LogicalSize::new(f64::from(size.x), f64::from(size.y));
        WindowSettings::new()
            .with_title(self.settings.title.clone())
            .with_size(points(self.state.size()))
            .with_min_size(points(self.settings.min_size))
            .with_resizable(true)
            .with_parent(parent.as_ref())
            .with_wait_for_parent(wait_for_parent)
            .with_fallback_scale_factor(fallback_scale)
            .with_gl_config(surface::config())
    }
}

impl<A: App> Editor for WindowEditor<A> {
    type Handle = Handle;

    fn spawn(
        &self,
        parent: Option<ParentWindowHandle>,
        wait_for_parent: bool,
        fallback_scale_factor: Option<f64>,
        gui_context: GuiContext,
        host: Option<HostMethods>,
    ) -> Result<SpawnedEditor<Handle>, Box<dyn Error>> {
        let shared = Arc::new(Shared::new(A::claims));
        let build = {
            let (open, state, shared, track) = (self.open.clone(), self.state.clone(), shared.clone(), self.track.clone());
            let min_size = self.settings.min_size;
            move |window| {
                Handler::<A>::new(window, |opening| open(opening), gui_context, state, shared, track, min_size).map_err(HandlerError::from)
            }
        };
        let settings = self.window(parent, wait_for_parent, fallback_scale_factor);
        // baseview asserts what it expects of the system; on a strange one the editor stays closed, but the host lives.
        let window = catch_unwind(AssertUnwindSafe(|| {
            Window::create_with_host(settings, build, host.map(|methods| host::host(methods, shared.clone())))
        }))
        .map_err(|panic| WindowError::Open(failure::message(&*panic)))?
        .map_err(|error| WindowError::Open(error.to_string()))?;
        let waker = window.waker();
        let window = OpenWindow::new(window, shared.clone());
        Ok(SpawnedEditor { handle: Handle::new(shared, waker, self.resize_hint()), window })
    }

    fn size(&self) -> NativeSize<u32> {
        let (size, scale) = (self.state.size(), self.state.scale().or_else(platform::scale).unwrap_or(1.0));
        NativeSize::from_size(LogicalSize::new(f64::from(size.x), f64::from(size.y)).into(), scale)
    }

    fn resize_hint(&self) -> ResizeHint {
        let min = self.settings.min_size;
        ResizeHint::RESIZABLE.with_min_logical_size(LogicalSize::new(min.x, min.y))
    }

    fn track_info_updated(&self, _info: TrackInfo) {
        self.track.store(true, Ordering::Release);
    }
}
