// The binary inside a module comes out again as it went in.
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { embedded } from "./wasm-binaries.mjs";

test("base64 of gzip, as a module's default export", () => {
  const wasm = Uint8Array.from({ length: 5000 }, (_, at) => (at * at) & 255);
  const text = /^\/\/ .*\nexport default "([A-Za-z0-9+/=]+)";\n$/.exec(embedded(wasm))[1];
  expect(new Uint8Array(gunzipSync(Buffer.from(text, "base64")))).toEqual(wasm);
});
