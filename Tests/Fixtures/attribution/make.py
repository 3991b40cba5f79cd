"""Writes what torch and numpy say about what a prediction owes to tokens and heads.

Needs torch, transformers 5.23 and numpy:

    python3 make.py

For tiny models that other fixtures hold: the entry that a row puts first and its ln p; gradient ×
input of the vectors that enter layer 0; a ∂y/∂a of every layer and head, summed over the queries; the
rollout of the attention that torch returns, in numpy; and ln p when a token's values are 0 in every
layer, or a head's part of what W_O is given is 0, by hooks.
"""

import json
import os

import numpy as np
import torch
import transformers as hf

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = os.path.join(os.path.dirname(HERE), "models")
IDS = [7, 23, 31, 5, 35, 11, 2, 29, 14]
TYPES = [0, 0, 0, 0, 0, 1, 1, 1, 1]


def parts(name, model):
    """The layers, and of each the modules that make values and take contexts."""
    if name == "gpt2":
        return [(block.ln_1, block.attn.c_attn, block.attn.c_proj)
                for block in model.transformer.h]
    if name == "llama":
        return [(block, block.self_attn.v_proj, block.self_attn.o_proj)
                for block in model.model.layers]
    return [(layer, layer.attention.self.value, layer.attention.output.dense)
            for layer in model.bert.encoder.layer]


def first_block(name, model):
    if name == "gpt2":
        return model.transformer.h[0]
    return model.model.layers[0] if name == "llama" else model.bert.encoder.layer[0]


def facts(name, kind, row, has_types):
    model = getattr(hf, kind).from_pretrained(
        os.path.join(MODELS, name), dtype=torch.float64, attn_implementation="eager").eval()
    ids = torch.tensor([IDS])
    more = {"token_type_ids": torch.tensor([TYPES])} if has_types else {}
    width = model.config.hidden_size
    heads = model.config.num_attention_heads

    def log_probabilities(**options):
        output = model(input_ids=ids, use_cache=False, **more, **options)
        logits = output.logits if hasattr(output, "logits") else output.prediction_logits
        return torch.log_softmax(logits[0, row], dim=0), output

    kept = []

    def keep(module, args, kwargs):
        x = args[0] if args else kwargs["hidden_states"]
        x.retain_grad()
        kept.append(x)

    hook = first_block(name, model).register_forward_pre_hook(keep, with_kwargs=True)
    y, output = log_probabilities(output_attentions=True)
    hook.remove()
    entry = int(y.argmax())
    for a in output.attentions:
        a.retain_grad()
    y[entry].backward()
    inputs = (kept[0] * kept[0].grad)[0].sum(dim=1)
    weighted = [(a * a.grad)[0].sum(dim=1) for a in output.attentions]

    rollout = np.eye(len(IDS))
    for a in output.attentions:
        mixed = a[0].detach().numpy().mean(axis=0) + np.eye(len(IDS))
        rollout = (mixed / mixed.sum(axis=1, keepdims=True)) @ rollout

    tokens = []
    for token in range(len(IDS)):
        def silence(module, args, values):
            values = values.clone()
            # GPT-2 makes queries, keys and values at once.
            start = 2 * width if name == "gpt2" else 0
            values[0, token, start:] = 0
            return values
        hooks = [value.register_forward_hook(silence) for _, value, _ in parts(name, model)]
        tokens.append(float(log_probabilities()[0][entry]))
        for hook in hooks:
            hook.remove()
    switched = []
    for _, _, output_module in parts(name, model):
        rows = []
        for head in range(heads):
            def off(module, args):
                x = args[0].clone()
                d = x.shape[-1] // heads
                x[..., head * d:(head + 1) * d] = 0
                return (x,)
            hook = output_module.register_forward_pre_hook(off)
            rows.append(float(log_probabilities()[0][entry]))
            hook.remove()
        switched.append(rows)
    return {"row": row, "types": TYPES if has_types else [], "entry": entry,
            "log_probability": float(y[entry]), "inputs": inputs.tolist(),
            "attention": [w.tolist() for w in weighted], "rollout": rollout.tolist(),
            "without_token": tokens, "without_head": switched}


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.9g}")
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else value


models = {
    "gpt2": facts("gpt2", "GPT2LMHeadModel", 8, False),
    "llama": facts("llama", "LlamaForCausalLM", 6, False),
    "bert": facts("bert", "BertForPreTraining", 3, True),
}
with open(os.path.join(HERE, "expected.json"), "w") as file:
    json.dump(rounded({"ids": IDS, "models": models}), file)
for name, found in models.items():
    print(name, found["entry"], found["log_probability"], found["without_token"][:3])
