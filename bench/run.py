"""Measures attnviz against Python on this machine and prints the tables of docs/performance.md.

`make bench` builds what it needs and runs it; `python3 bench/run.py --help` tells the options.
"""
import argparse
import json
import struct
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from statistics import median

import machine
import python_side
from passes import compare_decoding, compare_loading, compare_passes
from pictures import compare_pictures
from processes import interleaved, measure, output
from programs import ATTNVIZ, PROMPT, script
from tables import milliseconds, show_processes, span
from training import compare_training

SENTENCES = [
    "The cat sat on the mat and slept quietly.",
    "The animal did not cross the street because it was too tired, and the driver, who had waited "
    "for a long time, finally decided to stop the car, get out, and carry the old dog to the other "
    "side of the road, where a small child stood watching with wide eyes and a red balloon.",
]
LENGTHS = [16, 128, 512]
SHAPES = {"bert-base": LENGTHS, "gpt2": [*LENGTHS, 1024]}
CONTAINERS = {
    "safetensors, F32": "gpt2", "safetensors, F16": "gpt2-f16", "shards, F32": "gpt2-shards",
    "pytorch_model.bin, F32": "gpt2-bin", "GGUF, Q4_1": "gpt2-q4_1/model.gguf",
}
PARTS = ["galleries", "pictures", "passes", "shapes", "loading", "decoder", "training", "start"]
HELPS = 20


def model_folder(model):
    """Where a stored model is; ends with what to do if it is not stored."""
    found = subprocess.run([ATTNVIZ, "models", "path", model], capture_output=True, text=True)
    if found.returncode != 0:
        sys.exit(f"{found.stderr}Add the model first: {ATTNVIZ} models add {model}")
    return found.stdout.strip()


def token_count(model, text):
    """How many tokens a text is, special tokens included."""
    encoding = output([ATTNVIZ, "tokenize", "--model", model, "--json", text])
    return len(json.loads(encoding)["ids"])


def picture_size(path):
    """Width and height of a PNG, from its header."""
    width, height = struct.unpack(">II", Path(path).read_bytes()[16:24])
    return f"{width}x{height}"


def compare_galleries(text, model, folder, python, graph, rounds):
    """From a sentence to a PNG of every head: whole processes that draw as many pixels."""
    with tempfile.TemporaryDirectory() as scratch:
        picture = f"{scratch}/gallery.png"
        attnviz = [ATTNVIZ, "draw", "gallery", "--model", model, "-q", "-o", picture, text]
        output(attnviz)
        size = picture_size(picture)
        usual = [python, *script("gallery_transformers.py", folder, text, picture, size)]
        fastest = [python, *script("gallery_onnx.py", folder, graph, text, picture, size)]
        print(f"\nSentence to a gallery of every head, whole process: "
              f"{token_count(model, text)} tokens, {size} pixels, {rounds} rounds", flush=True)
        show_processes(interleaved({
            "attnviz": partial(measure, attnviz),
            "transformers + matplotlib": partial(measure, usual),
            "onnxruntime + matplotlib": partial(measure, fastest),
        }, rounds))


def compare_all_galleries(model, folder, python, rounds):
    """The galleries of every sentence."""
    with tempfile.TemporaryDirectory() as scratch:
        graph = f"{scratch}/graph.onnx"
        output([python, *script("export.py", folder, graph)])
        for text in SENTENCES:
            compare_galleries(text, model, folder, python, graph, rounds)


def compare_temperatures(gguf, folder, python, rounds):
    """From a sentence to five pictures of its next-token distribution: whole processes."""
    print(f"\nSentence to the five figures of its temperature as PNG, whole process: {rounds} rounds",
          flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        ours = [ATTNVIZ, "temperature", "--model", gguf, "--format", "png", "-q",
                "-o", f"{scratch}/attnviz", PROMPT]
        theirs = [python, *script("temperature_transformers.py", folder, PROMPT, scratch)]
        show_processes(interleaved({
            "attnviz": partial(measure, ours),
            "transformers + numpy + matplotlib": partial(measure, theirs),
        }, rounds))


def compare_decoder(python, rounds):
    """Everything that needs a decoder; left out when it is not stored."""
    found = subprocess.run([ATTNVIZ, "models", "path", "smollm2"], capture_output=True, text=True)
    if found.returncode != 0:
        print(f"\nNo decoder is stored, nothing is generated: {ATTNVIZ} models add smollm2")
        return
    gguf = found.stdout.strip()
    with tempfile.TemporaryDirectory() as folder:
        output([python, *script("decoder.py", gguf, folder)])
        compare_decoding("smollm2", gguf, folder, python, rounds)
        compare_temperatures(gguf, folder, python, rounds)


def compare_shapes(parts, python, rounds):
    """Models of well-known shapes with random parameters, made for the occasion."""
    with tempfile.TemporaryDirectory() as folder:
        output([python, *script("shapes.py", folder, *SHAPES)])
        if "shapes" in parts:
            for shape, lengths in SHAPES.items():
                compare_passes(f"the shape of {shape}", f"{folder}/{shape}", lengths, python, rounds)
            compare_decoding("the shape of gpt2", f"{folder}/gpt2", f"{folder}/gpt2", python, rounds)
        if "loading" in parts:
            paths = {name: f"{folder}/{path}" for name, path in CONTAINERS.items()}
            compare_loading("the shape of gpt2", paths, python, rounds)


def measure_help():
    """The start-up time of the program."""
    samples = interleaved({"help": partial(measure, [ATTNVIZ, "--help"])}, HELPS)["help"]
    walls = [sample.wall for sample in samples]
    print(f"\nattnviz --help, start to end: {milliseconds(median(walls))} ms, median of {HELPS} "
          f"({span(walls)})")


def arguments():
    parser = argparse.ArgumentParser(description="Measures attnviz against Python.")
    parser.add_argument("--model", default="minilm", help="a stored model (default: minilm)")
    parser.add_argument("--rounds", type=int, default=10, help="how often programs take turns")
    parser.add_argument("--parts", type=lambda words: words.split(","), default=PARTS,
                        help=f"some of {','.join(PARTS)} (default: all)")
    parser.add_argument("--yes", action="store_true", help="make the environment without asking")
    return parser.parse_args()


def main():
    options = arguments()
    folder = model_folder(options.model)
    python = python_side.prepare(options.yes)
    print("\n".join(machine.facts(ATTNVIZ, python)), flush=True)
    if machine.is_busy():
        print("The machine is busy with other work: these numbers are not to be trusted.")
    if "galleries" in options.parts:
        compare_all_galleries(options.model, folder, python, options.rounds)
    if "pictures" in options.parts:
        compare_pictures(python, options.rounds)
    if "passes" in options.parts:
        compare_passes(options.model, folder, LENGTHS, python, options.rounds)
    if {"shapes", "loading"} & set(options.parts):
        compare_shapes(options.parts, python, options.rounds)
    if "decoder" in options.parts:
        compare_decoder(python, options.rounds)
    if "training" in options.parts:
        compare_training(python, options.rounds)
    if "start" in options.parts:
        measure_help()


main()
