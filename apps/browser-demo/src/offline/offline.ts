// Use offline: installs the service worker once the page has what it needs, offers new versions, and removes it on demand.
// The same service worker brings cross-origin isolation to hosts that set no headers: more threads, from the next load on.
import { element } from "../shell/element.ts";
import { cachePrefix } from "./cache-name.ts";
import { offlineWish, type Wish } from "./wish.ts";

const KEY = "lanewise-offline";
/** The first page's own files go first. */
const PATIENCE_MS = 3000;

/** Fills the foot of the page with what there is to say and to press. */
export async function mountOffline(root: HTMLElement): Promise<void> {
  const { serviceWorker } = navigator as { readonly serviceWorker?: ServiceWorkerContainer };
  if (serviceWorker === undefined) return;
  const foot = new Foot(root, serviceWorker);
  const known = await serviceWorker.getRegistration("./");
  if (known !== undefined) return foot.follow(known);
  const wish = offlineWish({ address: new URL(location.href), kept: kept() });
  if (wish === "never") return;
  if (wish === "offer") return foot.offer();
  await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await foot.install();
}

function kept(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(wish: Wish | null): void {
  try {
    if (wish === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, wish);
  } catch {
    // Then it is asked for again at the next visit.
  }
}

class Foot {
  readonly #root: HTMLElement;
  readonly #container: ServiceWorkerContainer;
  readonly #words = element("p", { role: "status" });
  readonly #buttons = element("div", { class: "row" });

  constructor(root: HTMLElement, container: ServiceWorkerContainer) {
    this.#root = root;
    this.#container = container;
    root.replaceChildren(this.#words, this.#buttons);
  }

  offer(): void {
    this.#say("", ["Keep it for use offline", () => void this.install()]);
  }

  async install(): Promise<void> {
    keep(null);
    this.#say("Keeping a copy for use offline …");
    try {
      const registration = await this.#container.register("./sw.js", { scope: "./", updateViaCache: "none" });
      this.follow(registration);
    } catch (error) {
      // A blocked script, no room, no connection: the page works without.
      this.#say(`No copy for use offline: ${error instanceof Error ? error.message : String(error)}`, [
        "Try again",
        () => void this.install(),
      ]);
    }
  }

  /** Tells how a service worker does, now and when that changes. */
  follow(registration: ServiceWorkerRegistration): void {
    const look = () => this.#look(registration);
    const watch = (worker: ServiceWorker | null) => worker?.addEventListener("statechange", look);
    watch(registration.installing);
    watch(registration.waiting);
    registration.addEventListener("updatefound", () => watch(registration.installing));
    look();
  }

  #look(registration: ServiceWorkerRegistration): void {
    const { active, waiting, installing } = registration;
    if (active !== null && waiting !== null) {
      this.#say("A new version is here.", ["Use it", () => this.#takeOver(waiting)], this.#removal(registration));
    } else if (active !== null) {
      const more = crossOriginIsolated ? [] : [["Reload for more threads", () => location.reload()] as const];
      this.#say("Works offline.", ...more, this.#removal(registration));
    } else if (installing !== null || waiting !== null) {
      this.#say("Keeping a copy for use offline …");
    } else {
      this.#say("The copy for use offline could not be made.", ["Try again", () => void this.install()]);
    }
  }

  #takeOver(waiting: ServiceWorker): void {
    this.#container.addEventListener("controllerchange", () => location.reload());
    waiting.postMessage("take over");
  }

  #removal(registration: ServiceWorkerRegistration): readonly [string, () => void] {
    const remove = async () => {
      keep("off");
      await registration.unregister();
      for (const name of await caches.keys()) {
        if (name.startsWith(cachePrefix(registration.scope))) await caches.delete(name);
      }
      this.#say("The copy is removed.", ["Keep it for use offline", () => void this.install()]);
    };
    return ["Remove", () => void remove()];
  }

  #say(words: string, ...buttons: readonly (readonly [string, () => void])[]): void {
    this.#words.textContent = words;
    const made = buttons.map(([name, press]) => {
      return element("button", { type: "button", class: "plain", onclick: press }, name);
    });
    // Whoever pressed a button that is gone is not thrown back to the page's top.
    const focused = this.#root.contains(document.activeElement);
    this.#buttons.replaceChildren(...made);
    if (focused) made[0]?.focus();
  }
}
