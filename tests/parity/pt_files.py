# Files as the real PyTorch writes them, for pt.test.ts; run in the folder that they go to.
from collections import OrderedDict
import torch

torch.manual_seed(0)

weights = torch.arange(54.).reshape(2, 3, 3, 3)
torch.save({"weight": weights.to(memory_format=torch.channels_last)}, "channels_last.pt")
torch.save({"weight": torch.arange(6.).reshape(2, 3).t(), "every_other": torch.arange(10)[1::3]}, "strided.pt")

whole = torch.arange(100)
torch.save({"slice": whole[5:], "other": whole[10:12]}, "shared.pt")
torch.save({"expanded": torch.tensor([7.]).expand(2, 3)}, "expanded.pt")

kinds = ["float16", "bfloat16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "bool"]
torch.save(OrderedDict((k, torch.tensor([[0, 1, 1], [0, 0, 1]]).to(getattr(torch, k))) for k in kinds), "kinds.pt")
bits = torch.tensor([0x3F80, 0x7F80, 0xFF80 - 0x10000, 0x7FC0, 1], dtype=torch.int16)
torch.save({"bf16": bits.view(torch.bfloat16)}, "bf16.pt")
torch.save({"scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3)}, "shapes.pt")

model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten(), torch.nn.Linear(16, 2))
state = model.state_dict()
for protocol in [2, 3, 4, 5]:
    torch.save(state, f"protocol{protocol}.pt", pickle_protocol=protocol)
torch.save(dict(model.named_parameters()), "parameters.pt")
x = torch.randn(2, 3, 4, 4)
model(x).sum().backward()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
optimizer.step()
torch.save({"model": state, "optimizer": optimizer.state_dict(), "epoch": 3}, "checkpoint.pth.tar")

for protocol in [2, 4, 5]:
    torch.save({"bytes": b"hello", "high": bytes([0, 255, 128])}, f"bytes{protocol}.pt", pickle_protocol=protocol)
torch.save(b"hello", "bytes.pt")
torch.save({"epoch": 3}, "epoch.pt")
torch.save({}, "nothing.pt")
torch.save([1, -1, 300, 70000, -70000, 2**40, -2**40, 2**70, 1.5, True, None, "größe", (1, 2), {"a": {1: [2]}}, {3},
            torch.Size([2, 3]), torch.float32, torch.device("cpu"), bytearray(b"ab")], "things.pt")

torch.save(torch.nn.Linear(2, 1), "module.pt")
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 1)), "jit.pt")
torch.save(state, "legacy.pt", _use_new_zipfile_serialization=False)
import numpy
torch.save({"loss": numpy.float64(1.5)}, "numpy.pt")
torch.save({"weight": torch.eye(3).to_sparse()}, "sparse.pt")
torch.save({"weight": torch.ones(2, dtype=torch.complex64)}, "complex.pt")
