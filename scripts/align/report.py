#!/usr/bin/env python3
"""Measures every rule, several seeds, several λ and the baselines, and writes a table with all of them.

    scripts/align/report.py WORKFOLDER [--seeds 0,1,2] [--rules shorter,animals,ends] [--kl 0,0.03,0.1,1]

Every part is an `attnviz align` call whose folder stays in WORKFOLDER: what is there already is not
computed again, and a policy that was interrupted is taken up, so the report can be stopped at any time.
The table goes to WORKFOLDER/report.md.
"""

import argparse
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--program", default=str(ROOT / ".build/release/attnviz"))
    parser.add_argument("--model", default="tiny-gpt")
    parser.add_argument("--rules", default="shorter,animals,ends")
    parser.add_argument("--seeds", default="0,1,2")
    parser.add_argument("--kl", default="0,0.03,0.1,1")
    parser.add_argument("--iterations", type=int, default=60)
    parser.add_argument("--pairs", type=int, default=800)
    parser.add_argument("--noise", type=float, default=0.05)
    return parser.parse_args()


class Report:
    def __init__(self, options):
        self.options = options
        options.folder.mkdir(parents=True, exist_ok=True)

    def call(self, *words):
        words = [self.options.program, "align", *map(str, words), "--model", self.options.model]
        print("+", *words[1:], file=sys.stderr, flush=True)
        done = subprocess.run(words)
        if done.returncode != 0:
            sys.exit(done.returncode)

    def reward(self, rule, seed):
        """The pairs of a rule and the reward model that learned from them."""
        pairs = self.options.folder / f"{rule}-{seed}.jsonl"
        folder = self.options.folder / f"{rule}-{seed}-reward"
        if not pairs.exists():
            self.call("prefer", "--rule", rule, "--count", self.options.pairs, "--noise",
                      self.options.noise, "--seed", seed, "-o", pairs)
        if not (folder / "reward.json").exists():
            self.call("reward", "--pairs", pairs, "--seed", seed, "-o", folder, "-q")
        return pairs, folder

    def policy(self, rule, seed, method, kl):
        pairs, reward = self.reward(rule, seed)
        folder = self.options.folder / f"{rule}-{seed}-{method}-{kl}"
        log = folder / "alignment.json"
        made = json.loads(log.read_text()) if log.exists() else {"iterations": []}
        if len(made["iterations"]) < self.options.iterations and not made.get("stopped"):
            resume = ["--resume"] if (folder / "alignment.safetensors").exists() else [
                "--method", method, "--kl", kl, "--iterations", self.options.iterations]
            extra = ["--pairs", pairs] if method == "dpo" else []
            self.call("policy", "--reward", reward, *extra, "--seed", seed, "-o", folder, *resume)
            made = json.loads(log.read_text())
        return made


def number(value, decimals=2):
    return "–" if value is None else f"{value:.{decimals}f}".replace("-", "−")


def reward_row(rule, seed, evaluation):
    keys = ["accuracy", "rule_accuracy", "loss", "calibration_error", "score_r", "score_rho",
            "length_r", "length_rho", "score_r_given_length", "score_with_length_r"]
    return [rule, str(seed), str(evaluation["trained_on"]), str(evaluation["pairs"])] + [
        number(evaluation[key], 3) for key in keys]


def policy_row(rule, seed, method, kl, log):
    first, last = log["evaluations"][0], log["evaluations"][-1]
    seconds = sorted(log["seconds"])
    return [
        rule, str(seed), method, str(kl), number(first["reward"]), number(last["reward"]),
        number(first.get("score")), number(last.get("score")), number(last["kl_exact"]),
        number(last["entropy"]), number(last.get("reference_surprise")), number(last["length"], 1),
        number(last["finished_share"]), number(seconds[len(seconds) // 2])]


def table(header, rows):
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def main():
    options = arguments()
    report = Report(options)
    rules, seeds = options.rules.split(","), [int(s) for s in options.seeds.split(",")]
    penalties = [float(k) for k in options.kl.split(",")]
    rewards, policies = [], []
    for rule in rules:
        for seed in seeds:
            _, folder = report.reward(rule, seed)
            evaluation = json.loads((folder / "reward.json").read_text())["evaluation"]
            rewards.append(reward_row(rule, seed, evaluation))
            runs = [("ppo", kl) for kl in penalties] + [("reinforce", 0.1), ("dpo", 0.1)]
            for method, kl in runs:
                log = report.policy(rule, seed, method, kl)
                policies.append(policy_row(rule, seed, method, kl, log))
    text = f"""# Alignment of {options.model}, every seed

{options.pairs} pairs a rule and seed, {options.noise:.0%} of the labels turned round, {options.iterations} iterations.
Reward models are measured with pairs after prompts that they have not seen, policies with 128 texts after prompts that
were kept aside. λ is β of dpo. The seconds are the median of an iteration on a machine that may have had other work.

## Reward models

""" + table(
        ["rule", "seed", "pairs", "kept", "accuracy", "by the rule", "loss", "calibration error",
         "r score", "ρ score", "r length", "ρ length", "r score, length held",
         "r score and length"], rewards) + """
## Policies

""" + table(
        ["rule", "seed", "method", "λ", "r_θ before", "r_θ after", "rule before", "rule after",
         "KL, nats a text", "entropy", "surprise of the reference", "tokens", "ended", "s"],
        policies)
    (options.folder / "report.md").write_text(text)
    print(text)


main()
