// The whole MNIST, where LANEWISE_DATA has it, against NumPy's own reading of the same files; and the sample against both.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mnist } from "@lanewise/data";
import { init } from "@lanewise/tensor";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasPython, python, temporaryFolder } from "./python.ts";

const READ = `
import gzip, hashlib, json, os, sys, numpy as np
folder, result = os.path.join(os.environ['LANEWISE_DATA'], 'mnist'), {}
def idx(name, skip):
    path = os.path.join(folder, name)
    data = gzip.open(path + '.gz').read() if os.path.exists(path + '.gz') else open(path, 'rb').read()
    return np.frombuffer(data, np.uint8, offset=skip)
sha = lambda *arrays: hashlib.sha256(b''.join(a.tobytes() for a in arrays)).hexdigest()
rows = {}
for part, name in [('train', 'train'), ('test', 't10k')]:
    x, y = idx(name + '-images-idx3-ubyte', 16).reshape(-1, 784), idx(name + '-labels-idx1-ubyte', 8).astype('<i4')
    rows[part] = x
    unique = np.unique(x, axis=0)
    n = 10000 if part == 'train' else 2000
    result[part] = dict(count=len(x), sha=sha(x, y), sample=sha(x[:n], y[:n]), duplicates=len(x) - len(unique),
        f32=sha((x[:5000].astype(np.float32) / np.float32(255))), classes=np.bincount(y).tolist())
    if part == 'test':
        np.savetxt('mnist_test.csv', np.concatenate([y[:, None], x], 1), '%d', ',')
        np.savetxt('mnist_train.csv', np.concatenate([y[:, None], x], 1), '%d', ',')
known = set(row.tobytes() for row in rows['test'])
result['shared'] = sum(row.tobytes() in known for row in rows['train'])
print(json.dumps(result))
`;

const hasData = process.env.LANEWISE_DATA !== undefined;
if (!hasData) console.warn("not tested: the whole MNIST against NumPy (LANEWISE_DATA is not set)");

describe.runIf(hasData && hasPython("numpy", "the whole MNIST against NumPy"))("MNIST", () => {
  const { folder, remove } = temporaryFolder();
  let numpy: Record<"train" | "test", Record<string, unknown>> & { shared: number };
  beforeAll(async () => {
    numpy = JSON.parse(python(READ, folder));
    await init();
  }, 300_000);
  afterAll(remove);

  test("both parts, the hashes, x / 255 to the bit, classes", async () => {
    const both = await mnist({ download: false });
    for (const part of ["train", "test"] as const) {
      const data = both[part];
      const { count, sha, f32, classes } = numpy[part];
      expect([data.length, data.sha256, data.isSample]).toEqual([count, sha, false]);
      const first = data.batch(Int32Array.from({ length: 5000 }, (_, i) => i)).x.data();
      expect(createHash("sha256").update(new Uint8Array(first.buffer)).digest("hex")).toBe(f32);
      expect([...data.check().perClass].toSorted(([a], [b]) => a - b).map(([, n]) => n)).toEqual(classes);
    }
    expect(both.train.source).toMatch(/^MNIST training set, IDX from /);
  });

  test("D07 duplicates within the training part and between both parts, as NumPy counts them", async () => {
    const { train, test: held } = await mnist({ download: false });
    const report = train.check({ against: held });
    expect([report.duplicates, report.shared]).toEqual([numpy.train.duplicates, numpy.shared]);
    expect(held.check().duplicates).toBe(numpy.test.duplicates);
  });

  test("the sample in the app is the beginning of MNIST", async () => {
    const { train, test: held } = await mnist({ path: new URL("../../apps/mnist-mlp/sample/", import.meta.url) });
    expect([train.sha256, held.sha256]).toEqual([numpy.train.sample, numpy.test.sample]);
    expect([train.isSample, held.isSample]).toEqual([true, true]);
  });

  test("D06 a CSV file that NumPy wrote is the same data, with and without a header", async () => {
    const { test: held } = await mnist({ path: folder, format: "csv" });
    expect(held.sha256).toBe(numpy.test.sha);
    const pixels = Array.from({ length: 784 }, (_, i) => `pixel${i}`).join(",");
    const script = `text = open('mnist_test.csv').read(); open('mnist_test.csv', 'w').write('label,${pixels}\\n' + text)`;
    python(script, folder);
    expect((await mnist({ path: folder, format: "csv" })).test.sha256).toBe(numpy.test.sha);
  });

  test("D09 a damaged line of the CSV file is named", async () => {
    writeFileSync(join(folder, "mnist_train.csv"), `${"0,".repeat(784)}0\n${"0,".repeat(783)}0\n`);
    await expect(mnist({ path: folder, format: "csv" })).rejects.toThrow(
      /mnist_train.csv has 1 bad row:\n {2}line 2: 784 columns, expected 785/,
    );
  });
});
