// CSV: what is taken for a header, a label and a number, and how a bad row is named.
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type CsvOptions, readCsv } from "./csv.ts";

const read = (text: string, options: Partial<CsvOptions<"f32" | "u8">> = {}): ReturnType<typeof readCsv> =>
  readCsv(new TextEncoder().encode(text), { label: 0, ...options } as CsvOptions);

const row = (first: number | string, count: number): string =>
  [first, ...Array.from({ length: count - 1 }, (_, i) => i % 256)].join(",");

test("D06 785 columns, first row text: the header is found, the label column is taken out", async () => {
  const header = ["label", ...Array.from({ length: 784 }, (_, i) => `${Math.floor(i / 28) + 1}x${(i % 28) + 1}`)];
  const table = await read(`${header.join(",")}\n${row(5, 785)}\n${row(3, 785)}\n`, { dtype: "u8", columns: 785 });
  expect([table.rows, table.columns, table.values.length]).toEqual([2, 784, 2 * 784]);
  expect(table.labels).toEqual(Int32Array.of(5, 3));
  expect(table.names?.[0]).toBe("1x1");
  expect([...table.values.subarray(0, 3)]).toEqual([0, 1, 2]);
});

test("D06 without a header the first row is data, also where headers are numbers but for the label's", async () => {
  const plain = await read("5,1,2\n6,3,4");
  expect(plain).toEqual({
    rows: 2,
    columns: 2,
    names: undefined,
    values: Float32Array.of(1, 2, 3, 4),
    labels: Int32Array.of(5, 6),
  });
  expect((await read("label,0,1\n5,1,2\n")).names).toEqual(["0", "1"]);
  expect((await read("1,2\n3,4\n", { header: true })).rows).toBe(1);
});

test("D06 the label column by name, by index from the end, or none; 784 columns where 785 are wanted", async () => {
  const text = "a,b,class\n1,2,7\n";
  for (const label of ["class", -1, 2]) {
    const table = await read(text, { label });
    expect([table.labels, table.values]).toEqual([Int32Array.of(7), Float32Array.of(1, 2)]);
  }
  const all = await read("1,2,7\n", { label: null });
  expect([all.labels, all.columns]).toEqual([undefined, 3]);
  await expect(read(text, { label: "klass" })).rejects.toThrow(
    "no column 'klass' for the labels; line 1 has: a, b, class",
  );
  await expect(read(text, { label: 3 })).rejects.toThrow("label column 3 is not one of its 3 columns");
  await expect(read(row(5, 784), { columns: 785 })).rejects.toThrow("line 1 has 784 columns, expected 785");
  const missing = { delimiter: "," } as CsvOptions;
  await expect(readCsv(new Uint8Array(0), missing)).rejects.toThrow("label is missing; say which column");
});

test("D09 rows of length 5 and 6, a null and an Infinity are named by line and column", async () => {
  const text =
    "y,a,b,c,d\n0,1,2,3,4\n1,1,2,3,4,5\n1,null,2,3,4\n1,1,2,Infinity,4\n1,1,2\n2,1,2,,4\n1.5,1,2,3,4\n1,1,nan,3,1e999\n";
  await expect(read(text, { name: "t.csv" })).rejects.toThrow(`t.csv has 7 bad rows:
  line 3: 6 columns, expected 5
  line 4: column 2 ('a') is 'null', expected a finite number
  line 5: column 4 ('c') is 'Infinity', expected a finite number
  line 6: 3 columns, expected 5
  line 7: column 4 ('c') is empty, expected a finite number
  line 8: label, column 1 ('y') is '1.5', expected a whole number
  line 9: column 3 ('b') is 'nan', expected a finite number`);
});

test("D09 after ten bad rows reading stops; a value that f32 makes infinite is one", async () => {
  await expect(read("1,x\n".repeat(99).replace("1,x", "1,2"))).rejects.toThrow(
    "has at least 10 bad rows:\n  line 2: column 2",
  );
  await expect(read("1,3.5e38\n")).rejects.toThrow("column 2 is '3.5e38', expected a finite number");
  expect((await read("1,3.4028234e38\n")).values[0]).toBe(Math.fround(3.4028234e38));
});

test("D09 a first row of data with a bad cell is not taken for a header", async () => {
  await expect(read("1,null\n2,3\n")).rejects.toThrow("line 1: column 2 is 'null'");
  await expect(read(",1\n2,3\n")).rejects.toThrow("line 1: label, column 1 is empty, expected a whole number");
  await expect(read("NaN,1\n2,3\n")).rejects.toThrow("line 1: label, column 1 is 'NaN'");
});

test("u8 wants whole numbers from 0 to 255", async () => {
  expect((await read("1,0,255\n", { dtype: "u8" })).values).toEqual(Uint8Array.of(0, 255));
  for (const bad of ["256", "-1", "1.5"]) {
    await expect(read(`1,${bad}\n`, { dtype: "u8" })).rejects.toThrow(
      `line 1: column 2 is '${bad}', expected a whole number from 0 to 255`,
    );
  }
});

test("line ends, blank lines, a byte order mark, quotes, blanks and other delimiters", async () => {
  const table = await read('\ufeff"the ""label""";"a;b"\r\n"7"; 1.5 \r\n\r\n8;"-2"', { delimiter: ";", label: 0 });
  expect(table.names).toEqual(["a;b"]);
  expect([table.labels, table.values]).toEqual([Int32Array.of(7, 8), Float32Array.of(1.5, -2)]);
  await expect(read("1\t2", { delimiter: "1" })).rejects.toThrow("no single character that can stand between numbers");
});

test("an empty file, one column, nothing but a header", async () => {
  await expect(read("")).rejects.toThrow("the CSV file is empty");
  expect((await read("1\n2\n")).labels).toEqual(Int32Array.of(1, 2));
  expect((await read("a,b\n")).rows).toBe(0);
});

test("F28 D04 only bytes, zipped or not, in pieces of any size", async () => {
  const text = "label,a,b\n1,2,3\n4,5,6\n7,8,9";
  const whole = await read(text);
  for (const bytes of [new TextEncoder().encode(text), new Uint8Array(gzipSync(text))]) {
    for (let size = 1; size < 12; size++) {
      const pieces = async function* (): AsyncGenerator<Uint8Array> {
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      };
      expect(await readCsv(pieces(), { label: 0 })).toEqual(whole);
    }
  }
  await expect(readCsv("1,2" as unknown as Uint8Array, { label: 0 })).rejects.toThrow(TypeError);
});

test("a line without end and values over maxBytes are refused", async () => {
  const endless = async function* (): AsyncGenerator<Uint8Array> {
    for (;;) yield new Uint8Array(2 ** 22).fill(0x31);
  };
  await expect(readCsv(endless(), { label: 0 })).rejects.toThrow("line 1 has more than 16777216 bytes");
  const wide = `${row(1, 2 ** 20)}\n`.repeat(8);
  await expect(read(wide, { maxBytes: 2 ** 23 })).rejects.toThrow("its values take more than 8388608 bytes");
});

test("property: numbers are read as Number() reads them, rounded to f32", async () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -3e38, max: 3e38 }).map(String),
    fc.tuple(fc.integer(), fc.nat(10 ** 9)).map(([whole, part]) => `${whole}.${part}`),
    fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map(String),
    fc.constantFrom(".5", "5.", "-.25", "+3", "1e3", "-0", "0.1e-3", "007"),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(number, { minLength: 1 }), async (numbers) => {
      const { values } = await read(`${numbers.join(",")}\n`, { label: null, header: false });
      expect(values).toEqual(Float32Array.from(numbers, Number));
    }),
  );
});
