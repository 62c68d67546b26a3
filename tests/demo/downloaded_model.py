# Runs a downloaded model in the real PyTorch, in the module that the page shows; for models.test.ts. Arguments: the IDX
# file of test images, mlp or cnn. Reads digits.py, digits.pt and digits.npz, writes logits.npz.
import gzip, runpy, sys
import numpy as np
import torch

model = runpy.run_path("digits.py")["Digits"]()
state = torch.load("digits.pt", weights_only=True)
model.load_state_dict(state)
model.eval()
arrays = np.load("digits.npz")
assert sorted(arrays.files) == sorted(state), (arrays.files, list(state))
for name in arrays.files:
    assert np.array_equal(arrays[name], state[name].numpy()), name
with gzip.open(sys.argv[1]) as file:
    pixels = np.frombuffer(file.read(), dtype=np.uint8, offset=16).astype(np.float32) / 255
x = torch.from_numpy(pixels).reshape(-1, 1, 28, 28)
with torch.no_grad():
    logits = model(x if sys.argv[2] == "cnn" else x.flatten(1))
np.savez("logits.npz", logits=logits.numpy())
