# What NumPy and PyTorch give for the rows of rows.fixture.ts, as JSON by the row's name: `python3 confirm_rows.py`.
import json
import numpy as np
import torch
import torch.nn.functional as F

nan, inf = float("nan"), float("inf")
rows = {}


def row(name, *values):
    flat = [float(v) for value in values for v in np.asarray(value, dtype=np.float64).reshape(-1)]
    rows[name] = [str(v) for v in flat]


def leaf(values):
    return torch.tensor(values, dtype=torch.float32, requires_grad=True)


def with_gradients(f, *inputs):
    leaves = [leaf(values) for values in inputs]
    value = f(*leaves)
    value.sum().backward()
    return [value.detach()] + [each.grad for each in leaves]


def loss(logits, target):
    return with_gradients(lambda x: F.cross_entropy(x, torch.tensor([target])), [logits])


row("N01 softmax of logits whose exponential overflows",
    F.softmax(torch.tensor([-249.87, -424.13, -460.29, 378.1, -292.61]), 0))
row("N03 loss and gradient where the probability is 0", *loss([1000, 0], 1))
row("N04 probabilities taken for logits: a finite loss and gradient", *loss([0, 1], 0))
row("N04 the logarithm of a probability of 0: an infinite loss, a finite gradient", *loss([-inf, 0], 0))
row("N06 a loss past 23", *loss([100, 0], 1))
six = np.array([2132166414.0524406, 1061001875.3433719, -1378280739.4604993, 580317280.6221428, 189636615.92772198,
                1046490414.9768481], dtype=np.float32)
row("N07 the exact mean of the f32 inputs, ties to even", np.float32(six.astype(np.float64).mean()))
row("N09 the cosine of a huge angle", np.cos(np.float64(np.float32(222031363))))
row("N12 NaN wins in max and maximum", torch.tensor([1, nan]).max(0).values,
    torch.maximum(torch.tensor([nan, 1]), torch.tensor([1, nan])))
fives = [torch.tensor([1, nan, 3, 4, 5]), torch.tensor([1, 2, 3, 4, nan])]
row("N13 five numbers with NaN second, then last", *[torch.maximum(each, torch.zeros(5)) for each in fives],
    *[each.max(0).values for each in fives])
wide = np.nan_to_num(np.array([nan, inf, -inf, 3e9, -1.9]), nan=0.0, posinf=inf, neginf=-inf)
row("N18 f32 to i32", np.trunc(np.clip(wide, -2**31, 2**31 - 1)))
row("N19 softmax and loss of [1000, 0]", F.softmax(torch.tensor([1000.0, 0]), 0), loss([1000, 0], 1)[0])
row("A01 a column plus a row", *with_gradients(torch.add, [[1], [2]], [[10, 20, 30]]))
row("A03 a product with one zero, and with two",
    *with_gradients(lambda x: x.prod(0), [0, 2, 3]), *with_gradients(lambda x: x.prod(0), [0, 0, 3]))
row("A04 a mean over the first axis, then a product",
    *with_gradients(lambda x: x.mean(0, keepdim=True) @ torch.full((3, 1), 10.0), np.ones((2, 3))))
value, gradient = with_gradients(lambda x: x.max(0).values, [1, 1, 1, 1])
row("A06 the gradient of a maximum of equals sums to 1", value, gradient.sum(), *with_gradients(torch.maximum, [1], [1]))
row("A07 powers of 0 and of a negative base",
    *with_gradients(torch.pow, [0], [2]), *with_gradients(lambda x: x**2, [-2]))
row("A09 the sum of squares at 0, and the square of the norm", *with_gradients(lambda x: (x**2).sum(), [0, 0]),
    *with_gradients(lambda x: torch.sqrt((x**2).sum())**2, [0, 0]))
mask = torch.tensor([[True, False], [False, False]])
row("A10 the maximum of masked rows, one masked wholly",
    *with_gradients(lambda x: torch.where(mask, x, torch.tensor(-inf)).max(1).values, [[3, 9], [5, 7]]))
row("T01 concat with what has no rows", np.concatenate([np.ones((1, 1)), np.ones((0, 1))]),
    np.concatenate([np.zeros((0, 2)), [[7, 8]]]))
row("T03 concat of twice 8192", np.concatenate([np.arange(8192), np.arange(8192, 16384)]))
for n in (159, 160, 161):
    line = (np.arange(n) / (n - 1)).astype(np.float32)
    row(f"T03 outer product at {n}", np.outer(line, line))
row("T07 running sums of a broadcast", np.cumsum(np.broadcast_to([[1], [2]], (2, 3)), axis=1))
line, ones = torch.arange(1.0, 7).reshape(1, 1, 6), torch.ones(1, 1, 3)
row("C01 TensorFlow's same at stride 2", F.conv1d(F.pad(line, (0, 1)), ones, stride=2))
row("C01 one zero on each side at stride 2", F.conv1d(line, ones, stride=2, padding=1))
row("C04 1x1 at stride 2 takes every other pixel",
    F.conv2d(torch.arange(16.0).reshape(1, 1, 4, 4), torch.ones(1, 1, 1, 1), stride=2))
at = np.arange(5 * 5 * 16)
large = (np.where(at % 2 == 0, 1e9, -1e9) * (1 + (at % 13) / 1000)).astype(np.float32).reshape(1, 5, 5, 16)
eighths = (1 + (np.arange(3 * 3 * 16) % 5) / 8).reshape(3, 3, 16, 1)
row("C06 large numbers that cancel", F.conv2d(torch.from_numpy(large).double().permute(0, 3, 1, 2),
                                              torch.from_numpy(eighths).permute(3, 2, 0, 1)))
print(json.dumps(rows))
