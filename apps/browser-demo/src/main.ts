// The shell: the navigation, the pages behind it, the switch of colours, and use offline.

import { pages } from "./pages.ts";
import { mountColours } from "./shell/colours.ts";
import { Router } from "./shell/router.ts";

const find = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector)!;

mountColours(find(".colours"));
new Router(pages, find("nav.pages"), find("main")).start();
// Last: what the first page needs comes first.
addEventListener("load", async () => {
  const { mountOffline } = await import("./offline/offline.ts");
  await mountOffline(find(".offline"));
});
