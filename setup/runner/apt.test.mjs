// The one command for a person who may not install by our hand.
import { expect, test } from "vitest";
import { commandToType } from "./apt.mjs";

test("packages and folders make one line that a shell takes as it is", () => {
  expect(commandToType(["rustc-web", "lld-22"], ["/usr/lib/a"])).toBe(
    "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends rustc-web lld-22 && mkdir -p /usr/lib/a'",
  );
  expect(commandToType([], ["/usr/lib/a"])).toBe("sudo sh -c 'mkdir -p /usr/lib/a'");
});
