"""PyTorch's side of the bench: the same line protocol as serve.ts, the same inputs as inputs.ts.

    python torch_peer.py THREADS
"""

import json
import math
import sys
import time
import traceback

import numpy as np
import torch

from torch_cifar import Cifar
from torch_conv import Conv

REPETITION_SECONDS = 0.004
WARM_UP_SECONDS = 0.3
IMAGE_COUNT = 8192
STEPS_IN_A_REPETITION = 10


def factors(n):
    i = np.arange(n * n, dtype=np.int64)
    a = ((i * 7 % 13) - 6).astype(np.float32) / 4
    b = ((i * 5 % 11) - 5).astype(np.float32) / 4
    return torch.from_numpy(a.reshape(n, n)), torch.from_numpy(b.reshape(n, n))


class Matmul:
    calls = None

    def __init__(self, request):
        self.a, self.b = factors(int(request["size"]))

    def value(self):
        return float((self.a @ self.b)[-1, -1])

    def run(self):
        self.a @ self.b


class Mlp:
    """The data are NumPy arrays in memory; from_numpy shares them, PyTorch's cheapest way to a batch."""

    calls = STEPS_IN_A_REPETITION

    def __init__(self, request):
        self.batch = int(request["batch"])
        random = np.random.default_rng(1)
        self.pixels = random.integers(0, 256, (IMAGE_COUNT, 784)).astype(np.float32) / 255
        self.labels = random.integers(0, 10, IMAGE_COUNT).astype(np.int64)
        torch.manual_seed(1)
        nn = torch.nn
        self.model = nn.Sequential(
            nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, 10)
        )
        self.loss = nn.CrossEntropyLoss()
        self.optimizer = sgd(self.model.parameters())
        self.steps = 0

    def step(self):
        begin = self.steps * self.batch % (IMAGE_COUNT - self.batch + 1)
        self.steps += 1
        x = torch.from_numpy(self.pixels[begin : begin + self.batch])
        y = torch.from_numpy(self.labels[begin : begin + self.batch])
        loss = self.loss(self.model(x), y)
        loss.backward()
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss

    def value(self):
        return self.step().item()

    def run(self):
        self.step()


def sgd(parameters):
    """The fused update where this version has it: PyTorch at its best."""
    parameters = list(parameters)
    try:
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9, fused=True)
    except (TypeError, RuntimeError):
        return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


def least(task, calls, seconds):
    end = time.perf_counter() + seconds
    best = math.inf
    while True:
        begin = time.perf_counter()
        for _ in range(calls):
            task.run()
        best = min(best, (time.perf_counter() - begin) / calls)
        if time.perf_counter() >= end:
            return best


TASKS = {"matmul": Matmul, "mlp": Mlp, "conv": Conv, "cifar": Cifar}


def prepare(request):
    task = TASKS[request["measure"]](request)
    value = task.value()
    one = least(task, task.calls or 1, WARM_UP_SECONDS)
    return task, task.calls or max(1, math.ceil(REPETITION_SECONDS / one)), value


def send(message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def main():
    torch.set_num_threads(int(sys.argv[1]))
    parallel = torch.__config__.parallel_info()
    blas = "MKL" if torch.backends.mkl.is_available() else "no MKL"
    openmp = "OpenMP" if "OpenMP" in parallel else "no OpenMP"
    fused = sgd([torch.zeros(1, requires_grad=True)]).defaults.get("fused")
    prepared = {}
    send(
        {
            "name": "PyTorch",
            "version": torch.__version__,
            "threads": torch.get_num_threads(),
            "settings": f"eager, {blas}, {openmp}, {'fused SGD' if fused else 'SGD'}, "
            "convolutions in the faster memory format",
        }
    )
    for line in sys.stdin:
        try:
            request = json.loads(line)
            key = json.dumps({**request, "seconds": 0}, sort_keys=True)
            if key not in prepared:
                prepared[key] = prepare(request)
            task, calls, value = prepared[key]
            send({"seconds": least(task, calls, request["seconds"]), "value": value})
        except Exception as error:
            traceback.print_exc()
            send({"error": f"{type(error).__name__}: {error}"})


main()
