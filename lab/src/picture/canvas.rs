//! Pixels that can be blended, and the PNG they become.

use super::{layout::Rect, theme::Colour};

/// An opaque picture of 8 bits a colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canvas {
    width: usize,
    height: usize,
    pixels: Vec<Colour>,
}

impl Canvas {
    /// A picture of one colour.
    pub fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self { width, height, pixels: vec![colour; width * height] }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// The colour at a place, where the picture has one.
    pub fn pixel(&self, x: usize, y: usize) -> Option<Colour> {
        (x < self.width && y < self.height).then(|| self.pixels[y * self.width + x])
    }

    /// Mixes `colour` into one pixel, `cover` from 0 (nothing) to 1 (all of it). Places outside of the picture are left out.
    pub fn blend(&mut self, x: i32, y: i32, colour: Colour, cover: f32) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x >= self.width || y >= self.height || cover <= 0.0 {
            return;
        }
        let cover = cover.min(1.0);
        let pixel = &mut self.pixels[y * self.width + x];
        for (old, new) in pixel.iter_mut().zip(colour) {
            *old = (f32::from(*old) + (f32::from(new) - f32::from(*old)) * cover + 0.5) as u8;
        }
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, area: Rect, colour: Colour) {
        self.shade(area, colour, 1.0);
    }

    /// Mixes a colour into a rectangle; its edges may lie between pixels.
    pub fn shade(&mut self, area: Rect, colour: Colour, cover: f32) {
        for y in area.top.floor() as i32..area.bottom.ceil() as i32 {
            let rows = overlap(y, area.top, area.bottom);
            for x in area.left.floor() as i32..area.right.ceil() as i32 {
                self.blend(x, y, colour, cover * rows * overlap(x, area.left, area.right));
            }
        }
    }

    /// A vertical stroke one pixel wide from `top` to `bottom`, smooth at its ends.
    pub fn column(&mut self, x: i32, top: f32, bottom: f32, colour: Colour, cover: f32) {
        for y in top.floor() as i32..bottom.ceil() as i32 {
            self.blend(x, y, colour, cover * overlap(y, top, bottom));
        }
    }

    /// The picture as a PNG file.
    ///
    /// # Errors
    /// What the encoder says; memory is all it can lack.
    pub fn to_png(&self) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, self.width as u32, self.height as u32);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(self.pixels.as_flattened())?;
        writer.finish()?;
        Ok(file)
    }
}

/// How much of pixel `at` lies between `from` and `to`, 0 to 1.
fn overlap(at: i32, from: f32, to: f32) -> f32 {
    let at = at as f32;
    ((at + 1.0).min(to) - at.max(from)).clamp(0.0, 1.0)
}
