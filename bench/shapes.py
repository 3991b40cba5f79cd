"""Makes models of well-known shapes with random parameters, in the containers that are compared.

shapes.py FOLDER SHAPE...       SHAPE is bert-base or gpt2

FOLDER/SHAPE is a folder in 32-bit floats as transformers writes it. Of gpt2 there are besides:
gpt2-f16, gpt2-shards, gpt2-bin, and gpt2-q4_1/model.gguf. The vocabulary is made up: bytes, then
names of nothing.
"""
import json
import sys
from pathlib import Path

import gguf
import numpy as np
import torch
from transformers import BertConfig, BertModel, GPT2Config, GPT2LMHeadModel

END = "<|endoftext|>"


def byte_letters():
    """The letters that stand for the 256 bytes in byte-level BPE."""
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in shown]
    letters = {byte: chr(byte) for byte in shown}
    letters |= {byte: chr(256 + place) for place, byte in enumerate(hidden)}
    return [letters[byte] for byte in range(256)]


def vocabulary(size):
    """Tokens in the order of their ids."""
    letters = byte_letters()
    return letters + [f"entry{number}" for number in range(size - len(letters) - 1)] + [END]


def write_tokenizer(folder, size):
    tokens = vocabulary(size)
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True,
                  "use_regex": True}
    end = {"id": size - 1, "content": END, "single_word": False, "lstrip": False, "rstrip": False,
           "normalized": False, "special": True}
    parts = {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": [end],
        "normalizer": None, "pre_tokenizer": byte_level, "post_processor": None,
        "decoder": byte_level,
        "model": {"type": "BPE", "dropout": None, "unk_token": None,
                  "continuing_subword_prefix": None, "end_of_word_suffix": None,
                  "fuse_unk": False, "byte_fallback": False,
                  "vocab": {token: place for place, token in enumerate(tokens)}, "merges": []},
    }
    (folder / "tokenizer.json").write_text(json.dumps(parts))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": END}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def make_bert(root):
    config = BertConfig()
    folder = root / "bert-base"
    BertModel(config).eval().save_pretrained(folder)
    write_tokenizer(folder, config.vocab_size)


def make_gpt2(root):
    config = GPT2Config(eos_token_id=50256, bos_token_id=50256)
    model = GPT2LMHeadModel(config).eval()
    for name, options in {"gpt2": {}, "gpt2-shards": {"max_shard_size": "100MB"}}.items():
        model.save_pretrained(root / name, **options)
    state = {name: value for name, value in model.state_dict().items() if name != "lm_head.weight"}
    (root / "gpt2-bin").mkdir()
    torch.save(state, root / "gpt2-bin" / "pytorch_model.bin")
    model.config.save_pretrained(root / "gpt2-bin")
    (root / "gpt2-q4_1").mkdir()
    write_gguf(root / "gpt2-q4_1" / "model.gguf", config, state)
    model.half().save_pretrained(root / "gpt2-f16")
    for name in ["gpt2", "gpt2-shards", "gpt2-bin", "gpt2-f16"]:
        write_tokenizer(root / name, config.vocab_size)


GGUF_NAMES = {
    "ln_1": "attn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output",
    "ln_2": "ffn_norm", "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
}


def gguf_name(name):
    """llama.cpp's name for a tensor of GPT-2."""
    whole = {"wte": "token_embd", "wpe": "position_embd", "ln_f": "output_norm"}
    path, _, kind = name.removeprefix("transformer.").rpartition(".")
    if path in whole:
        return f"{whole[path]}.{kind}"
    _, layer, part = path.split(".", 2)
    return f"blk.{layer}.{GGUF_NAMES[part]}.{kind}"


def write_gguf(path, config, state):
    writer = gguf.GGUFWriter(path, "gpt2")
    writer.add_name("random parameters")
    writer.add_block_count(config.n_layer)
    writer.add_context_length(config.n_positions)
    writer.add_embedding_length(config.n_embd)
    writer.add_feed_forward_length(4 * config.n_embd)
    writer.add_head_count(config.n_head)
    writer.add_layer_norm_eps(config.layer_norm_epsilon)
    tokens = vocabulary(config.vocab_size)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * (len(tokens) - 1) + [3])
    writer.add_token_merges([])
    writer.add_eos_token_id(len(tokens) - 1)
    packed = gguf.GGMLQuantizationType.Q4_1
    for name, value in state.items():
        if name.endswith((".attn.bias", ".attn.masked_bias")):
            continue
        numbers = value.numpy()
        # GPT-2 keeps its matrices [in, out]; a GGUF file has them the other way round.
        if ".c_" in name and name.endswith("weight"):
            numbers = np.ascontiguousarray(numbers.T)
        if numbers.ndim == 2 and "wpe" not in name:
            writer.add_tensor(gguf_name(name), gguf.quants.quantize(numbers, packed),
                              raw_dtype=packed)
        else:
            writer.add_tensor(gguf_name(name), numbers)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


torch.manual_seed(0)
for shape in sys.argv[2:]:
    {"bert-base": make_bert, "gpt2": make_gpt2}[shape](Path(sys.argv[1]))
