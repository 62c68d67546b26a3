// Numbers as a reader wants them: a sensible count of digits, thousands parted, a true minus sign, units apart.

const minus = "−";
const hardSpace = "\u00a0";
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹";

export type Format = (value: number) => string;

function unusual(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "∞";
  if (value === Number.NEGATIVE_INFINITY) return `${minus}∞`;
  return undefined;
}

function signed(text: string): string {
  return text.startsWith("-") ? minus + text.slice(1) : text;
}

function parted(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const groups = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return fraction === undefined ? groups : `${groups}.${fraction}`;
}

/** 10 to a power in superscript digits: `10⁻⁵`. */
export function powerOfTen(exponent: number): string {
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join("");
  return `10${exponent < 0 ? "⁻" : ""}${digits}`;
}

/** A count: `60,000`. A number that is none is rounded. */
export function integer(value: number): string {
  return unusual(value) ?? signed(parted(Math.round(value).toFixed(0).replace(/^-0$/, "0")));
}

/** A given count of decimals: `fixed(2)(3.14159)` is `3.14`. */
export function fixed(decimals: number): Format {
  return (value) => {
    const text = unusual(value);
    if (text !== undefined) return text;
    const rounded = value.toFixed(decimals);
    return signed(parted(Number(rounded) === 0 ? rounded.replace("-", "") : rounded));
  };
}

/** A given count of digits: `significant(4)(0.0123456)` is `0.01235`, `significant(4)(0.0000123456)` is `1.235×10⁻⁵`. */
export function significant(digits: number): Format {
  return (value) => {
    const text = unusual(value);
    if (text !== undefined) return text;
    if (value === 0) return "0";
    if (Number.isInteger(value) && Math.abs(value) < 1e9) return integer(value);
    const [mantissa = "", power = "0"] = value.toExponential(digits - 1).split("e");
    const exponent = Number(power);
    if (exponent < -4 || exponent >= Math.max(digits, 6)) return `${signed(mantissa)}×${powerOfTen(exponent)}`;
    return signed(parted(Number(value.toPrecision(digits)).toFixed(Math.max(0, digits - 1 - exponent))));
  };
}

/** A fraction in per cent: `percent(2)(0.0162)` is `1.62 %`. */
export function percent(decimals: number): Format {
  const digits = fixed(decimals);
  return (value) => `${digits(value * 100)}${hardSpace}%`;
}

/** A time in seconds as a person says it: `0.42 s`, `58.2 s`, `3 min 12 s`, `1 h 02 min`. */
export function duration(seconds: number): string {
  const text = unusual(seconds);
  if (text !== undefined) return text;
  if (seconds < 9.995) return `${fixed(2)(seconds)}${hardSpace}s`;
  if (seconds < 59.95) return `${fixed(1)(seconds)}${hardSpace}s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}${hardSpace}min${hardSpace}${whole % 60}${hardSpace}s`;
  const minutes = Math.round(whole / 60);
  return `${Math.floor(minutes / 60)}${hardSpace}h${hardSpace}${String(minutes % 60).padStart(2, "0")}${hardSpace}min`;
}

/** A size in bytes with the SI's prefixes: `812 B`, `1.2 MB`. */
export function byteSize(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (Math.abs(size) >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || Math.abs(size) >= 99.95 ? 0 : 1;
  return `${fixed(digits)(size)}${hardSpace}${units[unit]}`;
}

/** What a tick of an axis or an unformatted table cell gets: whole numbers whole, others without trailing zeros. */
export function plain(value: number): string {
  const text = unusual(value);
  if (text !== undefined) return text;
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return integer(value);
  const [mantissa = "", power = "0"] = value.toExponential(5).split("e");
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 9) return signed(parted(String(Number(value.toPrecision(6)))));
  const short = String(Number(mantissa));
  return short === "1" ? powerOfTen(exponent) : `${signed(short)}×${powerOfTen(exponent)}`;
}

/** One count of decimals for all the numbers of a column, the fewest that lose nothing of so many digits. */
export function columnFormat(values: readonly number[], digits = 4): Format {
  const finite = values.filter((value) => Number.isFinite(value) && value !== 0).map(Math.abs);
  if (finite.every((value) => Number.isInteger(value))) return significant(digits);
  const largest = Math.max(...finite);
  const smallest = Math.min(...finite);
  // A column over many magnitudes would lose its small numbers behind a shared count of decimals.
  if (largest / smallest > 1e4 || largest < 1e-3 || largest >= 1e6) return significant(digits);
  const decimalsFor = (value: number, wanted: number) => wanted - 1 - Math.floor(Math.log10(value));
  // The small ones keep two digits at least.
  const decimals = Math.max(0, decimalsFor(largest, digits), decimalsFor(smallest, Math.min(digits, 2)));
  const needed = finite.map(
    (value) =>
      value
        .toFixed(decimals)
        .replace(/\.?0*$/, "")
        .split(".")[1]?.length ?? 0,
  );
  return fixed(Math.max(...needed));
}
