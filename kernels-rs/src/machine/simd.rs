//! Four f32 lanes: one vocabulary over SIMD128, relaxed SIMD and (for `cargo test`) portable arrays.
//!
//! `madd` is the only operation whose last bit may differ between machines, and only in the relaxed (fast) binary.

use core::ops::{Add, BitAnd, BitOr, BitXor, Div, Mul, Neg, Not, Sub};

#[cfg(target_arch = "wasm32")]
#[path = "simd_wasm.rs"]
mod lanes;
#[cfg(not(target_arch = "wasm32"))]
#[path = "simd_portable.rs"]
mod lanes;

pub const LANES: usize = 4;

/// Four f32.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct F32x4(pub(super) lanes::Raw);

/// Four 32-bit integers; arithmetic wraps.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct I32x4(pub(super) lanes::Raw);

/// Four lanes of all ones or all zeros.
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Mask(pub(super) lanes::Raw);

macro_rules! operators {
    ($type:ident: $($trait:ident $method:ident $lane:ident),*) => {$(
        impl $trait for $type {
            type Output = $type;
            #[inline(always)]
            fn $method(self, other: $type) -> $type {
                $type(lanes::$lane(self.0, other.0))
            }
        }
    )*};
}
operators!(F32x4: Add add f32_add, Sub sub f32_sub, Mul mul f32_mul, Div div f32_div);
operators!(I32x4: Add add i32_add, Sub sub i32_sub, Mul mul i32_mul, BitAnd bitand and, BitOr bitor or, BitXor bitxor xor);
operators!(Mask: BitAnd bitand and, BitOr bitor or);

impl Neg for F32x4 {
    type Output = F32x4;
    #[inline(always)]
    fn neg(self) -> F32x4 {
        F32x4(lanes::f32_neg(self.0))
    }
}

impl Not for Mask {
    type Output = Mask;
    #[inline(always)]
    fn not(self) -> Mask {
        Mask(lanes::not(self.0))
    }
}

impl F32x4 {
    pub const ZERO: F32x4 = F32x4(lanes::ZERO);

    #[inline(always)]
    pub fn splat(value: f32) -> F32x4 {
        F32x4(lanes::f32_splat(value))
    }

    #[inline(always)]
    pub fn load(from: &[f32; LANES]) -> F32x4 {
        F32x4(lanes::load(from))
    }

    #[inline(always)]
    pub fn store(self, to: &mut [f32; LANES]) {
        lanes::store(self.0, to);
    }

    #[inline(always)]
    pub fn to_array(self) -> [f32; LANES] {
        let mut array = [0.0; LANES];
        self.store(&mut array);
        array
    }

    /// `self * b + c`: one rounding or two in the fast binary, as the machine has it; always two in the strict one.
    #[inline(always)]
    pub fn madd(self, b: F32x4, c: F32x4) -> F32x4 {
        F32x4(lanes::f32_madd(self.0, b.0, c.0))
    }

    /// The smaller of each pair; NaN if either is NaN, −0 below +0.
    #[inline(always)]
    pub fn min(self, other: F32x4) -> F32x4 {
        F32x4(lanes::f32_min(self.0, other.0))
    }

    /// The larger of each pair; NaN if either is NaN, −0 below +0.
    #[inline(always)]
    pub fn max(self, other: F32x4) -> F32x4 {
        F32x4(lanes::f32_max(self.0, other.0))
    }

    /// The bound where self is above it; NaN and −0 stay as they are. One instruction, where `min` takes seven.
    #[inline(always)]
    pub fn at_most(self, bound: F32x4) -> F32x4 {
        F32x4(lanes::f32_at_most(self.0, bound.0))
    }

    /// The bound where self is below it; NaN and −0 stay as they are.
    #[inline(always)]
    pub fn at_least(self, bound: F32x4) -> F32x4 {
        F32x4(lanes::f32_at_least(self.0, bound.0))
    }

    #[inline(always)]
    pub fn abs(self) -> F32x4 {
        F32x4(lanes::f32_abs(self.0))
    }

    #[inline(always)]
    pub fn sqrt(self) -> F32x4 {
        F32x4(lanes::f32_sqrt(self.0))
    }

    #[inline(always)]
    pub fn floor(self) -> F32x4 {
        F32x4(lanes::f32_floor(self.0))
    }

    /// Rounds to the nearest integer, ties to even.
    #[inline(always)]
    pub fn nearest(self) -> F32x4 {
        F32x4(lanes::f32_nearest(self.0))
    }

    #[inline(always)]
    pub fn eq(self, other: F32x4) -> Mask {
        Mask(lanes::f32_eq(self.0, other.0))
    }

    #[inline(always)]
    pub fn lt(self, other: F32x4) -> Mask {
        Mask(lanes::f32_lt(self.0, other.0))
    }

    #[inline(always)]
    pub fn le(self, other: F32x4) -> Mask {
        Mask(lanes::f32_le(self.0, other.0))
    }

    #[inline(always)]
    pub fn gt(self, other: F32x4) -> Mask {
        other.lt(self)
    }

    #[inline(always)]
    pub fn ge(self, other: F32x4) -> Mask {
        other.le(self)
    }

    #[inline(always)]
    pub fn is_nan(self) -> Mask {
        !self.eq(self)
    }

    /// The same bits as integers.
    #[inline(always)]
    pub fn to_bits(self) -> I32x4 {
        I32x4(self.0)
    }

    /// Truncates toward zero; saturates; NaN gives 0.
    #[inline(always)]
    pub fn to_i32(self) -> I32x4 {
        I32x4(lanes::f32_to_i32(self.0))
    }

    /// Four rows of four as four columns.
    #[inline(always)]
    pub fn transpose(rows: [F32x4; LANES]) -> [F32x4; LANES] {
        lanes::transpose(rows.map(|row| row.0)).map(F32x4)
    }

    /// (x0 + x2) + (x1 + x3): the fixed tree in which lanes are summed everywhere.
    #[inline(always)]
    pub fn sum(self) -> f32 {
        let [x0, x1, x2, x3] = self.to_array();
        (x0 + x2) + (x1 + x3)
    }
}

impl I32x4 {
    #[inline(always)]
    pub fn splat(value: i32) -> I32x4 {
        I32x4(lanes::i32_splat(value))
    }

    /// The same bits as f32.
    #[inline(always)]
    pub fn from_bits(self) -> F32x4 {
        F32x4(self.0)
    }

    #[inline(always)]
    pub fn to_f32(self) -> F32x4 {
        F32x4(lanes::i32_to_f32(self.0))
    }

    #[inline(always)]
    pub fn shl<const BITS: u32>(self) -> I32x4 {
        I32x4(lanes::i32_shl::<BITS>(self.0))
    }

    /// Shifts right, copies of the sign coming in.
    #[inline(always)]
    pub fn shr<const BITS: u32>(self) -> I32x4 {
        I32x4(lanes::i32_shr::<BITS>(self.0))
    }

    /// Shifts right, zeros coming in.
    #[inline(always)]
    pub fn shr_unsigned<const BITS: u32>(self) -> I32x4 {
        I32x4(lanes::u32_shr::<BITS>(self.0))
    }
}

impl Mask {
    /// `yes` where the mask is set, `no` elsewhere.
    #[inline(always)]
    pub fn select(self, yes: F32x4, no: F32x4) -> F32x4 {
        F32x4(lanes::select(self.0, yes.0, no.0))
    }

    #[inline(always)]
    pub fn any(self) -> bool {
        lanes::any(self.0)
    }
}
