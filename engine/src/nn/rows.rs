//! Sums and products with rows. On the CPU candle would split large ones over threads of its own, which spin while they wait and know nothing of a host.

use super::cpu;
use candle_core::{Result, Tensor};

/// A matrix `[n, width]` with row i times `scale[i]`.
///
/// # Errors
/// Where there aren't as many factors as rows.
pub(crate) fn rows_scaled(matrix: &Tensor, scale: &Tensor) -> Result<Tensor> {
    if !cpu::serves(matrix.device()) {
        return matrix.broadcast_mul(&scale.unsqueeze(1)?);
    }
    let (rows, width) = matrix.dims2()?;
    if scale.dims() != [rows] {
        candle_core::bail!("{:?} factors for {rows} rows", scale.dims());
    }
    let (mut numbers, scale) = (cpu::weights(matrix)?, cpu::weights(scale)?);
    for (row, factor) in numbers.chunks_exact_mut(width.max(1)).zip(scale) {
        row.iter_mut().for_each(|v| *v *= factor);
    }
    Tensor::from_vec(numbers, (rows, width), matrix.device())
}

/// (`xs` − `mean`) / `std`: `xs` `[batch, time, width]`, the others `[1, 1, width]`.
///
/// # Errors
/// Where widths differ.
pub(crate) fn standardised(xs: &Tensor, mean: &Tensor, std: &Tensor) -> Result<Tensor> {
    if !cpu::serves(xs.device()) {
        return xs.broadcast_sub(mean)?.broadcast_div(std);
    }
    let (batch, time, width) = xs.dims3()?;
    if mean.elem_count() != width || std.elem_count() != width {
        candle_core::bail!("features {:?} don't fit means of {}", xs.dims(), mean.elem_count());
    }
    let (mut numbers, mean, std) = (cpu::weights(xs)?, cpu::weights(mean)?, cpu::weights(std)?);
    for row in numbers.chunks_exact_mut(width.max(1)) {
        for ((v, mean), std) in row.iter_mut().zip(&mean).zip(&std) {
            *v = (*v - mean) / std;
        }
    }
    Tensor::from_vec(numbers, (batch, time, width), xs.device())
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::nn::cpu::PORTABLE;
    use candle_core::Device;

    fn tensor(shape: &[usize], first: f32) -> Tensor {
        let numbers = (0..shape.iter().product::<usize>()).map(|i| first + (i as f32 * 0.37).sin()).collect();
        Tensor::from_vec(numbers, shape, &Device::Cpu).unwrap()
    }

    fn numbers(tensor: &Tensor) -> Vec<f32> {
        tensor.flatten_all().unwrap().to_vec1().unwrap()
    }

    #[test]
    fn both_devices_paths_give_the_same_numbers() {
        let (matrix, scale) = (tensor(&[5, 7], 0.0), tensor(&[5], 2.0));
        let (xs, mean, std) = (tensor(&[2, 3, 4], 0.0), tensor(&[1, 1, 4], 0.5), tensor(&[1, 1, 4], 3.0));
        let all = || [rows_scaled(&matrix, &scale).unwrap(), standardised(&xs, &mean, &std).unwrap()].map(|t| numbers(&t));
        let own = all();
        PORTABLE.set(true);
        let portable = all();
        PORTABLE.set(false);
        assert_eq!(own, portable);
    }

    #[test]
    fn shapes_that_do_not_fit_are_errors() {
        assert!(rows_scaled(&tensor(&[5, 7], 0.0), &tensor(&[4], 0.0)).is_err());
        assert!(standardised(&tensor(&[1, 2, 3], 0.0), &tensor(&[1, 1, 2], 0.0), &tensor(&[1, 1, 3], 1.0)).is_err());
    }
}
