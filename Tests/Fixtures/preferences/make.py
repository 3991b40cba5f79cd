"""Writes what NumPy and SciPy say about strengths of policies, and about overlap of texts.

Needs numpy and scipy:

    python3 make.py

Strengths: matches of policies with invented strengths, drawn by a fixed seed, some of them ties; the
maximum of the log-likelihood with −½ ρ Σ s² by BFGS, standard errors from a Hessian by central
differences of the gradient, Elo's ratings by a plain loop. Overlap: BLEU by multisets of n-grams and
ROUGE-L by a recursive longest common subsequence.
"""

import collections
import functools
import json
import math
import os

import numpy as np
from scipy import optimize

HERE = os.path.dirname(os.path.abspath(__file__))


def log_sigmoid(x):
    return -np.logaddexp(0, -x)


def strengths(names, matches, ridge):
    i = np.array([m[0] for m in matches])
    j = np.array([m[1] for m in matches])
    w = np.array([m[2] for m in matches])

    def loss(s):
        d = s[i] - s[j]
        return -(w * log_sigmoid(d) + (1 - w) * log_sigmoid(-d)).sum() + 0.5 * ridge * (s @ s)

    def slope(s):
        r = w - 1 / (1 + np.exp(-(s[i] - s[j])))
        g = ridge * s
        np.add.at(g, i, -r)
        np.add.at(g, j, r)
        return g

    best = optimize.minimize(loss, np.zeros(len(names)), jac=slope, method="BFGS",
                             options={"gtol": 1e-12, "maxiter": 10000}).x
    best = optimize.fsolve(slope, best, xtol=1e-14)
    n, h = len(names), 1e-5
    hessian = np.array([(slope(best + h * e) - slope(best - h * e)) / (2 * h) for e in np.eye(n)])
    center = np.eye(n) - np.ones((n, n)) / n
    covariance = center @ np.linalg.inv(hessian) @ center
    return best, np.sqrt(np.diag(covariance)), -loss(best) + 0.5 * ridge * (best @ best)


def elo(names, matches, factor):
    ratings = [1500.0] * len(names)
    for a, b, result in matches:
        expected = 1 / (1 + 10 ** ((ratings[b] - ratings[a]) / 400))
        ratings[a] += factor * (result - expected)
        ratings[b] -= factor * (result - expected)
    return ratings


def tournament(count, matches, seed, ridge, factor, certain=False):
    rng = np.random.default_rng(seed)
    true = rng.normal(0, 1, count)
    played = []
    for k in range(matches):
        # Everybody plays in the first rounds, in the order of their names.
        a, b = (k, k + 1) if k + 1 < count else rng.choice(count, 2, replace=False)
        if certain:
            result = 1.0 if true[a] > true[b] else 0.0
        elif rng.random() < 0.1:
            result = 0.5
        else:
            result = float(rng.random() < 1 / (1 + math.exp(true[b] - true[a])))
        played.append([int(a), int(b), result])
    names = [f"policy {k}" for k in range(count)]
    s, e, likelihood = strengths(names, played, ridge)
    return {"names": names, "matches": played, "ridge": ridge, "factor": factor,
            "strengths": s.tolist(), "errors": e.tolist(), "log_likelihood": likelihood,
            "elo": elo(names, played, factor)}


def grams(words, n):
    return collections.Counter(tuple(words[k:k + n]) for k in range(len(words) - n + 1))


def bleu(candidate, references, order):
    logs = 0
    for n in range(1, order + 1):
        own = grams(candidate, n)
        most = collections.Counter()
        for reference in references:
            most |= grams(reference, n)
        total = sum(own.values())
        hits = sum((own & most).values())
        if total == 0 or hits == 0:
            return 0.0
        logs += math.log(hits / total) / order
    length = len(candidate)
    nearest = min((abs(len(r) - length), len(r)) for r in references)[1]
    return math.exp(logs) * (1 if length > nearest else math.exp(1 - nearest / length))


def rouge(candidate, reference):
    @functools.cache
    def common(a, b):
        if a == 0 or b == 0:
            return 0
        if candidate[a - 1] == reference[b - 1]:
            return common(a - 1, b - 1) + 1
        return max(common(a - 1, b), common(a, b - 1))

    shared = common(len(candidate), len(reference))
    if shared == 0:
        return 0.0
    p, r = shared / len(candidate), shared / len(reference)
    return 2 * p * r / (p + r)


def overlap():
    rng = np.random.default_rng(5)
    words = "the a cat dog sat ran on under mat tree and then slept quickly".split()
    cases = []
    for _ in range(24):
        reference = [rng.choice(words, rng.integers(1, 22)).tolist() for _ in range(rng.integers(1, 4))]
        candidate = rng.choice(words, rng.integers(1, 22)).tolist()
        if rng.random() < 0.5:
            cut = rng.integers(0, len(reference[0]) + 1)
            candidate = candidate[:6] + reference[0][cut:] + candidate[6:9]
        cases.append({"candidate": candidate, "references": reference,
                      "bleu": [bleu(candidate, reference, n) for n in (1, 2, 4)],
                      "rouge": rouge(tuple(candidate), tuple(reference[0]))})
    return cases


def main():
    data = {"tournaments": [tournament(3, 40, 1, 0.01, 32), tournament(6, 300, 2, 0.5, 16),
                            tournament(4, 12, 3, 0.01, 24, certain=True)],
            "overlap": overlap()}
    with open(os.path.join(HERE, "expected.json"), "w") as file:
        json.dump(data, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
