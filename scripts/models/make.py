#!/usr/bin/env python3
"""Trains the embedded models by their recipes and writes them, in half precision, into the sources.

    make.py FOLDER [NAME ...]

FOLDER keeps the texts and the runs. A run that was interrupted goes on where it was; one that is
done is left alone, so deleting its folder trains it anew. Every run gives the same numbers again on
the same machine.
"""

import json
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = ROOT / ".build/release/attnviz"
TARGET = ROOT / "Sources/CModels"
# The decoder takes the encoder's vocabulary, so that comes first.
NAMES = ("tiny-bert", "tiny-gpt", "tiny-speller")


def train(name: str, folder: pathlib.Path) -> pathlib.Path:
    recipe = json.loads((HERE / f"recipes/{name}.json").read_text("utf-8"))
    run = folder / "runs" / name
    reads = [str(folder / word) if "." in word else word for word in recipe["reads"]]
    command = ["nice", "-n", "5", str(PROGRAM), "train", *reads, "--output", str(run)]
    if (run / "training.safetensors").exists():
        command.append("--resume")
    else:
        run.mkdir(parents=True, exist_ok=True)
        config = folder / "runs" / f"{name}.config.json"
        config.write_text(json.dumps(recipe["config"], indent=2) + "\n", "utf-8")
        command += ["--config", str(config), *recipe["options"]]
        if "tokenizer" in recipe:
            command += ["--tokenizer", str(folder / "runs" / recipe["tokenizer"])]
    subprocess.run(command, check=True)
    return run


def halves(source: pathlib.Path, target: pathlib.Path) -> None:
    """A safetensors file with every number as a 16-bit one, the nearest there is."""
    data = source.read_bytes()
    size = struct.unpack_from("<Q", data)[0]
    header = json.loads(data[8:8 + size])
    body, entries = bytearray(), {"__metadata__": {"format": "pt"}}
    for name, entry in sorted(header.items()):
        if name == "__metadata__":
            continue
        first, last = entry["data_offsets"]
        numbers = struct.unpack(f"<{(last - first) // 4}f", data[8 + size + first:8 + size + last])
        start = len(body)
        body += struct.pack(f"<{len(numbers)}e", *numbers)
        entries[name] = {
            "dtype": "F16", "shape": entry["shape"], "data_offsets": [start, len(body)]}
    words = json.dumps(entries, separators=(",", ":")).encode()
    words += b" " * (-len(words) % 8)
    target.write_bytes(struct.pack("<Q", len(words)) + words + body)


def learning(source: pathlib.Path, target: pathlib.Path) -> None:
    """The losses of every tenth step, with five digits."""
    log = json.loads(source.read_text("utf-8"))
    for key in ("step", "loss", "learning_rate", "gradient_norm"):
        log[key] = [float(f"{number:.5g}") for number in log[key][9::10]]
    log["step"] = [int(step) for step in log["step"]]
    log["validation_loss"] = [float(f"{loss:.5g}") for loss in log["validation_loss"]]
    target.write_text(json.dumps(log, separators=(",", ":")) + "\n", "utf-8")


def store(name: str, run: pathlib.Path) -> None:
    target = TARGET / name
    target.mkdir(parents=True, exist_ok=True)
    for file in ("config.json", "tokenizer.json", "generation_config.json"):
        (target / file).write_bytes((run / file).read_bytes())
    halves(run / "model.safetensors", target / "model.safetensors")
    learning(run / "learning.json", target / "learning.json")
    size = sum(file.stat().st_size for file in target.iterdir())
    print(f"{target.relative_to(ROOT)}: {size / 1e6:.2f} MB")


def main() -> None:
    folder = pathlib.Path(sys.argv[1])
    if not (folder / "kjv.txt").exists():
        subprocess.run([sys.executable, str(HERE / "prepare.py"), str(folder)], check=True)
    for name in sys.argv[2:] or NAMES:
        store(name, train(name, folder))


if __name__ == "__main__":
    main()
