"""A next-token distribution at five temperatures with its curves and five pictures, the usual
Python way: transformers, numpy and matplotlib.

temperature_transformers.py MODEL-FOLDER TEXT OUTPUT-FOLDER
"""
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, text, output = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
with torch.inference_mode():
    logits = model(**tokenizer(text, return_tensors="pt")).logits[0, -1].double().numpy()
order = np.argsort(-logits)
energies = logits.max() - logits[order]


def softmax(tau):
    if tau == 0:
        return (energies == 0) / (energies == 0).sum()
    weights = np.exp(-energies / tau)
    return weights / weights.sum()


def save(name):
    plt.savefig(f"{output}/{name}.png", dpi=192)
    plt.close()


TAUS = [0, 0.5, 1, 2, np.inf]
names = [tokenizer.decode([token]) for token in order[:8]]
_, axes = plt.subplots(1, 5, figsize=(7.2, 3), sharey=True)
for axis, tau in zip(axes, TAUS):
    axis.barh(names, softmax(tau)[:8])
    axis.set_title(f"tau = {tau}")
save("tempering")

grid = np.geomspace(0.1, 100, 601)
table = [softmax(tau) for tau in grid]
entropy = [-(p[p > 0] * np.log(p[p > 0])).sum() for p in table]
sets = [np.searchsorted(np.cumsum(p), 0.9) + 1 for p in table]
plt.figure(figsize=(7.2, 4))
plt.loglog(grid, np.exp(entropy))
plt.loglog(grid, sets)
save("entropy")

grid = np.geomspace(0.1, 10, 801)
mean, capacity = [], []
for tau in grid:
    p = softmax(tau)
    mean.append((p * energies).sum())
    capacity.append((p * (energies - mean[-1]) ** 2).sum() / tau**2)
_, axes = plt.subplots(2, 2, figsize=(7.2, 5))
for axis, values in zip(axes.flat, [capacity, mean, mean, capacity]):
    axis.semilogx(grid, values)
save("gibbs")

x = np.linspace(0, 38, 761)
plt.figure(figsize=(7.2, 4.5))
for tau in [0.5, 1, 1.35, 2]:
    p = softmax(tau)
    heights, edges = np.histogram(energies[1:], bins=7600, range=(0, 38), weights=p[1:])
    middles = (edges[:-1] + edges[1:]) / 2
    used = heights > 0
    kernel = np.exp(-((x[:, None] - middles[used]) ** 2) / (2 * 0.4**2)) / (0.4 * 2.5066)
    plt.plot(x, kernel @ heights[used])
save("density")

v = np.linspace(0, 20, 500)
plt.figure(figsize=(7.2, 3.5))
for a in [1, 2, 5]:
    plt.plot(v, np.sqrt(2 / np.pi) * v**2 * np.exp(-(v**2) / (2 * a**2)) / a**3)
save("maxwell-boltzmann")
