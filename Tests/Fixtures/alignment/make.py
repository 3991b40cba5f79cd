"""Writes losses.json: the losses of alignment and their gradients, by torch in double precision.

    python3 make.py        (needs torch)

Everything is written from the papers' formulas and differentiated by torch; nothing here knows the
program's code.
"""

import json
import pathlib

import torch
import torch.nn.functional as F

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)
HERE = pathlib.Path(__file__).parent


def numbers(tensor):
    return [round(x, 9) for x in tensor.detach().flatten().tolist()]


def fixed(*shape, scale=1.0):
    """Random numbers that the file holds exactly."""
    return torch.round(torch.randn(*shape) * scale * 1000) / 1000


def pairs():
    chosen, rejected = fixed(6, scale=2).requires_grad_(), fixed(6, scale=2).requires_grad_()
    loss = -F.logsigmoid(chosen - rejected).sum()
    loss.backward()
    return {
        "chosen": numbers(chosen), "rejected": numbers(rejected), "loss": loss.item(),
        "chosen_slopes": numbers(chosen.grad), "rejected_slopes": numbers(rejected.grad),
    }


def direct():
    beta = 0.3
    chosen, rejected = (fixed(5, scale=8) - 20).requires_grad_(), (fixed(5, scale=8) - 20).requires_grad_()
    chosen_reference, rejected_reference = fixed(5, scale=8) - 20, fixed(5, scale=8) - 20
    inside = beta * (chosen - chosen_reference) - beta * (rejected - rejected_reference)
    loss = -F.logsigmoid(inside).sum()
    loss.backward()
    return {
        "beta": beta, "chosen": numbers(chosen), "rejected": numbers(rejected),
        "chosen_reference": numbers(chosen_reference),
        "rejected_reference": numbers(rejected_reference), "loss": loss.item(),
        "chosen_slopes": numbers(chosen.grad), "rejected_slopes": numbers(rejected.grad),
    }


def clipped():
    epsilon = 0.2
    old = fixed(16) - 3
    new = (old + fixed(16, scale=0.3)).requires_grad_()
    advantages = fixed(16)
    ratio = (new - old).exp()
    loss = -torch.minimum(
        ratio * advantages, ratio.clamp(1 - epsilon, 1 + epsilon) * advantages).sum()
    loss.backward()
    return {
        "epsilon": epsilon, "old": numbers(old), "new": numbers(new),
        "advantages": numbers(advantages), "loss": loss.item(), "slopes": numbers(new.grad),
    }


def reinforced():
    new, advantages = (fixed(7) - 3).requires_grad_(), fixed(7)
    loss = -(new * advantages).sum()
    loss.backward()
    return {
        "new": numbers(new), "advantages": numbers(advantages), "loss": loss.item(),
        "slopes": numbers(new.grad),
    }


def values():
    expected, returns = fixed(7).requires_grad_(), fixed(7)
    loss = 0.5 * F.mse_loss(expected, returns, reduction="sum")
    loss.backward()
    return {
        "values": numbers(expected), "returns": numbers(returns), "loss": loss.item(),
        "slopes": numbers(expected.grad),
    }


def advantages():
    """The sum of eq. 16 written out, and not the recursion."""
    rewards, expected = fixed(6), fixed(6)
    discount, decay = 0.97, 0.9
    following = torch.cat([expected[1:], torch.zeros(1)])
    delta = rewards + discount * following - expected
    n = len(rewards)
    result = torch.stack([
        sum((discount * decay) ** l * delta[t + l] for l in range(n - t)) for t in range(n)])
    return {
        "rewards": numbers(rewards), "values": numbers(expected), "discount": discount,
        "decay": decay, "advantages": numbers(result), "returns": numbers(result + expected),
    }


def divergence():
    own, base = fixed(4, 7, scale=1.5), fixed(4, 7, scale=1.5)
    drawn = torch.tensor([2, 0, 6, 3])
    p, q = F.log_softmax(own, -1), F.log_softmax(base, -1)
    mine, other = p.gather(1, drawn[:, None])[:, 0], q.gather(1, drawn[:, None])[:, 0]
    ratio = (other - mine).exp()
    return {
        "policy_logits": numbers(own), "reference_logits": numbers(base),
        "drawn": drawn.tolist(), "policy": numbers(mine), "reference": numbers(other),
        "k1": (-ratio.log()).sum().item(), "k2": (ratio.log() ** 2 / 2).sum().item(),
        "k3": ((ratio - 1) - ratio.log()).sum().item(),
        "exact": F.kl_div(q, p, log_target=True, reduction="sum").item(),
    }


def main():
    parts = [pairs, direct, clipped, reinforced, values, advantages, divergence]
    file = HERE / "losses.json"
    file.write_text(json.dumps({part.__name__: part() for part in parts}, indent=1) + "\n")


main()
