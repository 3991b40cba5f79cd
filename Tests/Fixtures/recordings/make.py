"""Makes the recordings of this folder with numpy, safetensors and, for one of them, transformers.

    python make.py

`transformers.safetensors` is what the first program of docs/from-python.md writes for the tests' own
small BERT; the others are written here, without any code of attnviz.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


def softmax(scores, allowed):
    masked = np.where(allowed, scores, -np.inf)
    e = np.exp(masked - masked.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def attention(random, heads, n, m, width, allowed, groups=None):
    q = random.normal(size=(heads, n, width))
    k, v = random.normal(size=(2, groups or heads, m, width))
    share = heads // (groups or heads)
    scores = q @ k.repeat(share, 0).transpose(0, 2, 1) / np.sqrt(width)
    weights = softmax(scores, allowed)
    return dict(q=q, k=k, v=v, scores=scores, weights=weights, context=weights @ v.repeat(share, 0))


def layers(prefix, values, kind):
    return {
        f"{prefix}layers.{i}.{kind}.{name}": np.ascontiguousarray(value.astype(np.float32))
        for i, layer in values.items()
        for name, value in layer.items()
    }


def encoder():
    """Halves with a batch axis, no kind, no text: only what is required."""
    random = np.random.default_rng(1)
    tokens = ["[CLS]", "the", "ri", "##ver", "!", "[SEP]"]
    n = len(tokens)
    maps = {i: attention(random, 2, n, n, 4, True)["weights"] for i in range(2)}
    arrays = {
        f"layers.{i}.attention.weights": a[None].astype(np.float16) for i, a in maps.items()
    }
    save_file(arrays, HERE / "encoder.safetensors", {"tokens": json.dumps(tokens)})


def decoder():
    """Doubles in an npz, grouped heads, layers 1 and 3 only, no mask and no kind; 64-bit ids."""
    random = np.random.default_rng(2)
    tokens = ["ĠThe", "Ġca", "t", "Ġs", "at", "Ġæ", "Ŀ", "±", "."]
    n = len(tokens)
    allowed = np.tri(n, dtype=bool)
    arrays = {
        f"layers.{i}.attention.{name}": value
        for i in (1, 3)
        for name, value in attention(random, 4, n, n, 6, allowed, groups=2).items()
    }
    arrays["logits"] = random.normal(size=(n, 12))
    arrays["ids"] = np.array([3, 1, 4, 1, 5, 9, 2, 6, 0], dtype=np.int64)
    np.savez(HERE / "decoder.npz", tokens=np.array(tokens), model="a decoder", **arrays)


def seq2seq():
    """An encoder-decoder with the three attentions."""
    random = np.random.default_rng(3)
    source, target = ["▁good", "▁morning", "</s>"], ["<pad>", "▁guten", "▁Mor", "gen"]
    m, n = len(source), len(target)
    arrays = {
        **layers("encoder.", {0: attention(random, 2, m, m, 4, True)}, "attention"),
        **layers("decoder.", {0: attention(random, 2, n, n, 4, np.tri(n, dtype=bool))}, "attention"),
        **layers("decoder.", {0: attention(random, 2, n, m, 4, True)}, "cross_attention"),
    }
    words = dict(
        kind="seq2seq", model="a translator", text="good morning", tokens=json.dumps(source),
        target_tokens=json.dumps(target))
    save_file(arrays, HERE / "seq2seq.safetensors", words)


def transformers():
    page = (ROOT / "docs/from-python.md").read_text()
    program = re.findall(r"```python\n(.*?)```", page, re.S)[0]
    subprocess.run(
        [sys.executable, "-c", program, "bert", "The cat sat.", str(HERE / "transformers.safetensors")],
        cwd=ROOT / "Tests/Fixtures/models", check=True)


encoder()
decoder()
seq2seq()
transformers()
