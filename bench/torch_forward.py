"""Times warm forward passes of torch in eager mode with all attention weights returned.

torch_forward.py MODEL-FOLDER RUNS LENGTH...

Prints one line of JSON a length, like forward-benchmark: the median seconds of a pass.
"""
import json
import statistics
import sys
import time

import torch
from transformers import AutoModel

folder, runs, *lengths = sys.argv[1:]
torch.set_num_threads(2)
model = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager")
model.eval()
for length in map(int, lengths):
    ids = torch.tensor([[1000 + i * 37 % 20000 for i in range(length)]])
    times = []
    with torch.inference_mode():
        for run in range(int(runs) + 2):
            start = time.perf_counter()
            model(input_ids=ids, output_attentions=True, output_hidden_states=True)
            if run >= 2:
                times.append(time.perf_counter() - start)
    print(json.dumps({"tokens": length, "seconds": statistics.median(times)}))
