//! The lanes as a plain array of bit patterns, so that the kernels run under `cargo test` on any machine.

pub type Raw = [u32; 4];

pub const ZERO: Raw = [0; 4];

fn floats(a: Raw) -> [f32; 4] {
    a.map(f32::from_bits)
}

fn map(a: Raw, op: impl Fn(f32) -> f32) -> Raw {
    floats(a).map(|x| op(x).to_bits())
}

fn zip(a: Raw, b: Raw, op: impl Fn(f32, f32) -> f32) -> Raw {
    core::array::from_fn(|i| op(f32::from_bits(a[i]), f32::from_bits(b[i])).to_bits())
}

fn compare(a: Raw, b: Raw, op: impl Fn(f32, f32) -> bool) -> Raw {
    core::array::from_fn(|i| if op(f32::from_bits(a[i]), f32::from_bits(b[i])) { u32::MAX } else { 0 })
}

fn bits(a: Raw, b: Raw, op: impl Fn(u32, u32) -> u32) -> Raw {
    core::array::from_fn(|i| op(a[i], b[i]))
}

pub fn load(from: &[f32; 4]) -> Raw {
    from.map(f32::to_bits)
}

pub fn store(value: Raw, to: &mut [f32; 4]) {
    *to = floats(value);
}

pub fn f32_madd(a: Raw, b: Raw, c: Raw) -> Raw {
    f32_add(f32_mul(a, b), c)
}

pub fn f32_add(a: Raw, b: Raw) -> Raw {
    zip(a, b, |x, y| x + y)
}

pub fn f32_sub(a: Raw, b: Raw) -> Raw {
    zip(a, b, |x, y| x - y)
}

pub fn f32_mul(a: Raw, b: Raw) -> Raw {
    zip(a, b, |x, y| x * y)
}

pub fn f32_div(a: Raw, b: Raw) -> Raw {
    zip(a, b, |x, y| x / y)
}

pub fn f32_neg(a: Raw) -> Raw {
    map(a, |x| -x)
}

pub fn f32_min(a: Raw, b: Raw) -> Raw {
    zip(a, b, |x, y| match () {
        _ if x.is_nan() || y.is_nan() => f32::NAN,
        _ if x == 0.0 && y == 0.0 => {
            if x.is_sign_negative() {
                x
            } else {
                y
            }
        }
        _ => x.min(y),
    })
}

pub fn f32_at_most(a: Raw, b: Raw) -> Raw {
    zip(a, b, |x, y| if y < x { y } else { x })
}

pub fn f32_at_least(a: Raw, b: Raw) -> Raw {
    zip(a, b, |x, y| if x < y { y } else { x })
}

pub fn f32_max(a: Raw, b: Raw) -> Raw {
    f32_neg(f32_min(f32_neg(a), f32_neg(b)))
}

pub fn f32_abs(a: Raw) -> Raw {
    map(a, f32::abs)
}

pub fn f32_sqrt(a: Raw) -> Raw {
    map(a, f32::sqrt)
}

pub fn f32_floor(a: Raw) -> Raw {
    map(a, f32::floor)
}

pub fn f32_nearest(a: Raw) -> Raw {
    map(a, f32::round_ties_even)
}

pub fn f32_eq(a: Raw, b: Raw) -> Raw {
    compare(a, b, |x, y| x == y)
}

pub fn f32_lt(a: Raw, b: Raw) -> Raw {
    compare(a, b, |x, y| x < y)
}

pub fn f32_le(a: Raw, b: Raw) -> Raw {
    compare(a, b, |x, y| x <= y)
}

pub fn f32_to_i32(a: Raw) -> Raw {
    floats(a).map(|x| x as i32 as u32)
}

pub fn i32_to_f32(a: Raw) -> Raw {
    a.map(|x| (x as i32 as f32).to_bits())
}

pub fn i32_add(a: Raw, b: Raw) -> Raw {
    bits(a, b, u32::wrapping_add)
}

pub fn i32_sub(a: Raw, b: Raw) -> Raw {
    bits(a, b, u32::wrapping_sub)
}

pub fn i32_mul(a: Raw, b: Raw) -> Raw {
    bits(a, b, u32::wrapping_mul)
}

pub fn and(a: Raw, b: Raw) -> Raw {
    bits(a, b, |x, y| x & y)
}

pub fn or(a: Raw, b: Raw) -> Raw {
    bits(a, b, |x, y| x | y)
}

pub fn xor(a: Raw, b: Raw) -> Raw {
    bits(a, b, |x, y| x ^ y)
}

pub fn not(a: Raw) -> Raw {
    a.map(|x| !x)
}

pub fn f32_splat(value: f32) -> Raw {
    [value.to_bits(); 4]
}

pub fn i32_splat(value: i32) -> Raw {
    [value as u32; 4]
}

pub fn i32_shl<const BITS: u32>(a: Raw) -> Raw {
    a.map(|x| x << BITS)
}

pub fn i32_shr<const BITS: u32>(a: Raw) -> Raw {
    a.map(|x| ((x as i32) >> BITS) as u32)
}

pub fn u32_shr<const BITS: u32>(a: Raw) -> Raw {
    a.map(|x| x >> BITS)
}

pub fn select(mask: Raw, yes: Raw, no: Raw) -> Raw {
    core::array::from_fn(|i| (mask[i] & yes[i]) | (!mask[i] & no[i]))
}

pub fn any(mask: Raw) -> bool {
    mask.iter().any(|&lane| lane != 0)
}

pub fn transpose(rows: [Raw; 4]) -> [Raw; 4] {
    core::array::from_fn(|j| core::array::from_fn(|i| rows[i][j]))
}
