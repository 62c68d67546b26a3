# Steps of PyTorch's optimizers, in f64 so that a comparison shows our rounding alone, with the parameters and gradients of
# start.npz and the settings of cases.json: `python3 optim_steps.py start.npz cases.json out.npz`.
import json
import re
import sys
import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel

start, out = np.load(sys.argv[1]), {}
with open(sys.argv[2]) as file:
    plan = json.load(file)
STEPS, COUNT = plan["steps"], plan["parameters"]


def to_torch(array):
    """From memory's layout to PyTorch's: [KH, KW, Cin, Cout] is OIHW there, [in, out] is [out, in]."""
    tensor = torch.from_numpy(array).double()
    return {4: lambda: tensor.permute(3, 2, 0, 1), 2: lambda: tensor.T, 1: lambda: tensor}[tensor.ndim]().contiguous()


def from_torch(tensor):
    back = {4: lambda: tensor.permute(2, 3, 1, 0), 2: lambda: tensor.T}.get(tensor.ndim, lambda: tensor)()
    return back.detach().float().contiguous().numpy()


def snake(settings):
    return {re.sub("[A-Z]", lambda upper: "_" + upper[0].lower(), key): value for key, value in settings.items()}


def orthogonalized(g, steps):
    """Newton-Schulz as in K. Jordan's article, on the filters as rows."""
    a, b, c = 3.4445, -4.7750, 2.0315
    x = g.reshape(len(g), -1)
    x = x / x.norm().clamp(min=1e-7)
    tall = x.shape[0] > x.shape[1]
    x = x.T if tall else x
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.T if tall else x).reshape(g.shape)


class Muon(torch.optim.Optimizer):
    """The article's formulas with the options of torch.optim.Muon (which PyTorch 1.13 does not have)."""

    def __init__(self, groups, **options):
        defaults = dict(lr=1e-3, momentum=0.95, nesterov=True, weight_decay=0.1, ns_steps=5, adjust_lr_fn="original",
                        normalize_parameters=False)
        super().__init__(groups, {**defaults, **options})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, mu = group["lr"], group["momentum"]
            for p in group["params"]:
                buffer = self.state[p].setdefault("momentum_buffer", torch.zeros_like(p))
                buffer.lerp_(p.grad, 1 - mu)
                direction = p.grad.lerp(buffer, mu) if group["nesterov"] else buffer
                update = orthogonalized(direction, group["ns_steps"])
                rows, cols = len(p), p[0].numel()
                factor = {"original": max(1, rows / cols)**0.5, "match_rms_adamw": 0.2 * max(rows, cols)**0.5,
                          "spectral_unclamped": (rows / cols)**0.5, "none": 1}[group["adjust_lr_fn"]]
                p.mul_(1 - lr * group["weight_decay"])
                if group["normalize_parameters"]:
                    p.mul_(len(p)**0.5 / p.norm())
                p.add_(update, alpha=-lr * factor)


class DecoupledSGD(torch.optim.SGD):
    """The decay before the step, as AdamW has it."""

    @torch.no_grad()
    def step(self):
        decays = [group["weight_decay"] for group in self.param_groups]
        for group, decay in zip(self.param_groups, decays):
            for p in group["params"]:
                if p.grad is not None:
                    p.mul_(1 - group["lr"] * decay)
            group["weight_decay"] = 0
        super().step()
        for group, decay in zip(self.param_groups, decays):
            group["weight_decay"] = decay


def new_parameters():
    return [to_torch(start[f"p{index}"]).requires_grad_() for index in range(COUNT)]


def give_gradients(parameters, step):
    for index, p in enumerate(parameters):
        # The last parameter has none in every third step.
        absent = index == COUNT - 1 and step % 3 == 1
        p.grad = None if absent else to_torch(start[f"g{index}.{step}"])


for name, case in plan["cases"].items():
    parameters = new_parameters()
    groups = [{"params": [parameters[index] for index in group["of"]], **snake(group["settings"])}
              for group in case["groups"]]
    options = snake(case["options"])
    kind = DecoupledSGD if options.pop("decoupled_weight_decay", False) else {"Muon": Muon}.get(case["optimizer"])
    optimizer = (kind or getattr(torch.optim, case["optimizer"]))(groups, **options)
    for step in range(STEPS):
        give_gradients(parameters, step)
        optimizer.step()
    for index, p in enumerate(parameters):
        out[f"{name}/p{index}"] = from_torch(p)
        for key, value in optimizer.state.get(p, {}).items():
            if value is not None:
                out[f"{name}/state{index}.{key}"] = from_torch(value)


def steps_of_sgd(after):
    parameters = new_parameters()
    optimizer = torch.optim.SGD(parameters, lr=0.1)
    for step in range(STEPS):
        give_gradients(parameters, step)
        optimizer.step()
        after(step, parameters)
    return parameters


slow = [p.detach().clone() for p in new_parameters()]


@torch.no_grad()
def look_ahead(step, parameters):
    if (step + 1) % 5 == 0:
        for p, s in zip(parameters, slow):
            s.lerp_(p, 1 - (step + 1) / STEPS)
            p.copy_(s)


for index, (p, s) in enumerate(zip(steps_of_sgd(look_ahead), slow)):
    out[f"lookahead/fast{index}"], out[f"lookahead/slow{index}"] = from_torch(p), from_torch(s)


class Holder(torch.nn.Module):

    def __init__(self, parameters):
        super().__init__()
        self.all = torch.nn.ParameterList(parameters)


for name, average in {"equal": None, "exponential": lambda mean, now, count: 0.9 * mean + 0.1 * now}.items():
    averaged = AveragedModel(Holder(new_parameters()), avg_fn=average)
    steps_of_sgd(lambda step, parameters: averaged.update_parameters(Holder(parameters)))
    for index, p in enumerate(averaged.parameters()):
        out[f"{name}/p{index}"] = from_torch(p)

np.savez(sys.argv[3], **out)
