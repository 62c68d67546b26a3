"""What reference.test.ts expects: the networks of network.ts in PyTorch, f64, from the same draws.

    python3 networks_in_torch.py
"""

import torch
from torch import nn

F64 = torch.float64


class Drawing:
    """The multiplicative generator of network.ts; numbers become f32 there."""

    def __init__(self, seed):
        self.state = seed

    def __call__(self, shape, low, high):
        count = int(torch.tensor(shape).prod())
        numbers = []
        for _ in range(count):
            self.state = self.state * 48271 % 2147483647
            numbers.append(low + (high - low) * self.state / 2147483647)
        return torch.tensor(numbers, dtype=F64).to(torch.float32).to(F64).reshape(shape)


def weights(draw, shape, summed):
    most = (6 / summed) ** 0.5
    return draw(shape, -most, most)


def set_to(layer, **values):
    with torch.no_grad():
        for name, value in values.items():
            getattr(layer, name).copy_(value)
    return layer


def linear(draw, inputs, outputs, bias):
    layer = nn.Linear(inputs, outputs, bias=bias, dtype=F64)
    set_to(layer, weight=weights(draw, (outputs, inputs), inputs))
    return set_to(layer, bias=draw((outputs,), -0.1, 0.1)) if bias else layer


def conv(draw, inputs, outputs, kernel, padding, bias):
    layer = nn.Conv2d(inputs, outputs, kernel, padding=padding, bias=bias, dtype=F64)
    shape = (outputs, inputs, kernel, kernel)
    set_to(layer, weight=weights(draw, shape, inputs * kernel**2))
    return set_to(layer, bias=draw((outputs,), -0.1, 0.1)) if bias else layer


def norm(draw, channels):
    layer = nn.BatchNorm2d(channels, eps=1e-12, dtype=F64)
    values = {name: draw((channels,), -0.3, 0.3) for name in ("bias", "running_mean")}
    return set_to(layer, **values, running_var=draw((channels,), 0.5, 1.5))


def mlp():
    draw = Drawing(11)
    return nn.Sequential(
        linear(draw, 784, 256, True), nn.ReLU(), linear(draw, 256, 128, True), nn.ReLU(), linear(draw, 128, 10, True)
    )


class Scale(nn.Module):
    def forward(self, x):
        return x / 9


def cifar():
    draw = Drawing(13)

    def group(inputs, outputs):
        return [
            conv(draw, inputs, outputs, 3, 1, False),
            nn.MaxPool2d(2),
            norm(draw, outputs),
            nn.GELU(),
            conv(draw, outputs, outputs, 3, 1, False),
            norm(draw, outputs),
            nn.GELU(),
        ]

    return nn.Sequential(
        conv(draw, 3, 24, 2, 0, True),
        nn.GELU(),
        *group(24, 64),
        *group(64, 128),
        *group(128, 128),
        nn.MaxPool2d(3),
        nn.Flatten(),
        linear(draw, 128, 10, False),
        Scale(),
    )


def main():
    pixels = Drawing(17)((1, 32, 32, 3), -1, 1).permute(0, 3, 1, 2)
    with torch.no_grad():
        print("mlp", mlp().eval()(Drawing(17)((1, 784), -1, 1)).tolist())
        print("cifar", cifar().eval()(pixels).tolist())


main()
