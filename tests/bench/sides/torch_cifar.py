"""A training step of the network for CIFAR-10 by PyTorch: f32, channels_last, the same network and optimizer.

K. Jordan, "94% on CIFAR-10 in 3.29 Seconds on a Single GPU", arXiv 2404.00498. The images are normalized and padded once,
beforehand, and moved and mirrored a batch at a time: PyTorch's cheapest way.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

IMAGE_COUNT = 4096
SIDE = 32
PAD = 2
LOOKAHEAD_EVERY = 5
MEAN = torch.tensor((0.4914, 0.4822, 0.4465)).view(1, 3, 1, 1)
DEVIATION = torch.tensor((0.2470, 0.2435, 0.2616)).view(1, 3, 1, 1)


class Norm(nn.BatchNorm2d):
    def __init__(self, channels):
        super().__init__(channels, eps=1e-12, momentum=0.4)
        self.weight.requires_grad = False


class Conv(nn.Conv2d):
    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, kernel_size=3, padding=1, bias=False)
        nn.init.dirac_(self.weight.data[:inputs])


def group(inputs, outputs):
    return [
        Conv(inputs, outputs),
        nn.MaxPool2d(2),
        Norm(outputs),
        nn.GELU(),
        Conv(outputs, outputs),
        Norm(outputs),
        nn.GELU(),
    ]


class Scale(nn.Module):
    def forward(self, x):
        return x / 9


def network(widths):
    whitening = nn.Conv2d(3, 24, 2)
    nn.init.normal_(whitening.weight, std=0.3)
    nn.init.zeros_(whitening.bias)
    whitening.weight.requires_grad = False
    first, second, third = widths
    return nn.Sequential(
        whitening,
        nn.GELU(),
        *group(24, first),
        *group(first, second),
        *group(second, third),
        nn.MaxPool2d(3),
        nn.Flatten(),
        nn.Linear(third, 10, bias=False),
        Scale(),
    ).to(memory_format=torch.channels_last)


def optimizer_of(model, batch):
    """Nesterov SGD on the summed loss; the norms' biases have 64 times the rate."""
    kilostep = 1024 * (1 + 1 / (1 - 0.85))
    rate = 11.5 / kilostep
    decay = 0.0153 * batch / kilostep
    norms = [p for m in model if isinstance(m, Norm) for p in (m.bias,)]
    others = [p for p in model.parameters() if p.requires_grad and all(p is not norm for norm in norms)]
    groups = [
        dict(params=others, lr=rate, weight_decay=decay / rate),
        dict(params=norms, lr=64 * rate, weight_decay=decay / (64 * rate)),
    ]
    try:
        return torch.optim.SGD(groups, momentum=0.85, nesterov=True, fused=True)
    except (TypeError, RuntimeError):
        return torch.optim.SGD(groups, momentum=0.85, nesterov=True)


class Cifar:
    calls = 1

    def __init__(self, request):
        self.batch = int(request["batch"])
        torch.manual_seed(1)
        pixels = np.random.default_rng(1).integers(0, 256, (IMAGE_COUNT, SIDE, SIDE, 3), dtype=np.uint8)
        images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
        images = F.pad((images - MEAN) / DEVIATION, (PAD,) * 4, "reflect")
        self.images = images.to(memory_format=torch.channels_last)
        self.labels = torch.randint(0, 10, (IMAGE_COUNT,))
        self.model = network([int(width) for width in str(request["widths"]).split("-")])
        self.optimizer = optimizer_of(self.model, self.batch)
        self.averaged = [t for t in self.model.state_dict(keep_vars=True).values() if t.is_floating_point()]
        self.slow = [t.detach().clone() for t in self.averaged]
        self.steps = 0

    def views(self):
        """A batch, each image moved by -2 to 2 pixels each way; every second batch mirrored."""
        begin = self.steps * self.batch % (IMAGE_COUNT - self.batch + 1)
        padded = self.images[begin : begin + self.batch]
        shifts = torch.randint(0, 2 * PAD + 1, (self.batch, 2))
        x = torch.empty((self.batch, 3, SIDE, SIDE), memory_format=torch.channels_last)
        for row in range(2 * PAD + 1):
            for col in range(2 * PAD + 1):
                chosen = (shifts[:, 0] == row) & (shifts[:, 1] == col)
                x[chosen] = padded[chosen, :, row : row + SIDE, col : col + SIDE]
        x = x.flip(-1) if self.steps % 2 == 1 else x
        return x.contiguous(memory_format=torch.channels_last), self.labels[begin : begin + self.batch]

    def step(self):
        x, y = self.views()
        self.steps += 1
        loss = F.cross_entropy(self.model(x), y, label_smoothing=0.2, reduction="sum")
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        if self.steps % LOOKAHEAD_EVERY == 0:
            self.look_ahead(0.5)
        return loss

    @torch.no_grad()
    def look_ahead(self, decay):
        torch._foreach_lerp_(self.slow, self.averaged, 1 - decay)
        torch._foreach_copy_(self.averaged, self.slow)

    def value(self):
        return self.step().item() / self.batch

    def run(self):
        self.step()
