"""Sentence -> gallery of all heads, the usual Python way: transformers and matplotlib.

gallery_transformers.py MODEL-FOLDER TEXT OUTPUT.png WIDTHxHEIGHT
"""
import sys

import torch
from transformers import AutoModel, AutoTokenizer

from grid import draw

folder, text, path, size = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
model = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager")
model.eval()
inputs = tokenizer(text, return_tensors="pt")
with torch.inference_mode():
    output = model(**inputs, output_attentions=True)
draw([layer[0].numpy() for layer in output.attentions],
     tokenizer.convert_ids_to_tokens(inputs["input_ids"][0]), path, size)
