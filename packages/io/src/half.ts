// Half precision as files store it: every f16 is exactly an f32, so widening loses nothing; narrowing rounds to the
// nearest, ties to even, as NumPy and PyTorch do.

/** Widens f16 bit patterns, subnormals, infinities and NaN payloads included. */
export function widenHalf(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = widenBits(bits[i]!);
  return new Float32Array(wide.buffer);
}

/** Widens bf16 bit patterns: the upper halves of f32. */
export function widenBrainFloat(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const wide = new Uint32Array(bits.length);
  for (let i = 0; i < bits.length; i++) wide[i] = bits[i]! << 16;
  return new Float32Array(wide.buffer);
}

/** Rounds to f16 bit patterns; what is too large becomes infinite, a NaN the one canonical NaN. */
export function narrowToHalf(values: Float32Array): Uint16Array<ArrayBuffer> {
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < bits.length; i++) bits[i] = narrowBits(wide[i]!);
  return bits;
}

function widenBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return sign | 0x7f800000 | (fraction << 13);
  if (exponent !== 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  // Subnormal: shift the leading one up to the implicit place; each step lowers the exponent by one.
  const shift = Math.clz32(fraction) - 21;
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13);
}

function narrowBits(single: number): number {
  const sign = (single >>> 16) & 0x8000;
  const size = single & 0x7fffffff;
  if (size > 0x7f800000) return 0x7e00;
  if (size >= 0x47800000) return sign | 0x7c00; // 65,536 and more
  if (size >= 0x38800000) return sign | roundShift(size - 0x38000000, 13); // may carry into infinity, rightly
  // Subnormal: the fraction with its leading one, shifted to units of 2^-24.
  const shift = 126 - (size >>> 23);
  return shift > 24 ? sign : sign | roundShift((size & 0x7fffff) | 0x800000, shift);
}

/** value / 2^shift, to nearest, ties to even. */
function roundShift(value: number, shift: number): number {
  const quotient = value >>> shift;
  const rest = value & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return quotient + (rest > half || (rest === half && (quotient & 1) === 1) ? 1 : 0);
}
