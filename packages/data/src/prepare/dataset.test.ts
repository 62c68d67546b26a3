// Training on one's own drawings sees what use will see.
import { init, scope, tensor } from "@lanewise/tensor";
import { beforeAll, expect, it } from "vitest";
import reference from "../../fixtures/prepare.json" with { type: "json" };
import { drawn, grey } from "./drawing.fixture.ts";
import { digitDataset, mnistInput, prepareDigit } from "./index.ts";

beforeAll(() => init());

it("U06: the same picture through training's path and through use's is the same tensor", () => {
  const images = reference.digits.map(drawn);
  const trained = digitDataset({ images, labels: images.map((_, at) => at), source: "drawings" }, mnistInput);
  scope(() => {
    const { x } = trained.batch(Int32Array.of(2, 5));
    const used = [2, 5].map((at) => {
      const prepared = prepareDigit(images[at]!, mnistInput);
      return prepared.kind === "digit" ? tensor(prepared.pixels).data() : new Float32Array();
    });
    expect([...x.data()]).toEqual(used.flatMap((row) => [...row]));
  });
});

it("U04: an empty picture among drawings is named", () => {
  const images = [drawn(reference.digits[0]!), grey(9, 9, new Uint8Array(81))];
  expect(() => digitDataset({ images, labels: [0, 1], source: "drawings" }, mnistInput)).toThrow(/in image 1/);
});
