// How the kernels run, in a table of the page's own thread and its workers, with the reasons and what would bring more.
import { element } from "../shell/element.ts";
import type { PlainReport } from "./messages.ts";

/** A place where kernels run, or start, or do not run. */
export interface Place {
  readonly name: string;
  readonly report: PlainReport | "starting" | "failed";
}

export function reportView(places: readonly Place[]): HTMLElement {
  const reasons = statements(places, (report) => report.reasons);
  const advice = statements(places, (report) => report.advice);
  return element(
    "div",
    { class: "stack" },
    table(places),
    reasons.length === 0 ? null : element("div", {}, element("h3", {}, "Why"), list(reasons)),
    advice.length === 0 ? null : element("div", {}, element("h3", {}, "To get more"), list(advice)),
  );
}

/** What reports say, each once; what is not so everywhere with the places where it is. */
export function statements(places: readonly Place[], of: (report: PlainReport) => readonly string[]): string[] {
  const said = new Map<string, string[]>();
  const told = places.filter(({ report }) => typeof report === "object");
  for (const { name, report } of told) {
    for (const statement of of(report as PlainReport)) said.set(statement, [...(said.get(statement) ?? []), name]);
  }
  return [...said].map(([statement, names]) =>
    names.length === told.length ? sentence(statement) : sentence(`${names.join(", ")}: ${statement}`),
  );
}

const list = (items: readonly string[]): HTMLElement =>
  element("ul", {}, ...items.map((item) => element("li", {}, item)));

const STATES = { starting: "starting …", failed: "not running" } as const;

const ROWS: readonly (readonly [name: string, value: (report: PlainReport) => string])[] = [
  ["Binary", ({ binary }) => binary],
  ["Mode", ({ mode }) => mode],
  ["Threads", ({ threads }) => String(threads)],
  ["Memory limit", ({ memoryBytes }) => `${+(memoryBytes / 2 ** 30).toFixed(2)} GiB`],
];

function table(places: readonly Place[]): HTMLElement {
  const head = ["", ...places.map(({ name }) => name)].map((name) =>
    name === "" ? element("td") : element("th", { scope: "col" }, name),
  );
  const rows = ROWS.map(([name, value]) => {
    const cells = places.map(({ report }) =>
      element("td", {}, typeof report === "object" ? value(report) : STATES[report]),
    );
    return element("tr", {}, element("th", { scope: "row" }, name), ...cells);
  });
  return element(
    "table",
    {},
    element("caption", { class: "unseen" }, "How the kernels run"),
    element("thead", {}, element("tr", {}, ...head)),
    element("tbody", {}, ...rows),
  );
}

function sentence(text: string): string {
  const whole = `${text[0]!.toUpperCase()}${text.slice(1)}`;
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}
