"""Draws attention weights as a grid of small maps, one row a layer, one column a head."""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt


def draw(weights, tokens, path):
    """weights: [layers][heads, n, n] arrays; tokens name the rows and columns."""
    layers, heads = len(weights), len(weights[0])
    figure, axes = plt.subplots(layers, heads, figsize=(heads * 1.5, layers * 1.6))
    for layer in range(layers):
        for head in range(heads):
            panel = axes[layer][head]
            panel.imshow(weights[layer][head], cmap="viridis", vmin=0, vmax=1)
            panel.set_title(f"L{layer}H{head}", fontsize=7)
            panel.set_xticks([])
            panel.set_yticks([])
    figure.suptitle(" ".join(tokens)[:120], fontsize=8)
    figure.savefig(path, dpi=150)
