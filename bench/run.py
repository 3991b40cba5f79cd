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
from processes import interleaved, measure, output, output_and_memory
from tables import milliseconds, show_passes, show_processes, show_speeds, span

HERE = Path(__file__).resolve().parent
PRODUCTS = HERE.parent / ".build" / "release"
ATTNVIZ = str(PRODUCTS / "attnviz")
FORWARD = str(PRODUCTS / "forward-benchmark")
SENTENCES = [
    "The cat sat on the mat and slept quietly.",
    "The animal did not cross the street because it was too tired, and the driver, who had waited "
    "for a long time, finally decided to stop the car, get out, and carry the old dog to the other "
    "side of the road, where a small child stood watching with wide eyes and a red balloon.",
]
LENGTHS = [16, 128, 512]
PROMPT = "The capital of France is"
NEW_TOKENS = [16, 144]
PASSES = 15  # a process and length
HELPS = 20


def script(name, *words):
    """The words after `python` that run a script of this folder."""
    return [str(HERE / name), *map(str, words)]


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


def seconds_by_length(command):
    """What forward-benchmark or torch_forward.py prints: length -> seconds."""
    lines = map(json.loads, output(command).splitlines())
    return {line["tokens"]: line["seconds"] for line in lines}


def compare_passes(folder, python, rounds):
    """Warm forward passes that keep what happens inside, in two programs that take turns."""
    attnviz = [FORWARD, folder, str(PASSES), *map(str, LENGTHS)]
    torch = [python, *script("torch_forward.py", folder, machine.cores(), PASSES, *LENGTHS)]
    print(f"\nWarm forward pass, everything recorded: {machine.cores()} threads, median of {rounds} "
          f"medians of {PASSES}", flush=True)
    taken = interleaved({
        "attnviz": partial(seconds_by_length, attnviz),
        "torch": partial(seconds_by_length, torch),
    }, rounds)
    ours, theirs = (
        {length: [one[length] for one in results] for length in LENGTHS}
        for results in taken.values())
    show_passes(LENGTHS, ours, theirs)


def compare_decoding(gguf, folder, python, rounds):
    """Greedy decoding: the time that more new tokens take, and the peak memory of the process."""
    few, many = NEW_TOKENS
    print(f"\nGreedy decoding, {many - few} tokens after the first {few}: {machine.cores()} threads, "
          f"{rounds} rounds", flush=True)

    def ours():
        taken = [
            measure([ATTNVIZ, "generate", "--model", gguf, "--greedy", "--ignore-eos", "-q",
                     "--max-new-tokens", str(count), PROMPT]) for count in NEW_TOKENS]
        return (many - few) / (taken[1].wall - taken[0].wall), taken[1].memory

    def theirs():
        command = [python, *script("generate_transformers.py", folder, machine.cores(), PROMPT,
                                   *NEW_TOKENS)]
        lines, memory = output_and_memory(command)
        seconds = [json.loads(line)["seconds"] for line in lines.splitlines()]
        return (many - few) / (seconds[1] - seconds[0]), memory

    show_speeds(interleaved({"attnviz": ours, "transformers": theirs}, rounds))


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
        compare_decoding(gguf, folder, python, rounds)
        compare_temperatures(gguf, folder, python, rounds)


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
    parser.add_argument("--yes", action="store_true", help="make the environment without asking")
    return parser.parse_args()


def main():
    options = arguments()
    folder = model_folder(options.model)
    python = python_side.prepare(options.yes)
    print("\n".join(machine.facts(ATTNVIZ, python)), flush=True)
    if machine.is_busy():
        print("The machine is busy with other work: these numbers are not to be trusted.")
    with tempfile.TemporaryDirectory() as scratch:
        graph = f"{scratch}/graph.onnx"
        output([python, *script("export.py", folder, graph)])
        for text in SENTENCES:
            compare_galleries(text, options.model, folder, python, graph, options.rounds)
    compare_passes(folder, python, options.rounds)
    compare_decoder(python, options.rounds)
    measure_help()


main()
