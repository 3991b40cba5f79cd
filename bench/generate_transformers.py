"""Greedy decoding in transformers: prints seconds for each number of new tokens as JSON lines.

generate_transformers.py MODEL-FOLDER THREADS TEXT COUNT...
"""
import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

folder, threads, text, *counts = sys.argv[1:]
torch.set_num_threads(int(threads))
tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
model = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True, dtype=torch.float32)
model.eval()
inputs = tokenizer(text, return_tensors="pt")


def seconds(count):
    start = time.perf_counter()
    with torch.inference_mode():
        model.generate(**inputs, do_sample=False, max_new_tokens=count, min_new_tokens=count,
                       repetition_penalty=1.0, pad_token_id=0)
    return time.perf_counter() - start


seconds(4)
for count in map(int, counts):
    print(json.dumps({"count": count, "seconds": seconds(count)}), flush=True)
