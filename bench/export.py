"""Exports a model as an ONNX graph whose outputs are the attention weights of every layer.

export.py MODEL-FOLDER OUTPUT.onnx
"""
import sys

import torch
from transformers import AutoModel


class Weights(torch.nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, input_ids, attention_mask):
        output = self.model(input_ids=input_ids, attention_mask=attention_mask,
                            output_attentions=True)
        return output.attentions


folder, path = sys.argv[1:]
model = AutoModel.from_pretrained(folder, local_files_only=True, attn_implementation="eager")
model.eval()
ids = torch.ones(1, 12, dtype=torch.int64)
names = [f"weights.{layer}" for layer in range(model.config.num_hidden_layers)]
axes = {name: {2: "tokens", 3: "tokens"} for name in names}
axes |= {name: {1: "tokens"} for name in ("input_ids", "attention_mask")}
torch.onnx.export(Weights(model), (ids, ids), path, dynamo=False, opset_version=17,
                  input_names=["input_ids", "attention_mask"], output_names=names,
                  dynamic_axes=axes)
