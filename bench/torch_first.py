"""Reads a model and runs it once on 16 tokens: prints the seconds, without the imports, as JSON.

torch_first.py MODEL THREADS       MODEL is a folder or a .gguf file
"""
import json
import sys
import time
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

path = Path(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
place = {"pretrained_model_name_or_path": path}
if path.suffix == ".gguf":
    place = {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
start = time.perf_counter()
model = AutoModelForCausalLM.from_pretrained(**place, dtype=torch.float32, local_files_only=True,
                                             attn_implementation="eager")
model.eval()
ids = torch.tensor([[1000 + index * 37 % 20_000 for index in range(16)]])
with torch.inference_mode():
    model(ids, output_attentions=True, output_hidden_states=True)
print(json.dumps({"seconds": time.perf_counter() - start}))
