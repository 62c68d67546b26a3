// The one command for a person who may not install by our hand.
import { expect, test } from "vitest";
import { commandFor, commandToType, MissingPackages } from "./apt.mjs";

test("packages and folders make one line that a shell takes as it is", () => {
  expect(commandToType(["rustc-web", "lld-22"], ["/usr/lib/a"])).toBe(
    "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends rustc-web lld-22 && mkdir -p /usr/lib/a'",
  );
  expect(commandToType([], ["/usr/lib/a"])).toBe("sudo sh -c 'mkdir -p /usr/lib/a'");
});

test("several errors make one command, and none makes none", () => {
  const errors = [
    new MissingPackages("no Rust", ["rustc-web", "gcc"], ["/usr/lib/a"]),
    new Error("no disk"),
    new MissingPackages("no C compiler", ["gcc"]),
  ];
  expect(commandFor(errors)).toBe(
    "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends rustc-web gcc && mkdir -p /usr/lib/a'",
  );
  expect(commandFor([errors[1]])).toBeUndefined();
});
