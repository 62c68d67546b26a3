// The service worker: keeps the build's files for use offline, and gives every answer the headers of isolation.
// Its scope is the demo's own folder; the page installs it and can remove it.
import { cachePrefix } from "./cache-name.ts";

declare const BUILD_VERSION: string;
declare const BUILD_FILES: readonly string[];

interface LifeEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}
interface FetchEvent extends LifeEvent {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
interface Scope {
  readonly registration: { readonly scope: string };
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate", listener: (event: LifeEvent) => void): void;
  addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}
const scope = self as unknown as Scope;

const PREFIX = cachePrefix(scope.registration.scope);
const CACHE = PREFIX + BUILD_VERSION;
const BEGIN = "./";

scope.addEventListener("install", (event) => {
  // Names of files carry their content's hash, but for the page itself.
  const files = [new Request(BEGIN, { cache: "reload" }), ...BUILD_FILES];
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(files)));
});

scope.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(PREFIX) && name !== CACHE) await caches.delete(name);
      }
      await scope.clients.claim();
    })(),
  );
});

/** The page says when the new version may take over; it asks first where a training runs. */
scope.addEventListener("message", ({ data }) => {
  if (data === "take over") void scope.skipWaiting();
});

scope.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope.registration.scope)) return;
  event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const page = request.mode === "navigate" && isBegin(request.url);
  const found = await cache.match(page ? BEGIN : request, { ignoreSearch: page });
  return isolated(found ?? (await fetch(request)));
}

function isBegin(address: string): boolean {
  const { pathname } = new URL(address);
  const folder = new URL(scope.registration.scope).pathname;
  return pathname === folder || pathname === `${folder}index.html`;
}

/** The same answer with the headers that a plain host cannot set. */
function isolated(response: Response): Response {
  if (response.status === 0 || response.type === "opaqueredirect") return response;
  const headers = new Headers(response.headers);
  headers.set("Cross-Origin-Opener-Policy", "same-origin");
  headers.set("Cross-Origin-Embedder-Policy", "require-corp");
  headers.set("Cross-Origin-Resource-Policy", "same-origin");
  const { status, statusText } = response;
  return new Response(response.body, { status, statusText, headers });
}
