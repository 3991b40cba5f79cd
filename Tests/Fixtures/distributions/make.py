"""Makes expected.json: distributions and their Gibbs quantities in 60-digit decimal arithmetic.

Python's standard library alone: `python3 make.py`. Nothing here shares code with the program.
"""
import json
import random
from decimal import Decimal, getcontext
from pathlib import Path

getcontext().prec = 60
TAUS = ["1e-6", "1e-3", "0.05", "0.5", "1", "1.5", "2", "10", "1e3", "1e6"]
random.seed(20)
ROWS = {
    "spread": [round(random.gauss(0, 4), 3) for _ in range(40)],
    "close": [round(1 + random.random() / 1000, 7) for _ in range(12)],
    "tied": [3.0, -1.5, 3.0, 2.999, -40.0, 3.0],
    "one": [-7.25],
    "far": [0.0, -110208.0, -30.5, 12.125],
}


def quantities(logits, tau):
    # The decimal expansion of the doubles that the program reads, not of their short text.
    z = [Decimal(float(value)) for value in logits]
    tau = Decimal(float(tau))
    energies = [max(z) - value for value in z]
    factors = [(-energy / tau).exp() for energy in energies]
    total = sum(factors)
    p = [factor / total for factor in factors]
    mean = sum(weight * energy for weight, energy in zip(p, energies))
    square = sum(weight * (energy - mean) ** 2 for weight, energy in zip(p, energies))
    entropy = -sum(weight * (-energy / tau - total.ln()) for weight, energy in zip(p, energies))
    return {
        "tau": float(tau),
        "p": [float(weight) for weight in p],
        "ln_p": [float(-energy / tau - total.ln()) for energy in energies],
        "ln_z": float(total.ln()),
        "mean_energy": float(mean),
        "free_energy": float(-tau * total.ln()),
        "entropy": float(entropy),
        "heat_capacity": float(square / tau**2),
    }


rows = {
    name: {"logits": logits, "at": [quantities(logits, tau) for tau in TAUS]}
    for name, logits in ROWS.items()
}
Path(__file__).with_name("expected.json").write_text(json.dumps(rows, indent=1) + "\n")
