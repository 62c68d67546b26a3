// Whether a copy for use offline is wanted, by where the page lies and what was said before.

/** Made by itself, offered, not made until asked for again, or not thought of. */
export type Wish = "install" | "offer" | "off" | "never";

export interface Circumstances {
  readonly address: URL;
  /** What an earlier visit kept; "off" after a removal. */
  readonly kept: string | null;
}

/** On one's own machine a kept copy would hide one's changes: there it must be asked for, by ?sw=on. */
export function offlineWish({ address, kept }: Circumstances): Exclude<Wish, "off"> {
  const own = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(address.hostname) || address.hostname.endsWith(".localhost");
  const asked = address.searchParams.get("sw");
  if (asked === "off" || (own && asked !== "on")) return "never";
  return kept === "off" ? "offer" : "install";
}
