// What keys mean on the drawing board.
import { expect, test } from "vitest";
import { FIELDS, middleOf, type PenOrder, penOrder, spoken } from "./keyboard.ts";

const key = (name: string, held: Partial<Parameters<typeof penOrder>[0]> = {}) => ({
  key: name,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

test.each<[string, PenOrder | null]>([
  ["ArrowLeft", { kind: "move", to: { column: 0, row: 5 } }],
  ["ArrowDown", { kind: "move", to: { column: 0, row: 6 } }],
  ["PageUp", { kind: "move", to: { column: 1, row: 4 } }],
  [" ", { kind: "pen", down: true }],
  ["Escape", null],
  ["Backspace", { kind: "undo" }],
  ["Delete", { kind: "clear" }],
  ["Tab", null],
  ["7", null],
])("%s at the left edge", (name, order) => {
  expect(penOrder(key(name), { column: 0, row: 5 }, false)).toEqual(order);
});

test("a pen that is down is lifted by the space bar and by Escape", () => {
  for (const name of [" ", "Escape"]) {
    expect(penOrder(key(name), { column: 1, row: 1 }, true)).toEqual({ kind: "pen", down: false });
  }
});

test("keys of the browser stay the browser's, but for undo", () => {
  expect(penOrder(key("ArrowLeft", { altKey: true }), { column: 3, row: 3 }, true)).toBeNull();
  expect(penOrder(key("Z", { metaKey: true }), { column: 3, row: 3 }, true)).toEqual({ kind: "undo" });
});

test("fields have their middles, and are spoken from 1", () => {
  expect(middleOf({ column: 0, row: FIELDS - 1 })).toEqual({ x: 0.5 / FIELDS, y: 1 - 0.5 / FIELDS });
  expect(spoken({ column: 0, row: 4 }, true)).toBe("row 5, column 1, pen down");
});
