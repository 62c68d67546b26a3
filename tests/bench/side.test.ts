// A side is a process behind a line protocol: its first line, its replies, its errors, its end.
import { expect, it } from "vitest";
import { Side } from "./side.ts";

const script = `
  console.log(JSON.stringify({ name: "echo", version: "1", threads: 1, settings: "" }));
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { measure, size } = JSON.parse(line);
    if (measure === "die") process.exit(3);
    console.log(JSON.stringify(measure === "fail" ? { error: "cannot" } : { seconds: size / 2, value: size }));
  });
`;
const echo = { id: "echo", program: process.execPath, args: ["-e", script] };

it("says who it is, replies, and ends", async () => {
  const side = await Side.start(echo);
  expect(side.hello.name).toBe("echo");
  expect(await side.ask({ measure: "x", size: 8, seconds: 1 })).toEqual({ seconds: 4, value: 8 });
  await expect(side.ask({ measure: "fail", seconds: 1 })).rejects.toThrow("not measured: cannot");
  expect(await side.ask({ measure: "x", size: 2, seconds: 1 })).toEqual({ seconds: 1, value: 2 });
  await side.end();
  await side.end();
});

it("reports a side that ends in the middle, one that cannot start, and what it complained of", async () => {
  const side = await Side.start(echo);
  await expect(side.ask({ measure: "die", seconds: 1 })).rejects.toThrow(
    'echo ended while it measured {"measure":"die"',
  );
  await side.end();
  const program = "/no/such/python";
  await expect(Side.start({ id: "torch-1", program, args: [] })).rejects.toThrow(
    "torch-1 did not start (/no/such/python",
  );
  const args = ["-e", "throw new Error('no module torch')"];
  await expect(Side.start({ id: "torch-1", program: process.execPath, args })).rejects.toThrow("no module torch");
});
