"""Whitening of a few made-up images by NumPy: `python3 whitening_reference.py > whitening.reference.json`."""

import json

import numpy as np

count, side = 4, 8
i = np.arange(count * side * side * 3)
pixels = ((i * i * 7 + i * 13) % 251).reshape(count, side, side, 3)
mean, deviation = np.array([125.3, 123.0, 113.9]), np.array([63.0, 62.1, 66.7])
x = (pixels - mean) / deviation
patches = np.stack([x[:, r : r + side - 1, c : c + side - 1] for r in (0, 1) for c in (0, 1)], axis=3).reshape(-1, 12)
covariance = patches.T @ patches / len(patches)
values, vectors = np.linalg.eigh(covariance)
order = np.argsort(-values)
filters = (vectors[:, order] / np.sqrt(values[order] + 5e-4)).T
print(json.dumps({"covariance": covariance.round(10).tolist(), "filters": filters.round(8).tolist()}))
