// A server on 127.0.0.1 that publishes a data set's files, well or badly, for the tests of finding and downloading.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Mirror {
  /** Ends in a slash. */
  address: string;
  /** What was asked for: "NAME", with " bytes=N-" where a range was. */
  asked: string[];
  close(): Promise<void>;
}

export type Answer = (name: string, request: IncomingMessage, response: ServerResponse) => void;

/** A server whose every answer is `answer`'s. */
export async function startMirror(answer: Answer): Promise<Mirror> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const name = (request.url ?? "").slice("/data/".length);
    asked.push(request.headers.range === undefined ? name : `${name} ${request.headers.range}`);
    answer(name, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${port}/data/`, asked, close };
}

/** Answers as a good server does, ranges included. */
export function serve(files: ReadonlyMap<string, Uint8Array>): Answer {
  return (name, request, response) => {
    const bytes = files.get(name);
    if (bytes === undefined) return void response.writeHead(404).end();
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
    if (Number.isNaN(from)) return void response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    if (from >= bytes.length) return void response.writeHead(416, { "content-range": `bytes */${bytes.length}` }).end();
    const range = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
    response
      .writeHead(206, { "content-range": range, "content-length": bytes.length - from })
      .end(bytes.subarray(from));
  };
}
