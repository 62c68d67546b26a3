// What a program shows while it downloads: a line a file.

/** How far a download is: structurally what the data sets' finders report. */
export interface Download {
  file: string;
  fileIndex: number;
  fileCount: number;
  received: number;
  total?: number | undefined;
}

/** One line a file, said once it is done; at a terminal it counts as the bytes come. `name` is what is downloaded. */
export function downloadShown(
  name: string,
  stream: { write(text: string): unknown; isTTY?: boolean } = process.stderr,
): (progress: Download) => void {
  let last = "";
  return ({ file, fileIndex, fileCount, received, total }) => {
    const done = total !== undefined && received >= total;
    const share = total === undefined ? megabytes(received) : `${Math.floor((100 * received) / total)} %`;
    const place = fileCount > 1 ? `, file ${fileIndex + 1} of ${fileCount}` : "";
    const line = `Downloading ${name}${place}: ${file}  ${share}`;
    if (line === last || !(stream.isTTY === true || done)) return;
    last = line;
    stream.write(stream.isTTY === true ? `\r\u001b[2K${line}${done ? "\n" : ""}` : `${line}\n`);
  };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
