// Places where a very long word may break, lest it run off the page: a path after its separators, a hash anywhere.
import type { Span } from "./inline.ts";

const longWord = /[^\s\u200B]{25,}/gu;
const zeroWidthSpace = "\u200B";
const piece = /[^/\\_.,:;=&?-]{12}(?=[^/\\_.,:;=&?-])|[/\\_.,:;=&?-]+(?=.)/gu;

/** The text with zero-width spaces, which leave no trace where the line does not break. */
export function breakableText(text: string): string {
  return text.replace(longWord, (word) => word.replace(piece, (part) => part + zeroWidthSpace));
}

export function breakable(spans: readonly Span[]): Span[] {
  return spans.map((span) => {
    if (span.kind === "text" || span.kind === "code") return { ...span, text: breakableText(span.text) };
    return "parts" in span ? { ...span, parts: breakable(span.parts) } : span;
  });
}
