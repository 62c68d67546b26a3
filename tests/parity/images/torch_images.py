# Pooling, padding and batch norm by PyTorch in f64, with gradients: `python3 torch_images.py jobs.json in.npz out.npz`.
# Arrays are NHWC, as here.
import json
import sys
import numpy as np
import torch
import torch.nn.functional as F

jobs, arrays, out = json.load(open(sys.argv[1])), np.load(sys.argv[2]), {}


def run(job, x, weight, bias):
    op, o = job["op"], job.get("options", {})
    if op == "maxPool2d":
        return F.max_pool2d(x, o["kernel"], o["stride"], o["padding"], o["dilation"], o["ceilMode"])
    if op == "avgPool2d":
        return F.avg_pool2d(
            x, o["kernel"], o["stride"], o["padding"], o["ceilMode"], o["countIncludePad"], o.get("divisorOverride")
        )
    if op == "adaptiveMaxPool2d":
        return F.adaptive_max_pool2d(x, o["size"])
    if op == "adaptiveAvgPool2d":
        return F.adaptive_avg_pool2d(x, o["size"])
    if op == "pad2d":
        return F.pad(x, o["sides"], o["mode"], **({"value": o["value"]} if o["mode"] == "constant" else {}))
    z = F.batch_norm(x, None, None, weight, bias, True, 0.0, o["eps"])
    return {"none": lambda z: z, "relu": F.relu, "gelu": F.gelu}[o["activation"]](z)


def nhwc(x):
    return x.detach().permute(0, 2, 3, 1).numpy().astype(np.float32)


for index, job in enumerate(jobs):
    x = torch.from_numpy(arrays[f"{index}.x"]).double().permute(0, 3, 1, 2).contiguous().requires_grad_()
    weight = torch.from_numpy(arrays[f"{index}.weight"]).double().requires_grad_()
    bias = torch.from_numpy(arrays[f"{index}.bias"]).double().requires_grad_()
    y = run(job, x, weight, bias)
    torch.manual_seed(index)
    dy = torch.randn(y.shape, dtype=torch.float32).double()
    y.backward(dy)
    out[f"{index}.y"], out[f"{index}.dy"], out[f"{index}.dx"] = nhwc(y), nhwc(dy), nhwc(x.grad)
    if job["op"] == "batchNorm":
        out[f"{index}.dweight"] = weight.grad.numpy().astype(np.float32)
        out[f"{index}.dbias"] = bias.grad.numpy().astype(np.float32)

np.savez(sys.argv[3], **out)
