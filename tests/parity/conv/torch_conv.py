# Convolutions by PyTorch in f64, with gradients: `python3 torch_conv.py geometries.json in.npz out.npz`.
# Arrays are NHWC and [KH, KW, in, out], as here. Beside each result stands Σ|a·b|, the sum of its terms' magnitudes.
import json
import sys
import numpy as np
import torch
import torch.nn.functional as F

geometries, arrays, out = json.load(open(sys.argv[1])), np.load(sys.argv[2]), {}


def tensorflow_sides(size, kernel, stride, dilation):
    """https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2"""
    count = -(-size // stride)
    total = max((count - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
    return total // 2, total - total // 2


def convolve(g, x, weight, bias):
    padding = g["padding"]
    if padding == "same-tf":
        rows, cols = (tensorflow_sides(g["size"][i], g["kernel"][i], g["stride"][i], g["dilation"][i]) for i in (0, 1))
        x, padding = F.pad(x, (*cols, *rows)), 0
    elif isinstance(padding, dict):
        x, padding = F.pad(x, (padding["left"], padding["right"], padding["top"], padding["bottom"])), 0
    return F.conv2d(x, weight, bias, g["stride"], padding, g["dilation"], g["groups"])


def gap_of(y):
    """By how much the largest of each 2x2 window leads."""
    n, c, h, w = (*y.shape[:2], y.shape[2] // 2, y.shape[3] // 2)
    windows = y[:, :, :2 * h, :2 * w].reshape(n, c, h, 2, w, 2).permute(0, 1, 2, 4, 3, 5).reshape(n, c, h, w, 4)
    best = windows.sort(-1, descending=True).values
    return best[..., 0] - best[..., 1]


def nhwc(x):
    return x.detach().permute(0, 2, 3, 1).numpy().astype(np.float32)


def hwio(weight):
    return weight.detach().permute(2, 3, 1, 0).numpy().astype(np.float32)


for index, g in enumerate(geometries):
    x = torch.from_numpy(arrays[f"{index}.x"]).double().permute(0, 3, 1, 2).contiguous().requires_grad_()
    weight = torch.from_numpy(arrays[f"{index}.weight"]).double().permute(3, 2, 0, 1).contiguous().requires_grad_()
    bias = torch.from_numpy(arrays[f"{index}.bias"]).double().requires_grad_()
    y = convolve(g, x, weight, bias)
    result = F.max_pool2d(y, 2) if g["pooled"] else y
    torch.manual_seed(index)
    dy = torch.randn(result.shape, dtype=torch.float32).double()
    if g["pooled"]:
        # Where two are equal but for rounding, either may win: no gradient goes there.
        dy = dy * (gap_of(y.detach()) > 1e-3)
    grads = torch.autograd.grad(result, (x, weight, bias), dy)

    plain_x, plain_weight = x.detach().abs().requires_grad_(), weight.detach().abs().requires_grad_()
    plain_y = convolve(g, plain_x, plain_weight, bias.detach().abs())
    spread, terms = dy.abs(), plain_y
    if g["pooled"]:
        _, at = F.max_pool2d(y.detach(), 2, return_indices=True)
        spread = torch.zeros_like(y).flatten(2).scatter_(2, at.flatten(2), dy.abs().flatten(2)).view_as(y)
        terms = F.max_pool2d(plain_y, 2)
    plain = torch.autograd.grad(plain_y, (plain_x, plain_weight), spread)

    out[f"{index}.y"], out[f"{index}.y.terms"] = nhwc(result), nhwc(terms)
    out[f"{index}.dy"] = nhwc(dy)
    out[f"{index}.dx"], out[f"{index}.dx.terms"] = nhwc(grads[0]), nhwc(plain[0])
    out[f"{index}.dweight"], out[f"{index}.dweight.terms"] = hwio(grads[1]), hwio(plain[1])
    out[f"{index}.dbias"] = grads[2].numpy().astype(np.float32)
    out[f"{index}.dbias.terms"] = spread.sum((0, 2, 3)).numpy().astype(np.float32)

np.savez(sys.argv[3], **out)
