"""Exports a GGUF model as the folder that transformers reads, in 32-bit floats.

decoder.py MODEL.gguf FOLDER
"""
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

source, folder = sys.argv[1:]
place = {"pretrained_model_name_or_path": str(Path(source).parent),
         "gguf_file": Path(source).name}
AutoTokenizer.from_pretrained(**place).save_pretrained(folder)
model = AutoModelForCausalLM.from_pretrained(**place, dtype=torch.float32)
# It remembers that it was quantised and refuses to be saved: its numbers go into a new one.
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
plain = AutoModelForCausalLM.from_config(model.config, dtype=torch.float32)
plain.load_state_dict(model.state_dict())
plain.save_pretrained(folder)
