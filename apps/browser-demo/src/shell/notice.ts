// A message in the page's own words: what went wrong, and what can be done about it.
import { element } from "./element.ts";

export interface NoticeOptions {
  /** What exactly happened; smaller. */
  readonly detail?: string;
  /** Offers to try again. */
  readonly again?: () => void;
  /** A failure is read out at once; "calm" waits for its turn. */
  readonly tone?: "failure" | "calm";
}

export function notice(message: string, { detail, again, tone = "failure" }: NoticeOptions = {}): HTMLElement {
  return element(
    "div",
    { class: `notice ${tone}`, role: tone === "failure" ? "alert" : "status" },
    element("p", {}, message),
    detail === undefined ? null : element("p", { class: "detail" }, detail),
    again === undefined ? null : element("button", { type: "button", onclick: again }, "Try again"),
  );
}
