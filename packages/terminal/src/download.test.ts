// What is written while a download goes on, at a terminal and into a file.
import { expect, test } from "vitest";
import { downloadShown } from "./download.ts";

function written(isTTY: boolean) {
  const texts: string[] = [];
  return { texts, stream: { isTTY, write: (text: string) => texts.push(text) } };
}

test("into a file: one line for each file that is done", () => {
  const { texts, stream } = written(false);
  const show = downloadShown("digits", stream);
  const file = { file: "a.gz", fileIndex: 0, fileCount: 2, total: 200 };
  show({ ...file, received: 50 });
  show({ ...file, received: 200 });
  show({ ...file, received: 200 });
  expect(texts).toEqual(["Downloading digits, file 1 of 2: a.gz  100 %\n"]);
});

test("at a terminal: the line counts, and without a total it tells megabytes", () => {
  const { texts, stream } = written(true);
  const show = downloadShown("images", stream);
  const file = { file: "b.tar.gz", fileIndex: 0, fileCount: 1 };
  show({ ...file, received: 1_500_000 });
  show({ ...file, received: 1_500_000, total: 6_000_000 });
  show({ ...file, received: 6_000_000, total: 6_000_000 });
  expect(texts).toEqual([
    "\r\u001b[2KDownloading images: b.tar.gz  1.5 MB",
    "\r\u001b[2KDownloading images: b.tar.gz  25 %",
    "\r\u001b[2KDownloading images: b.tar.gz  100 %\n",
  ]);
});
