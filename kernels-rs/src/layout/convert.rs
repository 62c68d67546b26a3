//! Casts. From numbers to integers: toward zero, beyond the range its end, NaN 0; on every machine the same.

use crate::door::kernel;
use crate::machine::memory::Element;
use crate::machine::threads::{chunk_len, chunks, parallel};

fn convert<A: Element, B: Element>(x: &[A], y: &mut [B], to: impl Fn(A) -> B + Sync) {
    let len = chunk_len(y.len(), 2, 16);
    parallel(chunks(y, len), |chunk, y| {
        for (y, &x) in y.iter_mut().zip(&x[chunk * len..]) {
            *y = to(x);
        }
    });
}

macro_rules! casts {
    ($($(#[$doc:meta])* $name:ident: $from:ident => $to:ident, |$x:ident| $value:expr;)*) => {$(
        kernel! {
            $(#[$doc])*
            fn $name(len: usize; x: $from[len]; y: $to[len]) {
                convert(x, y, |$x| $value);
            }
        }
    )*};
}

casts! {
    cast_f32_i32: f32 => i32, |x| x as i32;
    cast_f32_u8: f32 => u8, |x| x as u8;
    /// 1 where x is not 0; NaN is not 0.
    cast_f32_bool: f32 => u8, |x| u8::from(x != 0.0);
    /// The nearest f32; beyond 2²⁴ not each integer is one.
    cast_i32_f32: i32 => f32, |x| x as f32;
    cast_i32_u8: i32 => u8, |x| x.clamp(0, 255) as u8;
    cast_i32_bool: i32 => u8, |x| u8::from(x != 0);
    cast_u8_f32: u8 => f32, |x| f32::from(x);
    cast_u8_i32: u8 => i32, |x| i32::from(x);
    cast_u8_bool: u8 => u8, |x| u8::from(x != 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn n18_casts_saturate_and_nan_is_zero() {
        let x = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 3e9, -1.9, 255.9];
        let (mut i, mut u, mut b) = ([0; 6], [0; 6], [0; 6]);
        cast_f32_i32(6, &x, &mut i);
        cast_f32_u8(6, &x, &mut u);
        cast_f32_bool(6, &x, &mut b);
        assert_eq!(i, [0, i32::MAX, i32::MIN, i32::MAX, -1, 255]);
        assert_eq!(u, [0, 255, 0, 255, 0, 255]);
        assert_eq!(b, [1; 6]);
    }

    #[test]
    fn integers_and_bytes() {
        let (mut u, mut b, mut f, mut i) = ([9; 4], [9; 4], [9.0; 4], [9; 4]);
        cast_i32_u8(4, &[-1, 0, 200, 256], &mut u);
        assert_eq!(u, [0, 0, 200, 255]);
        cast_i32_bool(4, &[-1, 0, 200, i32::MIN], &mut b);
        assert_eq!(b, [1, 0, 1, 1]);
        cast_u8_bool(4, &u, &mut b);
        assert_eq!(b, [0, 0, 1, 1]);
        cast_u8_f32(4, &u, &mut f);
        cast_u8_i32(4, &u, &mut i);
        assert_eq!((f, i), ([0.0, 0.0, 200.0, 255.0], [0, 0, 200, 255]));
        // 2²⁴ + 1 lies between two f32 numbers: to the even one.
        cast_i32_f32(2, &[16_777_217, i32::MIN], &mut f[..2]);
        assert_eq!(f[..2], [16_777_216.0, -2_147_483_648.0]);
        cast_f32_i32(0, &[], &mut []);
    }
}
