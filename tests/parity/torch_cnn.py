# Trains a small CNN with PyTorch in f64 from the arrays of start.npz: `python3 torch_cnn.py start.npz out.npz`.
import sys
import numpy as np
import torch
import torch.nn.functional as F

start = {key: torch.from_numpy(value) for key, value in np.load(sys.argv[1]).items()}
STEPS, BATCH = 20, 16

nn = torch.nn
model = nn.Sequential(
    nn.Conv2d(3, 8, 3, padding=1), nn.MaxPool2d(2), nn.BatchNorm2d(8), nn.GELU(),
    nn.Conv2d(8, 12, 3, padding="same", bias=False), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 12, (3, 2), stride=2, padding=(0, 1), groups=3), nn.Tanh(),
    nn.Flatten(), nn.Linear(12 * 1 * 2, 5)).double()
model.load_state_dict({key: start[key].to(value.dtype) for key, value in model.state_dict().items()})
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=1e-3)
losses = []
for step in range(STEPS):
    rows = slice(step % 4 * BATCH, (step % 4 + 1) * BATCH)
    x = start["x"][rows].double().permute(0, 3, 1, 2)
    loss = F.cross_entropy(model(x), start["y"][rows].long(), label_smoothing=0.1)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
model.eval()
out = {"losses": losses, "logits": model(start["x"].double().permute(0, 3, 1, 2)).detach().numpy()}
out |= {key: value.numpy() for key, value in model.state_dict().items()}
np.savez(sys.argv[2], **{key: np.asarray(value).astype(np.float32) for key, value in out.items()})
