// Marks inside a line, and that nothing put in from outside is ever read as one.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { md, type Span, spansOf } from "./inline.ts";
import { plainText } from "./prepare.ts";

const kinds = (spans: readonly Span[]) => spans.map((span) => span.kind);

describe("md", () => {
  it("reads maths, strong, emphasis, code, links and references", () => {
    expect(md`A **b** *c* \`d\` $x^2$ [e](https://f.org) [](#g)`.spans).toEqual([
      { kind: "text", text: "A " },
      { kind: "strong", parts: [{ kind: "text", text: "b" }] },
      { kind: "text", text: " " },
      { kind: "emphasis", parts: [{ kind: "text", text: "c" }] },
      { kind: "text", text: " " },
      { kind: "code", text: "d" },
      { kind: "text", text: " " },
      { kind: "math", text: "x^2" },
      { kind: "text", text: " " },
      { kind: "link", address: "https://f.org", parts: [{ kind: "text", text: "e" }] },
      { kind: "text", text: " " },
      { kind: "reference", id: "g" },
    ]);
  });

  it("leaves names and money alone", () => {
    expect(kinds(md`train_loss and test_loss cost $5 and $6`.spans)).toEqual(["text"]);
  });

  it("joins the lines of a template", () => {
    expect(
      plainText(
        md`one
      two`.spans,
      ),
    ).toBe("one two");
  });

  it("writes a number in text as readers want it", () => {
    expect(plainText(md`${60000} images, ${-0.5}, \`${60000}\``.spans)).toBe("60,000 images, −0.5, 60000");
  });

  it("keeps a number in maths a number, and makes a string upright text", () => {
    expect(md`$eta = ${0.1}$`.spans).toEqual([{ kind: "math", text: "eta = 0.1" }]);
    expect(md`$eta = ${1e-7}$, $${2.5e30}$`.spans[0]).toEqual({ kind: "math", text: "eta = 10^(-7)" });
    expect(md`$a = ${'b" #read("x")'}$`.spans).toEqual([{ kind: "math", text: 'a = "b\\" #read(\\"x\\")"' }]);
  });

  it("takes every value literally", () => {
    // Every sign with a meaning, those that stand for places among them; all of Unicode takes seconds to set up.
    const unit = fc.constantFrom(...String.raw`*_$[]()\<>#&!~|"'{} a0é𝒳`, "`", "\uE000", "\uE001", "\n");
    fc.assert(
      fc.property(fc.string({ unit }), (value) => {
        const { spans } = md`a ${value}, **${value}**`;
        expect(plainText(spans)).toBe(`a ${value}, ${value}`);
        expect(kinds(spans)).toEqual(["text", "strong"]);
      }),
    );
  });
});

describe("a plain string", () => {
  it("has no marks", () => {
    expect(spansOf("**a** $b$ [](#c)")).toEqual([{ kind: "text", text: "**a** $b$ [](#c)" }]);
  });

  it("has its lines joined and its hard spaces kept", () => {
    expect(spansOf("5\u00a0%\n    of it")).toEqual([{ kind: "text", text: "5\u00a0% of it" }]);
  });
});
