"""Draws a recording with matplotlib: a heatmap with its values and labels, or a grid of all heads.

draw_matplotlib.py heatmap|gallery RECORDING.npz OUTPUT RUNS

With 0 RUNS it draws once; else it prints the median seconds of a drawing, after two warm ones.
"""
import json
import sys
import time
from statistics import median

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

figure_name, source, path, runs = sys.argv[1:]
recording = np.load(source)
tokens = recording["tokens"]
layers = sum(name.endswith("attention.weights") for name in recording.files)
maps = [recording[f"layers.{layer}.attention.weights"] for layer in range(layers)]
VALUES = 100  # a larger map has no room for numbers
SHARE = 0.005  # smaller weights are left blank, as attnviz does


def heatmap(weights):
    count = len(tokens)
    side = 4 + count * (0.19 if count <= VALUES else 0.01)
    figure, axes = plt.subplots(figsize=(side, side))
    image = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    ticks = np.arange(0, count, 1 if count <= VALUES else 10)
    axes.set_xticks(ticks, tokens[ticks], rotation=90, fontsize=7)
    axes.set_yticks(ticks, tokens[ticks], fontsize=7)
    if count <= VALUES:
        for row, column in np.argwhere(weights >= SHARE):
            value = weights[row, column]
            axes.text(column, row, f"{value:.2f}"[1:], ha="center", va="center", fontsize=5.5,
                      color="white" if value > 0.5 else "black")
    axes.set_xlabel("key: looks at")
    axes.set_ylabel("query: looks from")
    figure.colorbar(image, ax=axes, shrink=0.5)
    return figure


def gallery():
    heads = len(maps[0])
    figure, axes = plt.subplots(layers, heads, figsize=(7.2, 7.2), squeeze=False)
    for layer in range(layers):
        for head in range(heads):
            panel = axes[layer][head]
            panel.imshow(maps[layer][head], cmap="Blues", vmin=0, vmax=1)
            panel.set_xticks([])
            panel.set_yticks([])
            if layer == 0:
                panel.set_title(f"H{head}", fontsize=7)
            if head == 0:
                panel.set_ylabel(f"L{layer}", fontsize=7)
    return figure


def draw():
    figure = heatmap(maps[0][0]) if figure_name == "heatmap" else gallery()
    figure.savefig(path, dpi=192)
    plt.close(figure)


if runs == "0":
    draw()
else:
    times = []
    for _ in range(int(runs) + 2):
        start = time.perf_counter()
        draw()
        times.append(time.perf_counter() - start)
    print(json.dumps({"seconds": median(times[2:])}))
