// Numbers in CSV cells: read from bytes without making a string, exactly as Number() would read them.

/** What a cell holds when it is no finite number. */
export const NOT_A_NUMBER = Number.NaN;

const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * The number in bytes[start, end), NaN if there is none (empty, text, null, inf, nan). Up to 15 digits with a point are
 * an exact integer over an exact power of ten, so one division rounds correctly; the rest goes through Number().
 */
export function parseNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  const negative = bytes[at] === 0x2d;
  if (negative) at++;
  let mantissa = 0;
  let digits = 0;
  let pointAt = -1;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= 0x30 && byte <= 0x39) {
      mantissa = mantissa * 10 + (byte - 0x30);
      digits++;
    } else if (byte === 0x2e && pointAt < 0) {
      pointAt = at;
    } else {
      return parseText(cellText(bytes, start, end));
    }
  }
  if (digits === 0) return NOT_A_NUMBER;
  if (digits > 15) return parseText(cellText(bytes, start, end));
  const value = pointAt < 0 ? mantissa : mantissa / POWERS[end - 1 - pointAt]!;
  return negative ? -value : value;
}

/** A cell as text, without the blanks and quotes around it. */
export function cellText(bytes: Uint8Array, start: number, end: number): string {
  const text = new TextDecoder().decode(bytes.subarray(start, end)).trim();
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text;
}

function parseText(text: string): number {
  const value = NUMBER.test(text) ? Number(text) : NOT_A_NUMBER;
  return Number.isFinite(value) ? value : NOT_A_NUMBER; // 1e999
}
