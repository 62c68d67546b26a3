//! ln, exp, sine and cosine in f64 from plain operations alone: the same bits on every machine and in both binaries.
//!
//! Coefficients and reductions are those of fdlibm (Sun Microsystems, 1993): e_log.c, e_exp.c, k_sin.c, k_cos.c.
#![allow(clippy::excessive_precision, reason = "the constants stand as published")]

/// ln x of a positive normal number, to within a unit in the last place.
pub fn ln(x: f64) -> f64 {
    const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
    // x = 2ᵏ m with m in √½..√2: half of an exponent step is added before it is cut off.
    let bits = x.to_bits() + (0x3ff0_0000_0000_0000 - 0x3fe6_a09e_0000_0000);
    let k = (bits >> 52) as i64 - 1023;
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) + 0x3fe6_a09e_0000_0000);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let z = s * s;
    let w = z * z;
    let even =
        w * (3.999_999_999_940_941_908e-1 + w * (2.222_219_843_214_978_396e-1 + w * 1.531_383_769_920_937_332e-1));
    let odd = z
        * (6.666_666_666_666_735_130e-1
            + w * (2.857_142_874_366_239_149e-1
                + w * (1.818_357_216_161_805_012e-1 + w * 1.479_819_860_511_658_591e-1)));
    let half = 0.5 * f * f;
    let k = k as f64;
    k * LN2_HIGH - ((half - (s * (half + (even + odd)) + k * LN2_LOW)) - f)
}

/// eˣ for |x| below 700, to within a unit in the last place.
pub fn exp(x: f64) -> f64 {
    const LN2_HIGH: f64 = 6.931_471_803_691_238_164_90e-1;
    const LN2_LOW: f64 = 1.908_214_929_270_587_700_02e-10;
    let k = (x * core::f64::consts::LOG2_E).round_ties_even();
    let (high, low) = (x - k * LN2_HIGH, k * LN2_LOW);
    let r = high - low;
    let z = r * r;
    let tail =
        6.613_756_321_437_934_361_17e-5 + z * (-1.653_390_220_546_525_153_90e-6 + z * 4.138_136_797_057_238_460_39e-8);
    let c = r - z * (1.666_666_666_666_660_190_37e-1 + z * (-2.777_777_777_701_559_338_42e-3 + z * tail));
    let y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
    y * f64::from_bits(((k as i64 + 1023) as u64) << 52)
}

/// Sine and cosine of 2π t for t in 0..1.
pub fn sin_cos_of_turn(t: f64) -> (f64, f64) {
    let quarter = (4.0 * t + 0.5).floor();
    quarter_turns(quarter as i32, (t - quarter / 4.0) * core::f64::consts::TAU)
}

/// Sine and cosine of `quarters` quarter turns and `x` more, |x| ≤ π/4.
pub fn quarter_turns(quarters: i32, x: f64) -> (f64, f64) {
    let (sin, cos) = (sin_near_zero(x), cos_near_zero(x));
    match quarters & 3 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

fn sin_near_zero(x: f64) -> f64 {
    let z = x * x;
    let tail = 8.333_333_333_322_489_461_24e-3
        + z * (-1.984_126_982_985_794_931_34e-4
            + z * (2.755_731_370_707_006_767_89e-6
                + z * (-2.505_076_025_340_686_341_95e-8 + z * 1.589_690_995_211_550_102_21e-10)));
    x + z * x * (-1.666_666_666_666_663_243_48e-1 + z * tail)
}

fn cos_near_zero(x: f64) -> f64 {
    let z = x * x;
    let tail = z
        * (4.166_666_666_666_660_190_37e-2
            + z * (-1.388_888_888_887_410_957_49e-3
                + z * (2.480_158_728_947_672_941_78e-5
                    + z * (-2.755_731_435_139_066_330_35e-7
                        + z * (2.087_572_321_298_174_827_90e-9 + z * -1.135_964_755_778_819_482_65e-11)))));
    let half = 0.5 * z;
    let w = 1.0 - half;
    w + (((1.0 - w) - half) + z * tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_from_the_smallest_uniform_number_to_large_ones() {
        let points =
            (1..2000).map(|i| f64::from(i) / 1000.0).chain([2f64.powi(-33), 2f64.powi(-32), 1e-5, 1e30, 1e-30]);
        for x in points {
            assert!((ln(x) - x.ln()).abs() <= 3e-16 * x.ln().abs(), "{x}");
        }
        assert_eq!(ln(1.0), 0.0);
    }

    #[test]
    fn exponential_over_the_range_of_f32() {
        for i in -15_000..=9_000 {
            let x = f64::from(i) / 100.0;
            assert!((exp(x) - x.exp()).abs() <= 4e-16 * x.exp(), "{x}");
        }
    }

    #[test]
    fn sine_and_cosine_of_a_turn() {
        for i in 0..4000 {
            let t = f64::from(i) / 4000.0;
            let (sin, cos) = sin_cos_of_turn(t);
            let (want_sin, want_cos) = (t * core::f64::consts::TAU).sin_cos();
            // The product 2π t itself is off by 4e-16 here and there.
            assert!((sin - want_sin).abs() < 1e-15 && (cos - want_cos).abs() < 1e-15, "{t}");
        }
        assert_eq!(sin_cos_of_turn(0.25), (1.0, 0.0));
        assert_eq!(sin_cos_of_turn(0.5), (0.0, -1.0));
    }
}
