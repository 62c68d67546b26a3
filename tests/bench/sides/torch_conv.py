"""A convolution by PyTorch, with the inputs of convolutions.ts, in whichever of its two memory formats is faster."""

import time

import numpy as np
import torch
import torch.nn.functional as F

TRIAL_SECONDS = 0.2


def numbers(length, factor, modulus, shift):
    i = np.arange(length, dtype=np.int64)
    return ((i * factor % modulus) - shift).astype(np.float32) / 4


class Conv:
    calls = None

    def __init__(self, request):
        batch, size, kernel = request["batch"], request["size"], request["kernel"]
        inputs, outputs, groups = request["inChannels"], request["outChannels"], request["groups"]
        self.both = request["pass"] == "both"
        self.options = dict(stride=request["stride"], padding=request["padding"], groups=groups)
        # In memory [N, H, W, C] and [KH, KW, C / groups, Out], as on the other sides.
        x = numbers(batch * size * size * inputs, 7, 13, 6).reshape(batch, size, size, inputs)
        w = numbers(kernel * kernel * inputs // groups * outputs, 5, 11, 5)
        w = w.reshape(kernel, kernel, inputs // groups, outputs)
        self.x = torch.from_numpy(x).permute(0, 3, 1, 2)
        self.w = torch.from_numpy(w).permute(3, 2, 0, 1)
        self.b = torch.from_numpy(numbers(outputs, 1, 5, 2))
        out = (size + 2 * request["padding"] - kernel) // request["stride"] + 1
        dy = numbers(batch * out * out * outputs, 3, 7, 3).reshape(batch, out, out, outputs)
        self.dy = torch.from_numpy(dy).permute(0, 3, 1, 2)
        self.input_gradient = request["inputGradient"] == 1
        self.choose_format()

    def choose_format(self):
        times = {}
        for memory_format in (torch.contiguous_format, torch.channels_last):
            self.x, self.w, self.dy = (
                t.detach().clone(memory_format=memory_format) for t in (self.x, self.w, self.dy)
            )
            if self.both:
                self.x.requires_grad_(self.input_gradient)
                self.w.requires_grad_()
                self.b = self.b.detach().requires_grad_()
            times[memory_format] = self.trial()
        if times[torch.contiguous_format] < times[torch.channels_last]:
            self.x, self.w, self.dy = (
                t.detach().contiguous(memory_format=torch.contiguous_format).requires_grad_(t.requires_grad)
                for t in (self.x, self.w, self.dy)
            )

    def trial(self):
        best, end = float("inf"), time.perf_counter() + TRIAL_SECONDS
        while time.perf_counter() < end:
            begin = time.perf_counter()
            self.run()
            best = min(best, time.perf_counter() - begin)
        return best

    def value(self):
        if not self.both:
            return float(self.forward()[-1, -1, -1, -1])
        self.forward().backward(self.dy)
        value = float(self.w.grad[-1, -1, -1, -1])
        self.forget()
        return value

    def forward(self):
        return F.conv2d(self.x, self.w, self.b, **self.options)

    def forget(self):
        self.x.grad = self.w.grad = self.b.grad = None

    def run(self):
        if self.both:
            self.forward().backward(self.dy)
            self.forget()
        else:
            with torch.no_grad():
                self.forward()
