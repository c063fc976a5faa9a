//! Letters from fonts inside the binary (their licences are listed in assets/LICENSES.md).

use super::{canvas::Canvas, theme::Colour};
use ab_glyph::{Font as _, FontRef, PxScale, ScaleFont as _, point};

/// Which end of the line sits at the given place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// It begins there.
    Left,
    /// It has its middle there.
    Centre,
    /// It ends there.
    Right,
}

/// One face.
pub struct Face(FontRef<'static>);

/// The faces of the picture.
pub struct Fonts {
    /// Ubuntu Light.
    pub plain: Face,
}

impl Fonts {
    /// The faces inside the binary.
    ///
    /// # Panics
    /// Never: the bytes are part of the program, and a test reads them.
    pub fn embedded() -> Self {
        let bytes = epaint_default_fonts::UBUNTU_LIGHT;
        Self { plain: Face(FontRef::try_from_slice(bytes).expect("a font inside the binary is whole")) }
    }
}

impl Face {
    /// Width of a line in pixels.
    pub fn width(&self, text: &str, size: f32) -> f32 {
        self.walk(text, size, |_, _| {})
    }

    /// `text`, or what of it fits into `room` pixels with an ellipsis after it.
    pub fn shorten(&self, text: &str, size: f32, room: f32) -> String {
        let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if self.width(&line, size) <= room {
            return line;
        }
        let mut kept: String = String::new();
        for c in line.chars() {
            if self.width(&format!("{kept}{c}…"), size) > room {
                break;
            }
            kept.push(c);
        }
        format!("{}…", kept.trim_end())
    }

    /// Writes one line with its baseline at `at`.
    pub fn draw(&self, canvas: &mut Canvas, at: (f32, f32), size: f32, colour: Colour, align: Align, text: &str) {
        let width = self.width(text, size);
        let left = match align {
            Align::Left => at.0,
            Align::Centre => at.0 - width / 2.0,
            Align::Right => at.0 - width,
        };
        let scale = PxScale::from(size);
        self.walk(text, size, |id, advance| {
            let glyph = id.with_scale_and_position(scale, point(left + advance, at.1));
            if let Some(outline) = self.0.outline_glyph(glyph) {
                let corner = outline.px_bounds().min;
                outline.draw(|x, y, cover| {
                    // Light letters on dark ground look thinner than they are: a little more cover evens that out.
                    canvas.blend(corner.x as i32 + x as i32, corner.y as i32 + y as i32, colour, cover.powf(0.8));
                });
            }
        });
    }

    /// Calls `each` with every glyph and the place it begins at; gives the width of all.
    fn walk(&self, text: &str, size: f32, mut each: impl FnMut(ab_glyph::GlyphId, f32)) -> f32 {
        let font = self.0.as_scaled(PxScale::from(size));
        let mut at = 0.0;
        let mut before = None;
        for c in text.chars() {
            let id = font.glyph_id(c);
            if let Some(before) = before {
                at += font.kern(before, id);
            }
            each(id, at);
            at += font.h_advance(id);
            before = Some(id);
        }
        at
    }
}
