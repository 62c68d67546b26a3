// The cache's place: by option of the environment, else by the desktop's rule, else below the home folder.
import { expect, test } from "vitest";
import { cacheFolder } from "./places.mjs";

test.each([
  [{ LANEWISE_CACHE: "/big/cache", XDG_CACHE_HOME: "/x" }, "/big/cache"],
  [{ XDG_CACHE_HOME: "/x" }, "/x/lanewise"],
  [{ XDG_CACHE_HOME: "" }, "/home/me/.cache/lanewise"],
])("%j gives %s", (env, place) => expect(cacheFolder(env, "/home/me")).toBe(place));
