//! Blocks of the codec: residual units between snakes, and a step from one rate to the next.

use crate::error::{Result, WeightsError};
use crate::layout::Layout;
use crate::nn::conv::{Conv1d, ConvTranspose1d, Shape, layout as conv_layout};
use crate::nn::{Snake, add};
use crate::weights::Weights;
use candle_core::Tensor;

/// Dilations of a block's residual units.
const DILATIONS: [usize; 3] = [1, 3, 9];

/// x + a convolution of 7 and one of 1, a snake before each.
#[derive(Debug)]
struct Residual {
    snakes: [Snake; 2],
    wide: Conv1d,
    narrow: Conv1d,
}

impl Residual {
    fn new(weights: &Weights, channels: usize, dilation: usize) -> Result<Self, WeightsError> {
        let layers = weights.pp("layers");
        Ok(Self {
            snakes: [Snake::new(&layers.pp(0), channels)?, Snake::new(&layers.pp(2), channels)?],
            wide: Conv1d::new(&layers.pp(1), Shape::same(channels, channels, 7, dilation), true)?,
            narrow: Conv1d::new(&layers.pp(3), Shape::same(channels, channels, 1, 1), true)?,
        })
    }

    fn layout(layout: &mut Layout, channels: usize) {
        layout.below("layers", |l| {
            l.below("0", |l| Snake::layout(l, channels));
            l.below("1", |l| conv_layout(l, Shape::same(channels, channels, 7, 1), false, true));
            l.below("2", |l| Snake::layout(l, channels));
            l.below("3", |l| conv_layout(l, Shape::same(channels, channels, 1, 1), false, true));
        });
    }

    fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let [first, second] = &self.snakes;
        let ys = self.wide.forward(&first.forward(xs)?)?;
        add(xs, &self.narrow.forward(&second.forward(&ys)?)?)
    }
}

/// To the next lower rate: residual units, then the step.
#[derive(Debug)]
pub(super) struct Down {
    units: Vec<Residual>,
    snake: Snake,
    step: Conv1d,
}

impl Down {
    pub fn new(weights: &Weights, narrow: usize, wide: usize, stride: usize) -> Result<Self, WeightsError> {
        let layers = weights.pp("layers");
        let unit = |(i, dilation): (usize, usize)| Residual::new(&layers.pp(i), narrow, dilation);
        Ok(Self {
            units: DILATIONS.into_iter().enumerate().map(unit).collect::<Result<_, _>>()?,
            snake: Snake::new(&layers.pp(3), narrow)?,
            step: Conv1d::new(&layers.pp(4), Shape::strided(narrow, wide, stride), true)?,
        })
    }

    pub fn layout(layout: &mut Layout, narrow: usize, wide: usize, stride: usize) {
        layout.below("layers", |l| {
            for i in 0..DILATIONS.len() {
                l.below(i, |l| Residual::layout(l, narrow));
            }
            l.below("3", |l| Snake::layout(l, narrow));
            l.below("4", |l| conv_layout(l, Shape::strided(narrow, wide, stride), false, true));
        });
    }

    /// `[batch, time, narrow]` → `[batch, time / stride, wide]`.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let ys = self.units.iter().try_fold(xs.clone(), |ys, unit| unit.forward(&ys))?;
        self.step.forward(&self.snake.forward(&ys)?)
    }
}

/// To the next higher rate: the step, then residual units.
#[derive(Debug)]
pub(super) struct Up {
    snake: Snake,
    step: ConvTranspose1d,
    units: Vec<Residual>,
}

impl Up {
    pub fn new(weights: &Weights, wide: usize, narrow: usize, stride: usize) -> Result<Self, WeightsError> {
        let layers = weights.pp("layers");
        let unit = |(i, dilation): (usize, usize)| Residual::new(&layers.pp(i + 2), narrow, dilation);
        Ok(Self {
            snake: Snake::new(&layers.pp(0), wide)?,
            step: ConvTranspose1d::new(&layers.pp(1), Shape::strided(wide, narrow, stride))?,
            units: DILATIONS.into_iter().enumerate().map(unit).collect::<Result<_, _>>()?,
        })
    }

    pub fn layout(layout: &mut Layout, wide: usize, narrow: usize, stride: usize) {
        layout.below("layers", |l| {
            l.below("0", |l| Snake::layout(l, wide));
            l.below("1", |l| conv_layout(l, Shape::strided(wide, narrow, stride), true, true));
            for i in 0..DILATIONS.len() {
                l.below(i + 2, |l| Residual::layout(l, narrow));
            }
        });
    }

    /// `[batch, time, wide]` → `[batch, time · stride, narrow]`.
    pub fn forward(&self, xs: &Tensor) -> Result<Tensor> {
        let ys = self.step.forward(&self.snake.forward(xs)?)?;
        self.units.iter().try_fold(ys, |ys, unit| unit.forward(&ys))
    }
}
