//! Activations that a normalization ends in: value and gradient, both from what goes in.

use crate::elementwise::gelu::{gelu, gelu_slope};
use crate::elementwise::math::called::{sigmoid, tanh};
use crate::machine::simd::F32x4;

pub trait Ending: Sync {
    /// Whether the gradient costs more to work out a second time than to be written and read again.
    const DEAR: bool;
    fn forward(z: F32x4) -> F32x4;
    /// dy times the slope at z.
    fn backward(z: F32x4, dy: F32x4) -> F32x4;
}

/// One type a line: name, whether it is dear, value, gradient.
macro_rules! endings {
    ($($name:ident, $dear:literal: |$z:ident| $value:expr, |$z2:ident, $dy:ident| $gradient:expr;)*) => {$(
        pub struct $name;

        impl Ending for $name {
            const DEAR: bool = $dear;

            #[inline(always)]
            fn forward($z: F32x4) -> F32x4 {
                $value
            }

            #[inline(always)]
            fn backward($z2: F32x4, $dy: F32x4) -> F32x4 {
                $gradient
            }
        }
    )*};
}
endings! {
    Plain, false: |z| z, |_z, dy| dy;
    Relu, false: |z| z.max(F32x4::ZERO), |z, dy| z.gt(F32x4::ZERO).select(dy, z.is_nan().select(z, F32x4::ZERO));
    Sigmoid, true: |z| sigmoid(z), |z, dy| { let y = sigmoid(z); dy * y * (F32x4::splat(1.0) - y) };
    Tanh, true: |z| tanh(z), |z, dy| { let y = tanh(z); dy * (F32x4::splat(1.0) - y * y) };
    Gelu, true: |z| gelu(z), |z, dy| dy * gelu_slope(z);
}

/// `$work` with `$ending` standing for the activation of number `$code`: those of a linear layer, then GELU.
macro_rules! with_ending {
    ($code:expr, $ending:ident => $work:expr) => {
        match $code {
            0 => Ok({
                type $ending = $crate::norm::ending::Plain;
                $work
            }),
            1 => Ok({
                type $ending = $crate::norm::ending::Relu;
                $work
            }),
            2 => Ok({
                type $ending = $crate::norm::ending::Sigmoid;
                $work
            }),
            3 => Ok({
                type $ending = $crate::norm::ending::Tanh;
                $work
            }),
            4 => Ok({
                type $ending = $crate::norm::ending::Gelu;
                $work
            }),
            code => Err(format!("activation {code} came, expected 0 none, 1 relu, 2 sigmoid, 3 tanh or 4 gelu")),
        }
    };
}
pub(crate) use with_ending;
