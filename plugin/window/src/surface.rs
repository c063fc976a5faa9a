//! The part of the window that is drawn on, by OpenGL.

use std::sync::Arc;

use baseview::gl::{GlConfig, GlContext, Profile};
use baseview::{WindowContext, WindowSize};
use egui::{ClippedPrimitive, TexturesDelta};
use egui_glow::{Painter, glow};

use crate::failure::FrameError;
use crate::platform;

/// What is asked of OpenGL. egui writes colours as they are shown and needs no depth.
#[allow(deprecated, reason = "two of the settings have to be set although nothing else than their defaults works")]
pub(crate) fn config() -> GlConfig {
    GlConfig {
        version: (3, 2),
        profile: Profile::Core,
        red_bits: 8,
        blue_bits: 8,
        green_bits: 8,
        alpha_bits: 0,
        depth_bits: 0,
        stencil_bits: 0,
        samples: None,
        srgb: false,
        double_buffer: true,
        vsync: false,
    }
}

pub(crate) struct Surface {
    context: GlContext,
    painter: Painter,
}

impl Surface {
    pub(crate) fn new(window: &WindowContext) -> Result<Self, FrameError> {
        let context = window.gl_context().ok_or(FrameError::NoContext)?;
        let current = Current::make(&context)?;
        platform::keep_drivers();
        // SAFETY: The context is current, and stays so while its functions are loaded.
        let gl = unsafe { glow::Context::from_loader_function_cstr(|name| context.get_proc_address(name)) };
        let painter = Painter::new(Arc::new(gl), "", None, false)?;
        drop(current);
        Ok(Self { context, painter })
    }

    pub(crate) fn max_texture_side(&self) -> usize {
        self.painter.max_texture_side()
    }

    /// Draws a frame and shows it.
    pub(crate) fn paint(
        &mut self,
        size: WindowSize,
        primitives: &[ClippedPrimitive],
        mut textures: TexturesDelta,
    ) -> Result<(), FrameError> {
        let _current = Current::make(&self.context)?;
        let pixels = [size.physical.width, size.physical.height];
        self.painter.clear(pixels, [0.0, 0.0, 0.0, 1.0]);
        self.painter.paint_and_update_textures(pixels, size.scale_factor as f32, primitives, &mut textures);
        self.context.swap_buffers()?;
        Ok(())
    }
}

impl Drop for Surface {
    fn drop(&mut self) {
        match Current::make(&self.context) {
            Ok(_current) => self.painter.destroy(),
            Err(error) => tracing::warn!("OpenGL couldn't be cleaned up: {error}"),
        }
    }
}

/// A context while it is the thread's current one. The thread may be the host's, which has contexts of its own: ours never stays.
struct Current<'a>(&'a GlContext);

impl<'a> Current<'a> {
    fn make(context: &'a GlContext) -> Result<Self, baseview::Error> {
        // SAFETY: The window, and the context with it, outlives the handler that draws, and `GlContext` can't leave its thread.
        unsafe { context.make_current() }?;
        Ok(Self(context))
    }
}

impl Drop for Current<'_> {
    fn drop(&mut self) {
        // SAFETY: As above.
        if let Err(error) = unsafe { self.0.make_not_current() } {
            tracing::warn!("OpenGL couldn't be released: {error}");
        }
    }
}
