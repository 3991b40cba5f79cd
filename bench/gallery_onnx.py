"""Sentence -> gallery of all heads, the fastest Python way: tokenizers, onnxruntime, matplotlib.

It needs a graph that someone exported before, with the weights as outputs (bench/export.py).

gallery_onnx.py MODEL-FOLDER GRAPH.onnx TEXT OUTPUT.png WIDTHxHEIGHT
"""
import sys

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from grid import draw

folder, graph, text, path, size = sys.argv[1:]
tokenizer = Tokenizer.from_file(folder + "/tokenizer.json")
tokenizer.no_padding()
tokenizer.no_truncation()
encoding = tokenizer.encode(text)
session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
ids = np.array([encoding.ids], dtype=np.int64)
weights = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
draw([layer[0] for layer in weights], encoding.tokens, path, size)
