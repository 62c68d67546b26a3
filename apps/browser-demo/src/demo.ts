// The program: builds the demo, then serves it, or leaves the static build for any host.
import { fileURLToPath } from "node:url";
import { flag, integer, type OptionValues, type Program, parseOptions, runMain, text } from "@lanewise/terminal";
import { buildDemo } from "./build/build.ts";
import { serveDemo } from "./build/serve.ts";

const DIST = fileURLToPath(new URL("../dist/", import.meta.url));

const options = {
  build: flag("Leave the static build in the folder and end; any plain host can serve it, from any path."),
  out: text("Folder for the build.", { placeholder: "folder", default: DIST, short: "o" }),
  port: integer("Port of this machine to serve at; 0 takes a free one.", {
    default: 4173,
    min: 0,
    max: 65_535,
    short: "p",
  }),
  plain: flag("Serve as a plain static host does, without the headers of cross-origin isolation: one thread."),
} as const;

const program = {
  name: "demo",
  description: "Draw digits, drop photos, train networks in a page, on the same kernels as in Node.",
  options,
  epilogue:
    "Examples:\n" + "  npm run demo\n" + "  npm run demo -- --port 8080 --plain\n" + "  npm run demo -- --build",
} satisfies Program<typeof options>;

async function run({ build, out, port, plain }: OptionValues<typeof options>): Promise<number> {
  const { files, bytes } = await buildDemo(out);
  const size = `${files} files, ${(bytes / 1e6).toFixed(1)} MB`;
  if (build) {
    console.log(`${out}: ${size}. It works from any path of any static host.`);
    return 0;
  }
  const server = await serveDemo(out, { port, isolated: !plain });
  const how = plain ? "without isolation, as a plain host: one thread" : "cross-origin isolated: many threads";
  console.log(`The demo is at ${server.address} (${how}). Ctrl-C ends it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
  await server.close();
  return 0;
}

const given = parseOptions(program);
await runMain("demo", () => run(given));
