#!/usr/bin/env python3
"""Compares the embedded models with transformers: the same numbers from the same files.

    compare.py FOLDER-OF-MODELS

Needs torch and transformers; prints the largest difference of logits and of attention weights.
"""

import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForMaskedLM, AutoModelForSeq2SeqLM

PROGRAM = pathlib.Path(__file__).resolve().parent.parent.parent / ".build/release/attnviz"
MODELS = (
    ("tiny-gpt", AutoModelForCausalLM, "lion: a large animal that hunts in the dark"),
    ("tiny-bert", AutoModelForMaskedLM, "lion: a large [MASK] that hunts in the dark"),
    ("tiny-speller", AutoModelForSeq2SeqLM, "knightly"),
)


def recorded(folder: pathlib.Path, text: str) -> dict:
    """What attnviz records of a text."""
    with tempfile.TemporaryDirectory() as place:
        path = f"{place}/trace.safetensors"
        subprocess.run(
            [str(PROGRAM), "trace", "-q", "--model", str(folder), "-o", path, text], check=True)
        return load_file(path)


def main() -> None:
    for name, kind, text in MODELS:
        folder = pathlib.Path(sys.argv[1]) / name
        trace = recorded(folder, text)
        model = kind.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
        inputs = {"input_ids": trace["ids"].long()[None]}
        if "decoder_ids" in trace:
            inputs["decoder_input_ids"] = trace["decoder_ids"].long()[None]
        with torch.no_grad():
            out = model(**inputs, output_attentions=True)
        maps = out.cross_attentions if "decoder_ids" in trace else out.attentions
        part = "decoder.layers.{}.cross_attention" if "decoder_ids" in trace else "layers.{}.attention"
        weights = max(
            (own[0] - trace[part.format(layer) + ".weights"]).abs().max().item()
            for layer, own in enumerate(maps))
        logits = (out.logits[0] - trace["logits"]).abs().max().item()
        print(f"{name}: logits {logits:.1e}, weights {weights:.1e}")


if __name__ == "__main__":
    main()
