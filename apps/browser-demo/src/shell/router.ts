// Shows the page that the address names after its #; each is loaded at its first visit and then stays as it is left.
import type { PageEntry } from "../pages.ts";
import { element } from "./element.ts";
import { notice } from "./notice.ts";

interface Visited {
  readonly section: HTMLElement;
  readonly heading: HTMLElement;
}

export class Router {
  readonly #pages: readonly PageEntry[];
  readonly #navigation: HTMLElement;
  readonly #main: HTMLElement;
  readonly #links = new Map<PageEntry, HTMLAnchorElement>();
  readonly #visited = new Map<PageEntry, Visited>();
  #current: PageEntry | undefined;

  constructor(pages: readonly PageEntry[], navigation: HTMLElement, main: HTMLElement) {
    this.#pages = pages;
    this.#navigation = navigation;
    this.#main = main;
  }

  start(): void {
    const list = element("ul");
    for (const page of this.#pages) {
      const link = element("a", { href: `#${page.id}` }, page.name);
      this.#links.set(page, link);
      list.append(element("li", {}, link));
    }
    this.#navigation.append(list);
    addEventListener("hashchange", () => this.#show(true));
    this.#show(false);
  }

  /** @param moved whether somebody went there: the focus follows then, so that a screen reader reads the new page */
  #show(moved: boolean): void {
    const id = location.hash.slice(1);
    const page = this.#pages.find((each) => each.id === id);
    // Another address, as that of the link that skips the navigation, is a place within the page.
    if (page === undefined && this.#current !== undefined) return;
    const next = page ?? this.#pages[0]!;
    if (next === this.#current) return;
    this.#current = next;
    for (const [each, link] of this.#links) {
      if (each === next) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    const visited = this.#visited.get(next) ?? this.#visit(next);
    for (const [each, { section }] of this.#visited) section.hidden = each !== next;
    document.title = `${next.title} · Lanewise`;
    if (!moved) return;
    scrollTo(0, 0);
    visited.heading.focus({ preventScroll: true });
  }

  #visit(page: PageEntry): Visited {
    const heading = element("h1", { tabindex: -1, id: `${page.id}-title` }, page.title);
    const body = element("div", { class: "body" });
    const head = element("div", { class: "head" }, heading, element("p", { class: "about" }, page.about));
    const section = element("section", { class: `page ${page.id}`, "aria-labelledby": heading.id }, head, body);
    const visited = { section, heading };
    this.#visited.set(page, visited);
    this.#main.append(section);
    void this.#fill(page, body);
    return visited;
  }

  async #fill(page: PageEntry, body: HTMLElement): Promise<void> {
    body.setAttribute("aria-busy", "true");
    try {
      const { mount } = await page.load();
      body.replaceChildren();
      const end = mount(body);
      addEventListener("pagehide", ({ persisted }) => {
        if (!persisted) end();
      });
    } catch (error) {
      body.replaceChildren(
        notice("This page could not be loaded.", {
          detail: error instanceof Error ? error.message : String(error),
          again: () => void this.#fill(page, body),
        }),
      );
    } finally {
      body.removeAttribute("aria-busy");
    }
  }
}
