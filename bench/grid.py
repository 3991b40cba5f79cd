"""Draws attention weights as a grid of small maps, one row a layer, one column a head."""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

DPI = 100


def draw(weights, tokens, path, size):
    """weights: [layers][heads, n, n] arrays; tokens: the title; size: "1376x1072", in pixels."""
    layers, heads = len(weights), len(weights[0])
    width, height = (int(pixels) / DPI for pixels in size.split("x"))
    figure, axes = plt.subplots(layers, heads, figsize=(width, height), squeeze=False)
    for layer in range(layers):
        for head in range(heads):
            panel = axes[layer][head]
            panel.imshow(weights[layer][head], cmap="viridis", vmin=0, vmax=1)
            panel.set_title(f"L{layer}H{head}", fontsize=7)
            panel.set_xticks([])
            panel.set_yticks([])
    figure.suptitle(" ".join(tokens)[:120], fontsize=8)
    figure.savefig(path, dpi=DPI)
