//! The lanes on wasm: one instruction each.

use core::arch::wasm32::*;

pub type Raw = v128;

pub const ZERO: Raw = f32x4(0.0, 0.0, 0.0, 0.0);

#[inline(always)]
pub fn load(from: &[f32; 4]) -> Raw {
    // SAFETY: the reference is to 16 readable bytes; v128.load needs no alignment.
    unsafe { v128_load(from.as_ptr().cast()) }
}

#[inline(always)]
pub fn store(value: Raw, to: &mut [f32; 4]) {
    // SAFETY: the reference is to 16 writable bytes; v128.store needs no alignment.
    unsafe { v128_store(to.as_mut_ptr().cast(), value) }
}

#[inline(always)]
pub fn f32_madd(a: Raw, b: Raw, c: Raw) -> Raw {
    #[cfg(target_feature = "relaxed-simd")]
    return f32x4_relaxed_madd(a, b, c);
    #[cfg(not(target_feature = "relaxed-simd"))]
    return f32x4_add(f32x4_mul(a, b), c);
}

macro_rules! lanes {
    ($($name:ident($($arg:ident),*) = $intrinsic:ident;)*) => {$(
        #[inline(always)]
        pub fn $name($($arg: Raw),*) -> Raw {
            $intrinsic($($arg),*)
        }
    )*};
}
lanes! {
    f32_add(a, b) = f32x4_add;
    f32_sub(a, b) = f32x4_sub;
    f32_mul(a, b) = f32x4_mul;
    f32_div(a, b) = f32x4_div;
    f32_neg(a) = f32x4_neg;
    f32_min(a, b) = f32x4_min;
    f32_max(a, b) = f32x4_max;
    f32_at_most(a, b) = f32x4_pmin;
    f32_at_least(a, b) = f32x4_pmax;
    f32_abs(a) = f32x4_abs;
    f32_sqrt(a) = f32x4_sqrt;
    f32_floor(a) = f32x4_floor;
    f32_nearest(a) = f32x4_nearest;
    f32_eq(a, b) = f32x4_eq;
    f32_lt(a, b) = f32x4_lt;
    f32_le(a, b) = f32x4_le;
    f32_to_i32(a) = i32x4_trunc_sat_f32x4;
    i32_to_f32(a) = f32x4_convert_i32x4;
    i32_add(a, b) = i32x4_add;
    i32_sub(a, b) = i32x4_sub;
    i32_mul(a, b) = i32x4_mul;
    and(a, b) = v128_and;
    or(a, b) = v128_or;
    xor(a, b) = v128_xor;
    not(a) = v128_not;
}

#[inline(always)]
pub fn f32_splat(value: f32) -> Raw {
    f32x4_splat(value)
}

#[inline(always)]
pub fn i32_splat(value: i32) -> Raw {
    i32x4_splat(value)
}

#[inline(always)]
pub fn i32_shl<const BITS: u32>(a: Raw) -> Raw {
    i32x4_shl(a, BITS)
}

#[inline(always)]
pub fn i32_shr<const BITS: u32>(a: Raw) -> Raw {
    i32x4_shr(a, BITS)
}

#[inline(always)]
pub fn u32_shr<const BITS: u32>(a: Raw) -> Raw {
    u32x4_shr(a, BITS)
}

#[inline(always)]
pub fn select(mask: Raw, yes: Raw, no: Raw) -> Raw {
    v128_bitselect(yes, no, mask)
}

#[inline(always)]
pub fn any(mask: Raw) -> bool {
    v128_any_true(mask)
}

/// Lane j of row i becomes lane i of row j.
#[inline(always)]
pub fn transpose([a, b, c, d]: [Raw; 4]) -> [Raw; 4] {
    let (ab_low, ab_high) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<2, 6, 3, 7>(a, b));
    let (cd_low, cd_high) = (i32x4_shuffle::<0, 4, 1, 5>(c, d), i32x4_shuffle::<2, 6, 3, 7>(c, d));
    [
        i32x4_shuffle::<0, 1, 4, 5>(ab_low, cd_low),
        i32x4_shuffle::<2, 3, 6, 7>(ab_low, cd_low),
        i32x4_shuffle::<0, 1, 4, 5>(ab_high, cd_high),
        i32x4_shuffle::<2, 3, 6, 7>(ab_high, cd_high),
    ]
}
