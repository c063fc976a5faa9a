//! Draws what egui made without a graphics driver: plain arithmetic, so that pictures are the same on every machine.

use egui::epaint::{Mesh, Primitive, Vertex};
use egui::{Color32, ColorImage, FullOutput, ImageData, Pos2, Rect, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::{Rgba, RgbaImage};
use std::collections::HashMap;

/// See the [module](self).
#[derive(Default)]
pub(crate) struct Painter {
    textures: HashMap<TextureId, ColorImage>,
}

impl TestRenderer for Painter {
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, part) in delta.set.drain().flat_map(|(id, parts)| parts.into_iter().map(move |part| (id, part))) {
            let ImageData::Color(image) = &part.image;
            match (part.pos, self.textures.get_mut(&id)) {
                (Some([left, top]), Some(whole)) => {
                    for (row, pixels) in image.pixels.chunks_exact(image.width().max(1)).enumerate() {
                        let at = (top + row) * whole.width() + left;
                        whole.pixels[at..at + pixels.len()].copy_from_slice(pixels);
                    }
                }
                _ => {
                    self.textures.insert(id, image.as_ref().clone());
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    fn render(&mut self, context: &egui::Context, output: &FullOutput) -> Result<RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = context.content_rect().size() * scale;
        let mut picture = RgbaImage::from_pixel(size.x.round() as u32, size.y.round() as u32, Rgba([0, 0, 0, 255]));
        for clipped in context.tessellate(output.shapes.clone(), scale) {
            if let Primitive::Mesh(mesh) = &clipped.primitive {
                let texture = self.textures.get(&mesh.texture_id).ok_or("a texture is missing")?;
                paint(&mut picture, mesh, texture, clipped.clip_rect * scale, scale);
            }
        }
        Ok(picture)
    }
}

fn paint(picture: &mut RgbaImage, mesh: &Mesh, texture: &ColorImage, clip: Rect, scale: f32) {
    for corners in mesh.indices.chunks_exact(3) {
        let corner = |i: usize| mesh.vertices[corners[i] as usize];
        triangle(picture, [corner(0), corner(1), corner(2)], texture, clip, scale);
    }
}

/// Twice the area to the right of the line from `a` to `b` as seen from `p`.
fn edge(a: Pos2, b: Pos2, p: Pos2) -> f32 {
    (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x)
}

fn triangle(picture: &mut RgbaImage, mut v: [Vertex; 3], texture: &ColorImage, clip: Rect, scale: f32) {
    let at = |v: &Vertex| (v.pos.to_vec2() * scale).to_pos2();
    let area = edge(at(&v[0]), at(&v[1]), at(&v[2]));
    if area == 0.0 {
        return;
    }
    if area < 0.0 {
        v.swap(1, 2);
    }
    let area = area.abs();
    let p = v.map(|v| at(&v));
    let bounds = Rect::from_points(&p).intersect(clip);
    let (width, height) = picture.dimensions();
    let span = |from: f32, to: f32, most: u32| (from - 0.5).ceil().max(0.0) as u32..((to + 0.5).floor().max(0.0) as u32).min(most);
    // a pixel on an edge that two triangles share is drawn by one of them
    let inclusive = [(1, 2), (2, 0), (0, 1)].map(|(a, b)| p[b].y < p[a].y || p[b].y == p[a].y && p[b].x > p[a].x);
    for y in span(bounds.top(), bounds.bottom(), height) {
        for x in span(bounds.left(), bounds.right(), width) {
            let center = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains(center) {
                continue;
            }
            let w = [edge(p[1], p[2], center), edge(p[2], p[0], center), edge(p[0], p[1], center)];
            if w.iter().zip(inclusive).any(|(w, inclusive)| *w < 0.0 || *w == 0.0 && !inclusive) {
                continue;
            }
            let w = w.map(|w| w / area);
            let mix = |part: fn(&Vertex) -> f32| (0..3).map(|i| w[i] * part(&v[i])).sum::<f32>();
            let sample = sample(texture, mix(|v| v.uv.x), mix(|v| v.uv.y));
            let color =
                [mix(|v| v.color.r().into()), mix(|v| v.color.g().into()), mix(|v| v.color.b().into()), mix(|v| v.color.a().into())];
            let source: [f32; 4] = std::array::from_fn(|c| color[c] / 255.0 * sample[c]);
            let pixel = picture.get_pixel_mut(x, y);
            for (under, over) in pixel.0[..3].iter_mut().zip(&source[..3]) {
                *under = (f32::from(*under) * (1.0 - source[3]) + over * 255.0).round().clamp(0.0, 255.0) as u8;
            }
        }
    }
}

/// A texture between its pixels, each part from 0 to 1.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let pixel = |dx: f32, dy: f32| -> Color32 {
        let (x, y) = ((left + dx).clamp(0.0, width as f32 - 1.0) as usize, (top + dy).clamp(0.0, height as f32 - 1.0) as usize);
        texture.pixels.get(y * width + x).copied().unwrap_or_default()
    };
    let (fx, fy) = (x - left, y - top);
    let corners = [
        (pixel(0.0, 0.0), (1.0 - fx) * (1.0 - fy)),
        (pixel(1.0, 0.0), fx * (1.0 - fy)),
        (pixel(0.0, 1.0), (1.0 - fx) * fy),
        (pixel(1.0, 1.0), fx * fy),
    ];
    std::array::from_fn(|c| corners.iter().map(|(color, share)| f32::from(color.to_array()[c]) / 255.0 * share).sum())
}
