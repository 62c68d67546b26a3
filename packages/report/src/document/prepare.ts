// A report as the data its template reads: texts parsed, numbers written, pictures apart as files.
import { measureText } from "../fonts.ts";
import { columnFormat, type Format, plain } from "../numbers.ts";
import { breakable, breakableText } from "./breaks.ts";
import { type Span, spansOf, type Text } from "./inline.ts";
import type { Block, Cell, Column, Figure, Report, Section, Table } from "./model.ts";

export interface Prepared {
  /** For the template, as JSON. */
  data: unknown;
  /** By the path under which the template finds them. */
  files: Map<string, Uint8Array>;
  /** Each formula with the place where it stands, to name one that does not compile. */
  formulas: { maths: string; place: string }[];
}

/** Collects what is found on the way: pictures, formulas, ids and references to them. */
class Preparation {
  readonly files = new Map<string, Uint8Array>();
  readonly formulas: Prepared["formulas"] = [];
  readonly ids = new Set<string>();
  readonly references: { id: string; place: string }[] = [];
  place = "the title";

  text(text: Text): Span[] {
    const spans = spansOf(text);
    this.collect(spans);
    return breakable(spans);
  }

  private collect(spans: Span[]): void {
    for (const span of spans) {
      if (span.kind === "math") this.formulas.push({ maths: span.text, place: this.place });
      else if (span.kind === "reference") this.references.push({ id: span.id, place: this.place });
      else if ("parts" in span) this.collect(span.parts);
    }
  }

  id(id: string | undefined): string | null {
    if (id === undefined) return null;
    if (!/^[a-zA-Z][\w-]*$/.test(id)) {
      throw new RangeError(`report: id "${id}" in ${this.place}, expected a letter, then letters, digits, - or _`);
    }
    if (this.ids.has(id))
      throw new RangeError(`report: id "${id}" comes twice (again in ${this.place}), expected it once`);
    this.ids.add(id);
    return id;
  }

  checkReferences(): void {
    for (const { id, place } of this.references) {
      if (this.ids.has(id)) continue;
      const known = [...this.ids].join(", ") || "none";
      throw new RangeError(`report: ${place} refers to "#${id}", which nothing has; the ids are: ${known}`);
    }
  }

  section(section: Section, level: number): unknown {
    const outer = this.place;
    this.place = `section "${plainText(spansOf(section.title))}"`;
    const title = this.text(section.title);
    const id = this.id(section.id);
    const blocks = section.blocks.map((part, at) => {
      this.place = `section "${plainText(spansOf(section.title))}"`;
      return "kind" in part ? this.block(part, section.blocks[at + 1]) : this.section(part, level + 1);
    });
    this.place = outer;
    return { kind: "section", level, number: section.number ?? null, title, id, blocks };
  }

  block(block: Block, next?: Block | Section): unknown {
    switch (block.kind) {
      case "paragraph":
        return { kind: block.kind, text: this.text(block.text), leads: leadsTo(next, block.text) };
      case "note":
        return { kind: block.kind, text: this.text(block.text) };
      case "statement":
        return {
          kind: block.kind,
          title: this.text(block.title),
          blocks: block.blocks.map((inner) => this.block(inner)),
        };
      case "list":
        return { kind: block.kind, numbered: block.numbered, items: block.items.map((item) => this.text(item)) };
      case "formula":
        this.formulas.push({ maths: block.maths, place: this.place });
        return { kind: block.kind, maths: block.maths, id: this.id(block.id) };
      case "keyFigures":
        return {
          kind: block.kind,
          figures: block.figures.map(({ value, label }) => ({ value: this.text(value), label: this.text(label) })),
        };
      case "facts":
        return {
          kind: block.kind,
          facts: block.facts.map(([name, value]) => [this.text(name), this.cell(value, plain)]),
        };
      case "table":
        return this.table(block.table);
      case "figure":
        return this.figure(block.figure);
      case "columns":
        return {
          kind: block.kind,
          weights: block.weights,
          columns: block.columns.map((blocks) => blocks.map((inner) => this.block(inner))),
        };
      case "code":
        return { kind: block.kind, text: breakableText(block.text) };
      case "pageBreak":
        return block;
    }
  }

  private cell(cell: Cell, format: Format): Span[] {
    return this.text(typeof cell === "number" ? format(cell) : cell);
  }

  private table(table: Table): unknown {
    const columns = table.columns.map(
      (column): Column => (typeof column === "object" && "title" in column ? column : { title: column }),
    );
    if (columns.length === 0)
      throw new RangeError(`report: a table in ${this.place} has no column, expected at least one`);
    table.rows.forEach((row, at) => {
      if (row.length === columns.length) return;
      const rows = `row ${at + 1} of a table in ${this.place}`;
      throw new RangeError(`report: ${rows} has ${row.length} cells, expected ${columns.length}, one for each column`);
    });
    const formats = columns.map(({ format }, at) => {
      const numbers = table.rows.flatMap((row) => (typeof row[at] === "number" ? [row[at]] : []));
      return format ?? columnFormat(numbers);
    });
    const isNumeric = (at: number) => table.rows.length > 0 && table.rows.every((row) => typeof row[at] === "number");
    const head = columns.map(({ title }) => this.text(title));
    const rows = table.rows.map((row) => row.map((cell, at) => this.cell(cell, formats[at] ?? plain)));
    return {
      kind: "table",
      head,
      words: head.map((title, at) => longestWord([title, ...rows.map((row) => row[at] ?? [])])),
      align: columns.map(({ align }, at) => align ?? (isNumeric(at) ? "right" : "left")),
      rows,
      highlight: table.highlight ?? [],
      caption: table.caption === undefined ? null : this.text(table.caption),
      id: this.id(table.id),
    };
  }

  private figure(figure: Figure): unknown {
    const { svg, png } = figure;
    if ((svg === undefined) === (png === undefined)) {
      throw new RangeError(
        `report: a figure in ${this.place} has ${svg ? "an SVG and" : "neither an SVG nor"} a PNG, expected one`,
      );
    }
    const path = `/figure-${this.files.size + 1}.${svg === undefined ? "png" : "svg"}`;
    this.files.set(path, svg === undefined ? (png as Uint8Array) : new TextEncoder().encode(svg));
    const caption = figure.caption === undefined ? null : this.text(figure.caption);
    const alt = figure.alt ?? (figure.caption === undefined ? "" : plainText(spansOf(figure.caption)));
    const { width = null, floating = false } = figure;
    return { kind: "figure", path, caption, alt, width, floating, id: this.id(figure.id) };
  }
}

/** Whether a paragraph must not end a page: it goes on in a formula, or a colon announces what comes. */
function leadsTo(next: Block | Section | undefined, text: Text): boolean {
  if (next === undefined || !("kind" in next)) return false;
  return next.kind === "formula" || plainText(spansOf(text)).trimEnd().endsWith(":");
}

/** The widest piece of texts that no line break divides. */
function longestWord(texts: readonly (readonly Span[])[]): string {
  const words = texts.flatMap((spans) => plainText(spans).split(/[ \u200b]+/));
  return words.reduce((widest, word) => (measureText(word, 10) > measureText(widest, 10) ? word : widest), "");
}

/** The words of spans without their marks, for the file's properties and for readers who hear it. */
export function plainText(spans: readonly Span[]): string {
  return spans.map((span) => ("parts" in span ? plainText(span.parts) : "text" in span ? span.text : span.id)).join("");
}

export function prepare(report: Report): Prepared {
  const preparation = new Preparation();
  const titleText = plainText(spansOf(report.title));
  const title = preparation.text(report.title);
  const subtitle = report.subtitle === undefined ? null : preparation.text(report.subtitle);
  preparation.place = "the summary";
  const summary = (report.summary ?? []).map((block) => preparation.block(block));
  const sections = report.sections.map((section) => preparation.section(section, 1));
  preparation.checkReferences();
  const data = {
    title,
    titleText,
    shortTitle: titleText.length > 80 ? `${titleText.slice(0, 79).trimEnd()}…` : titleText,
    subtitle,
    authors: report.authors ?? [],
    date: report.date ?? null,
    summary,
    sections,
  };
  return { data, files: preparation.files, formulas: preparation.formulas };
}
