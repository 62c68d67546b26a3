// What the demo's caches are called: other pages of the same origin may keep caches too.

/** How the names of all of them begin, for a service worker of this scope. */
export function cachePrefix(scope: string): string {
  return `lanewise-demo ${scope} `;
}
