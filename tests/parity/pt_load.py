# Loads what pt.test.ts wrote beside the files of pt_files.py, and prints what it is as JSON.
import json, struct, zipfile
import torch


def load(path):
    return torch.load(path, weights_only=True)


def described(tensor):
    return [str(tensor.dtype), list(tensor.size()), tensor.is_contiguous(), [str(v) for v in tensor.flatten().tolist()]]


def placed(path):
    """Where in a block of 64 bytes each file's content begins, and its compression."""
    content = open(path, "rb").read()
    for entry in zipfile.ZipFile(path).infolist():
        name, extra = struct.unpack_from("<HH", content, entry.header_offset + 26)
        yield [(entry.header_offset + 30 + name + extra) % 64, entry.compress_type]


written = load("written.pkl")
half, single = load("half.pt")["w"], load("single.pt")["w"]
again, before = load("again.pt"), torch.load("protocol2.pt")
print(json.dumps({
    "kind": type(written).__name__,
    "written": [[name, *described(tensor)] for name, tensor in written.items()],
    "half": [str(half.dtype), torch.equal(half, single.half())],
    "placed": list(placed("single.pt")),
    "damaged": zipfile.ZipFile("half.pt").testzip(),
    "again": list(again) == list(before)
    and all(torch.equal(again[k], before[k]) and again[k].dtype == before[k].dtype for k in before),
}))
