// Marks inside a line of text: **strong**, *emphasis*, `code`, $maths in Typst's notation$, [text](address), [](#id).
import MarkdownIt from "markdown-it";
import { plain } from "../numbers.ts";

/** A piece of a line, as the template reads it. */
export type Span =
  | { kind: "text" | "code" | "math"; text: string }
  | { kind: "strong" | "emphasis"; parts: Span[] }
  | { kind: "link"; address: string; parts: Span[] }
  | { kind: "reference"; id: string };

const parser = new MarkdownIt("zero", { html: false, linkify: false });
parser.enable(["emphasis", "backticks", "escape", "link"]);

parser.inline.ruler.before("escape", "maths", (state, silent) => {
  if (state.src[state.pos] !== "$") return false;
  const end = state.src.indexOf("$", state.pos + 1);
  const inside = end < 0 ? "" : state.src.slice(state.pos + 1, end);
  // As in other Markdowns: `$5 and $6` is money, since a formula neither begins nor ends with a space.
  if (inside === "" || inside.trim() !== inside) return false;
  if (!silent) state.push("maths", "", 0).content = inside;
  state.pos = end + 1;
  return true;
});

type Token = ReturnType<typeof parser.parseInline>[number];

function spansUntil(tokens: Token[], closing: string | undefined): Span[] {
  const spans: Span[] = [];
  for (let token = tokens.shift(); token !== undefined && token.type !== closing; token = tokens.shift()) {
    if (token.type === "strong_open") spans.push({ kind: "strong", parts: spansUntil(tokens, "strong_close") });
    else if (token.type === "em_open") spans.push({ kind: "emphasis", parts: spansUntil(tokens, "em_close") });
    else if (token.type === "link_open")
      spans.push(link(String(token.attrGet("href")), spansUntil(tokens, "link_close")));
    else if (token.type === "code_inline") spans.push({ kind: "code", text: token.content });
    else if (token.type === "maths") spans.push({ kind: "math", text: token.content });
    else if (token.content !== "") spans.push({ kind: "text", text: token.content });
  }
  return spans;
}

function link(address: string, parts: Span[]): Span {
  return address.startsWith("#") && parts.length === 0
    ? { kind: "reference", id: address.slice(1) }
    : { kind: "link", address, parts };
}

/** A text with marks, made by `md`. */
export interface Marked {
  readonly spans: readonly Span[];
}

/** A plain string stands for itself, sign by sign: only `md` gives signs a meaning. */
export type Text = string | Marked;

// Private-use characters around the place of a value put in, so that none of its own signs is read as a mark.
const place = /\uE000(\d+)\uE001/g;

/**
 * A line of marked text: md`The rate is $eta = ${0.1}$, the data *${path}*.` What is put in is never read for marks. A number
 * in text is written as readers want it (`60,000`); inside maths it stays a number, and a string becomes upright text.
 */
export function md(parts: TemplateStringsArray, ...values: readonly (string | number)[]): Marked {
  const source = parts.raw
    // A backtick is written \` inside a template, and is a mark all the same.
    .map((part, at) => part.replaceAll("\\`", "`") + (at < values.length ? `\uE000${at}\uE001` : ""))
    .join("")
    .replace(/[ \t\r\n]+/g, " ")
    .trim();
  const [inline] = parser.parseInline(source, {});
  return { spans: filled(spansUntil([...(inline?.children ?? [])], undefined), values) };
}

function filled(spans: Span[], values: readonly (string | number)[]): Span[] {
  const literal = (text: string) => text.replace(place, (_, at) => String(values[Number(at)]));
  const read = (text: string) => text.replace(place, (_, at) => readable(values[Number(at)]));
  return spans.map((span): Span => {
    if (span.kind === "math")
      return { ...span, text: span.text.replace(place, (_, at) => mathsOf(values[Number(at)])) };
    if (span.kind === "reference") return { ...span, id: literal(span.id) };
    if (span.kind === "link") return { ...span, address: literal(span.address), parts: filled(span.parts, values) };
    if ("parts" in span) return { ...span, parts: filled(span.parts, values) };
    return { ...span, text: span.kind === "code" ? literal(span.text) : read(span.text) };
  });
}

function readable(value: string | number | undefined): string {
  return typeof value === "number" ? plain(value) : String(value);
}

function mathsOf(value: string | number | undefined): string {
  if (typeof value !== "number") return JSON.stringify(String(value));
  const [mantissa = "", exponent] = String(value).split("e");
  if (exponent === undefined) return mantissa;
  return `${mantissa === "1" ? "" : `${mantissa} times `}10^(${Number(exponent)})`;
}

/** The spans of any text. */
export function spansOf(text: Text): Span[] {
  if (typeof text !== "string") return [...text.spans];
  // Lines of a template in the source are no lines of the report; a hard space stays one.
  return [{ kind: "text", text: text.replace(/[ \t\r\n]+/g, " ") }];
}
