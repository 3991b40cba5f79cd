"""Measures training: tokens a second of a model as small as those that are embedded."""
import re
from functools import partial

import machine
from processes import interleaved, output_and_memory
from programs import TRAINING, script
from tables import show_speeds

SHAPES = [(128, 2000), (192, 4000)]  # width and vocabulary
STEPS = 16


def speed(command):
    """Tokens a second as the program prints them, and the peak memory of the process in MB."""
    text, memory = output_and_memory(command)
    return float(re.search(r"([\d.]+) tokens/s", text)[1]), memory


def compare_training(python, rounds):
    """Whole steps: forward, backward, clipping, AdamW."""
    threads = machine.cores()
    for width, vocabulary in SHAPES:
        words = [str(number) for number in (width, vocabulary, STEPS, threads)]
        print(f"\nTraining a decoder of 4 layers, width {width}, vocabulary {vocabulary}, 32 texts of "
              f"64 tokens: {threads} threads, {rounds} rounds", flush=True)
        show_speeds(interleaved({
            "attnviz": partial(speed, [TRAINING, *words]),
            "torch": partial(speed, [python, *script("torch_training.py", *words)]),
        }, rounds))
