"""Times warm forward passes of torch that return attention weights and hidden states.

torch_forward.py MODEL-FOLDER THREADS RUNS LENGTH...

Prints one line of JSON a length, as forward-benchmark does, for the same tokens.
"""
import json
import statistics
import sys
import time

import torch
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM


def passes(model, ids, count):
    """Yields the seconds of every pass."""
    for _ in range(count):
        start = time.perf_counter()
        model(ids, output_attentions=True, output_hidden_states=True)
        yield time.perf_counter() - start


folder = sys.argv[1]
threads, runs, *lengths = map(int, sys.argv[2:])
torch.set_num_threads(threads)
# A decoder gives logits, as in attnviz.
heads = AutoConfig.from_pretrained(folder).architectures or []
kind = AutoModelForCausalLM if any(name.endswith("LMHeadModel") for name in heads) else AutoModel
model = kind.from_pretrained(folder, local_files_only=True, attn_implementation="eager")
model.eval()
with torch.inference_mode():
    for length in lengths:
        ids = torch.tensor([[1000 + index * 37 % 20_000 for index in range(length)]])
        times = list(passes(model, ids, runs + 2))[2:]
        print(json.dumps({"tokens": length, "seconds": statistics.median(times)}))
