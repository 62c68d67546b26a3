# Trains with PyTorch from the arrays of start.npz and writes what came out: `python3 torch_training.py start.npz out.npz`.
import sys
import numpy as np
import torch
import torch.nn.functional as F

start, out = np.load(sys.argv[1]), {}
STEPS, BATCH = 20, 16
SETTINGS = {
    "plain": dict(lr=0.1),
    "momentum": dict(lr=0.05, momentum=0.9),
    "decay": dict(lr=0.05, momentum=0.9, weight_decay=0.01),
    "nesterov": dict(lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=True),
    "dampening": dict(lr=0.1, momentum=0.8, dampening=0.3),
}


def tensor(name):
    return torch.from_numpy(start[name])


for name, settings in SETTINGS.items():
    model = torch.nn.Sequential(torch.nn.Linear(12, 16), torch.nn.ReLU(), torch.nn.Linear(16, 8), torch.nn.Tanh(),
                                torch.nn.Linear(8, 5))
    model.load_state_dict({key: tensor(key).clone() for key in model.state_dict()})
    optimizer = torch.optim.SGD(model.parameters(), **settings)
    losses = []
    for step in range(STEPS):
        rows = slice(step % 4 * BATCH, (step % 4 + 1) * BATCH)
        loss = F.cross_entropy(model(tensor("x")[rows]), tensor("y")[rows].long(), label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    out[f"{name}.losses"] = np.array(losses, np.float32)
    for key, value in model.state_dict().items():
        out[f"{name}.{key}"] = value.numpy()
    for index, parameter in enumerate(model.parameters()):
        buffer = optimizer.state[parameter].get("momentum_buffer")
        if buffer is not None:
            out[f"{name}.buffer.{index}"] = buffer.numpy()



def leaf(name):
    """A leaf in f64: what is compared with it then shows our rounding alone, not PyTorch's f32 as well."""
    return tensor(name).double().requires_grad_()


def keep(key, value):
    out[key] = value.detach().float().numpy()


for reduction in ("mean", "sum", "none"):
    for smoothing in (0, 0.1, 1):
        logits = leaf("logits")
        loss = F.cross_entropy(logits, tensor("labels").long(), reduction=reduction, label_smoothing=smoothing)
        (loss * tensor("weights") if reduction == "none" else loss).sum().backward()
        keep(f"loss.{reduction}.{smoothing}", loss)
        keep(f"gradient.{reduction}.{smoothing}", logits.grad)

for name, f in {"softmax": F.softmax, "logSoftmax": F.log_softmax}.items():
    logits = leaf("logits")
    value = f(logits, -1)
    (value * tensor("logits")).sum().backward()
    keep(f"{name}.value", value)
    keep(f"{name}.gradient", logits.grad)

for name, f in {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": torch.div, "pow": torch.pow,
                "maximum": torch.maximum, "minimum": torch.minimum}.items():
    for pair in ("vector", "column", "both", "scalar"):
        a, b = leaf(f"{pair}.a"), leaf(f"{pair}.b")
        value = f(a, b)
        (value * value).sum().backward()
        keep(f"{name}.{pair}.value", value)
        keep(f"{name}.{pair}.a", a.grad)
        keep(f"{name}.{pair}.b", b.grad)

np.savez(sys.argv[2], **out)
