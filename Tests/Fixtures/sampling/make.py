"""Makes expected.json: what the library transformers leaves of logits, and random numbers.

Needs torch and transformers (made with 2.13.0 and 5.23.0): `python3 make.py`. The filters are
transformers' own classes, called in the order of its `generate`, in float64. Top-p sorts, and which
of equal logits comes first is left open by torch.sort; here it is asked to be stable: the lower
id. The random numbers are written here from the published algorithms; the first ones are also in
the test as published.
"""
import functools
import json
import random
from pathlib import Path

import torch
from transformers.generation.logits_process import (
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

torch.sort = functools.partial(torch.sort, stable=True)
random.seed(5)
MASKED = None  # A logit of minus infinity.


def gauss(count, width):
    return [round(random.gauss(0, width), 3) for _ in range(count)]


LOGITS = {
    "spread": gauss(40, 3),
    "flat": gauss(24, 0.05),
    "long": gauss(400, 2),
    "coarse": [float(round(random.gauss(0, 2))) for _ in range(60)],
    "equal": [1.5] * 8,
    "pairs": [2.0, 1.0, 2.0, 1.0, 0.0, 1.0, -3.0, 0.0, 2.0, -3.0],
    "masked": [0.25, MASKED, 1.0, -2.0, MASKED, 3.0, 0.25, -0.5],
    "sharp": [30.0, 1.0, 0.0, -5.0, 2.0, 29.5],
    "one": [-4.0],
}
# Every combination that is tried on every row: penalty, tau, top-k, top-p, min-p.
SETTINGS = [
    (1, 1, 1, None, None), (1, 1, 3, None, None), (1, 1, 5, None, None), (1, 1, 1000, None, None),
    (1, 1, None, 0.9, None), (1, 1, None, 0.5, None), (1, 1, None, 0.3, None),
    (1, 1, None, 1e-6, None), (1, 1, None, 0.999999, None), (1, 1, None, 1.0, None),
    (1, 1, None, None, 0.1), (1, 1, None, None, 1.0), (1, 1, None, None, 0.0),
    (1.3, 1, None, None, None), (0.8, 1, None, None, None), (2.0, 0.5, 4, None, None),
    (1, 0.3, None, 0.9, None), (1, 5, None, 0.9, None), (1, 0.3, None, None, 0.05),
    (1, 5, None, None, 0.5), (1, 0.7, 5, 0.9, None), (1, 0.7, 5, 0.6, 0.3),
    (1.2, 1.5, 20, 0.95, 0.02), (1.2, 0.9, 2, 0.4, 0.9), (1, 1.7, None, 0.8, 0.2),
]


def expected(logits, setting):
    penalty, tau, k, p, least = setting
    seen = list(range(0, len(logits), 3)) + [0, 0]
    scores = torch.tensor(
        [[float("-inf") if z is MASKED else z for z in logits]], dtype=torch.float64
    )
    steps = []
    if penalty != 1:
        steps.append(RepetitionPenaltyLogitsProcessor(float(penalty)))
    if tau != 1:
        steps.append(TemperatureLogitsWarper(float(tau)))
    if k is not None:
        steps.append(TopKLogitsWarper(k))
    if p is not None and p < 1:
        steps.append(TopPLogitsWarper(p))
    if least is not None:
        steps.append(MinPLogitsWarper(least))
    for step in steps:
        scores = step(torch.tensor([seen]), scores)
    probabilities = torch.softmax(scores, -1)[0].tolist()
    kept = [i for i, z in enumerate(scores[0].tolist()) if z != float("-inf")]
    top = max(kept, key=lambda i: probabilities[i])
    return {
        "penalty": penalty, "tau": tau, "top_k": k, "top_p": p, "min_p": least,
        "kept": kept, "largest": probabilities[top], "smallest": min(probabilities[i] for i in kept),
    }


MASK = 2**64 - 1


def split_mix(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def xoshiro(seed):
    filler = split_mix(seed)
    s = [next(filler) for _ in range(4)]
    turn = lambda x, n: ((x << n) | (x >> (64 - n))) & MASK
    while True:
        yield (turn((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = turn(s[3], 45)


def outputs(seed):
    generator = xoshiro(seed)
    return [next(generator) for _ in range(1000)][-3:]


result = {
    "rows": [
        {"name": name, "logits": logits, "cases": [expected(logits, s) for s in SETTINGS]}
        for name, logits in LOGITS.items()
    ],
    # Numbers 998 to 1000 of a seed, as text: JSON readers may round them.
    "random": [
        {"seed": str(seed), "outputs": [str(x) for x in outputs(seed)]}
        for seed in (0, 1, 42, 2**64 - 1)
    ],
}
text = ",\n".join(
    json.dumps(row).replace('{"penalty"', '\n  {"penalty"') for row in result["rows"]
)
numbers = ",\n".join(json.dumps(row) for row in result["random"])
Path(__file__).with_name("expected.json").write_text(
    '{"rows": [\n' + text + '\n],\n"random": [\n' + numbers + "\n]}\n"
)
