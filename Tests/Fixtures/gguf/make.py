"""Writes GGUF files of every kind of block, and what they mean: make.py

blocks.gguf         two rows of random blocks of every format that is read
blocks.safetensors  their numbers, from the formulas of the formats in single precision
llama.gguf          ../models/llama with a quantised parameter of many kinds, rows of q and k permuted
"""
import json
import os
import random
import struct
from array import array

os.chdir(os.path.dirname(os.path.abspath(__file__)))
rng = random.Random(7)


def f32(x):
    return struct.unpack("<f", struct.pack("<f", x))[0]


def f16(b):
    return struct.unpack("<e", bytes(b))[0]


def half(x):
    return struct.pack("<e", x)


# --- what blocks mean: every product and sum is rounded to single precision

def q4_0(b):
    d, q = f16(b[:2]), b[2:]
    return [f32(d * (n - 8)) for n in [x & 15 for x in q] + [x >> 4 for x in q]]


def q4_1(b):
    d, m, q = f16(b[:2]), f16(b[2:4]), b[4:]
    return [f32(f32(d * n) + m) for n in [x & 15 for x in q] + [x >> 4 for x in q]]


def fives(bits, q):
    low = [x & 15 for x in q] + [x >> 4 for x in q]
    return [n | (bits >> i & 1) << 4 for i, n in enumerate(low)]


def q5_0(b):
    d, bits = f16(b[:2]), int.from_bytes(b[2:6], "little")
    return [f32(d * (n - 16)) for n in fives(bits, b[6:])]


def q5_1(b):
    d, m, bits = f16(b[:2]), f16(b[2:4]), int.from_bytes(b[4:8], "little")
    return [f32(f32(d * n) + m) for n in fives(bits, b[8:])]


def q8_0(b):
    return [f32(f16(b[:2]) * n) for n in struct.unpack("<32b", b[2:])]


def q2_k(b):
    scales, q, d, low = b[:16], b[16:80], f16(b[80:82]), f16(b[82:84])
    out = []
    for s in range(16):
        n, shift, start = s // 8, s % 8 // 2 * 2, 16 * (s % 2)
        scale, minimum = f32(d * (scales[s] & 15)), f32(low * (scales[s] >> 4))
        out += [f32(f32(scale * (x >> shift & 3)) - minimum) for x in q[32 * n + start:32 * n + start + 16]]
    return out


def q3_k(b):
    high, q, packed, d = b[:32], b[32:96], b[96:108], f16(b[108:110])
    out = []
    for s in range(16):
        n, shift, start = s // 8, s % 8 // 2 * 2, 16 * (s % 2)
        low = packed[s] & 15 if s < 8 else packed[s - 8] >> 4
        scale = f32(d * ((low | (packed[8 + s % 4] >> 2 * (s // 4) & 3) << 4) - 32))
        bit = 1 << (4 * n + shift // 2)
        for l in range(start, start + 16):
            out.append(f32(scale * ((q[32 * n + l] >> shift & 3) - (0 if high[l] & bit else 4))))
    return out


def six_bits(s, j):
    if j < 4:
        return s[j] & 63, s[j + 4] & 63
    return s[j + 4] & 15 | s[j - 4] >> 6 << 4, s[j + 4] >> 4 | s[j] >> 6 << 4


def q4_k(b, high=None):
    d, low, s, q = f16(b[:2]), f16(b[2:4]), b[4:16], b[-128:]
    out = []
    for j in range(8):
        scale, minimum = six_bits(s, j)
        scale, minimum = f32(d * scale), f32(low * minimum)
        for l in range(32):
            n = q[32 * (j // 2) + l] >> 4 if j % 2 else q[32 * (j // 2) + l] & 15
            if high:
                n |= (high[l] >> j & 1) << 4
            out.append(f32(f32(scale * n) - minimum))
    return out


def q5_k(b):
    return q4_k(b, high=b[16:48])


def q6_k(b):
    d, out = f16(b[208:210]), [0] * 256
    for n in range(2):
        low, high = b[64 * n:64 * n + 64], b[128 + 32 * n:160 + 32 * n]
        scales = struct.unpack("<8b", b[192 + 8 * n:200 + 8 * n])
        for l in range(32):
            for quarter in range(4):
                x = low[l + 32 * (quarter % 2)]
                n6 = (x & 15 if quarter < 2 else x >> 4) | (high[l] >> 2 * quarter & 3) << 4
                scale = f32(d * scales[l // 16 + 2 * quarter])
                out[128 * n + 32 * quarter + l] = f32(scale * (n6 - 32))
    return out


# name: number in files, numbers in a block, bytes of a block, where its halves are, meaning
FORMATS = {
    "F32": (0, 1, 4, [], lambda b: list(struct.unpack("<f", b))),
    "F16": (1, 1, 2, [0], lambda b: [f16(b)]),
    "BF16": (30, 1, 2, [], lambda b: list(struct.unpack("<f", b"\0\0" + b))),
    "Q4_0": (2, 32, 18, [0], q4_0), "Q4_1": (3, 32, 20, [0, 2], q4_1), "Q5_0": (6, 32, 22, [0], q5_0),
    "Q5_1": (7, 32, 24, [0, 2], q5_1), "Q8_0": (8, 32, 34, [0], q8_0), "Q2_K": (10, 256, 84, [80, 82], q2_k),
    "Q3_K": (11, 256, 110, [108], q3_k), "Q4_K": (12, 256, 144, [0, 2], q4_k),
    "Q5_K": (13, 256, 176, [0, 2], q5_k), "Q6_K": (14, 256, 210, [208], q6_k),
}


def random_block(name):
    _, _, size, halves, _ = FORMATS[name]
    if name == "F32":
        return struct.pack("<f", rng.uniform(-2, 2))
    if name == "BF16":
        return struct.pack("<f", rng.uniform(-2, 2))[2:]
    block = bytearray(rng.randbytes(size))
    for place in halves:  # a subnormal one now and then
        block[place:place + 2] = half(rng.choice([rng.uniform(-0.5, 0.5), rng.uniform(-6e-5, 6e-5)]))
    return bytes(block)


def meaning(name, raw):
    _, _, size, _, unpack = FORMATS[name]
    return [x for i in range(0, len(raw), size) for x in unpack(raw[i:i + size])]


# --- files

def text(s):
    return struct.pack("<Q", len(s.encode())) + s.encode()


def value(v):
    if isinstance(v, bool):
        return struct.pack("<I?", 7, v)
    if isinstance(v, int):
        return struct.pack("<II", 4, v)
    if isinstance(v, float):
        return struct.pack("<If", 6, v)
    if isinstance(v, str):
        return struct.pack("<I", 8) + text(v)
    if isinstance(v[0], str):
        return struct.pack("<IIQ", 9, 8, len(v)) + b"".join(map(text, v))
    kind = "<%df" if isinstance(v[0], float) else "<%di"
    return struct.pack("<IIQ", 9, 6 if isinstance(v[0], float) else 5, len(v)) + struct.pack(kind % len(v), *v)


def write_gguf(path, metadata, tensors):
    """tensors: name, format, shape as in PyTorch, bytes."""
    out = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    out += b"".join(text(k) + value(v) for k, v in metadata.items())
    data = b""
    for name, kind, shape, raw in tensors:
        out += text(name) + struct.pack("<I%dQ" % len(shape), len(shape), *shape[::-1])
        out += struct.pack("<IQ", FORMATS[kind][0], len(data))
        data += raw + b"\0" * (-len(raw) % 32)
    with open(path, "wb") as file:
        file.write(out + b"\0" * (-len(out) % 32) + data)


def write_safetensors(path, tensors):
    """tensors: name, shape, numbers."""
    header, data = {}, b""
    for name, shape, numbers in tensors:
        raw = struct.pack("<%df" % len(numbers), *numbers)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    head = json.dumps(header, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + data)


def read_safetensors(path):
    with open(path, "rb") as file:
        raw = file.read()
    size = struct.unpack("<Q", raw[:8])[0]
    tensors = {}
    for name, entry in json.loads(raw[8:8 + size]).items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[name] = (entry["shape"], array("f", raw[8 + size + begin:8 + size + end]))
    return tensors


# --- blocks

blocks = [(name, name, [2, 512 if name.endswith("K") else 96],
           b"".join(random_block(name) for _ in range(2 * (512 if name.endswith("K") else 96) // count)))
          for name, (_, count, _, _, _) in FORMATS.items()]
write_gguf("blocks.gguf", {"general.architecture": "blocks"}, blocks)
write_safetensors("blocks.safetensors", [(name, shape, meaning(kind, raw)) for name, kind, shape, raw in blocks])


# --- a model: blocks that come near the numbers; how near does not matter

def quantise(name, x):
    if name == "F32":
        return struct.pack("<%df" % len(x), *x)
    if name == "F16":
        return struct.pack("<%de" % len(x), *x)
    if name == "BF16":
        return b"".join(struct.pack("<f", v)[2:] for v in x)
    out = b""
    for i in range(0, len(x), 32):
        block = x[i:i + 32]
        low, top = min(block), max(block)
        most = {"Q4_0": 15, "Q4_1": 15, "Q5_0": 31, "Q5_1": 31, "Q8_0": 127}[name]
        if name == "Q8_0":
            d = max(-low, top) / 127
            out += half(d) + struct.pack("<32b", *[round(v / d) for v in block])
            continue
        d, offset = ((top - low) / most, low) if name.endswith("1") else (max(-low, top) / (most // 2 + 1), None)
        shift = -offset / d if offset is not None else most // 2 + 1
        q = [min(most, max(0, round(v / d + shift))) for v in block]
        out += half(d) + (half(offset) if offset is not None else b"")
        if most == 31:
            out += struct.pack("<I", sum((n >> 4) << j for j, n in enumerate(q)))
        out += bytes(q[j] & 15 | (q[j + 16] & 15) << 4 for j in range(16))
    return out


def interleaved(shape, x, heads):
    """The rows of q or k with the two halves of every head alternating."""
    rows, width = shape
    size = rows // heads
    order = [h * size + pair + half * (size // 2) for h in range(heads) for pair in range(size // 2) for half in range(2)]
    return [v for row in order for v in x[row * width:(row + 1) * width]]


with open("../models/llama/config.json") as file:
    config = json.load(file)
with open("../models/llama/tokenizer.json", encoding="utf-8") as file:
    tokenizer = json.load(file)
vocabulary = sorted(tokenizer["model"]["vocab"], key=tokenizer["model"]["vocab"].get)
ranks = {}
for rank, (left, right) in enumerate(tokenizer["model"]["merges"]):
    ranks.setdefault(left + right, rank)
special = {token["content"] for token in tokenizer["added_tokens"]}
metadata = {
    "general.architecture": "llama", "general.name": "quantised test model", "general.license": "apache-2.0",
    "llama.block_count": config["num_hidden_layers"], "llama.context_length": config["max_position_embeddings"],
    "llama.embedding_length": config["hidden_size"], "llama.feed_forward_length": config["intermediate_size"],
    "llama.attention.head_count": config["num_attention_heads"],
    "llama.attention.head_count_kv": config["num_key_value_heads"], "llama.attention.key_length": config["head_dim"],
    "llama.attention.layer_norm_rms_epsilon": config["rms_norm_eps"], "llama.rope.freq_base": config["rope_theta"],
    "llama.rope.dimension_count": config["head_dim"], "tokenizer.ggml.model": "llama",
    "tokenizer.ggml.tokens": vocabulary,
    "tokenizer.ggml.scores": [float(-ranks.get(token, 1000)) for token in vocabulary],
    "tokenizer.ggml.token_type": [2 if t == "<unk>" else 3 if t in special else 6 if t.startswith("<0x") else 1
                                  for t in vocabulary],
    "tokenizer.ggml.bos_token_id": 1, "tokenizer.ggml.eos_token_id": 2, "tokenizer.ggml.unknown_token_id": 0,
    "tokenizer.chat_template": "{{ messages }}",
}
NAMES = {
    "self_attn.q_proj": ("attn_q", "Q4_1"), "self_attn.k_proj": ("attn_k", "Q4_0"), "self_attn.v_proj": ("attn_v", "F16"),
    "self_attn.o_proj": ("attn_output", "Q5_0"), "mlp.gate_proj": ("ffn_gate", "Q4_1"), "mlp.up_proj": ("ffn_up", "Q5_1"),
    "mlp.down_proj": ("ffn_down", "BF16"), "input_layernorm": ("attn_norm", "F32"),
    "post_attention_layernorm": ("ffn_norm", "F32"), "model.embed_tokens": ("token_embd", "Q8_0"),
    "model.norm": ("output_norm", "F32"), "lm_head": ("output", "Q4_1"),
}
tensors = []
for name, (shape, numbers) in read_safetensors("../models/llama/model.safetensors").items():
    stem = name.removesuffix(".weight")
    layer = stem.split(".")[2] if stem.startswith("model.layers.") else None
    ours, kind = NAMES[stem.split(".", 3)[3] if layer else stem]
    numbers = list(numbers)
    if ours in ("attn_q", "attn_k"):
        heads = config["num_attention_heads" if ours == "attn_q" else "num_key_value_heads"]
        numbers = interleaved(shape, numbers, heads)
    tensors.append((("blk.%s." % layer if layer else "") + ours + ".weight", kind, shape, quantise(kind, numbers)))
write_gguf("llama.gguf", metadata, tensors)
