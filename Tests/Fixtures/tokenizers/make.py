"""Takes a few awkward rows of every kind of tokenizer out of the full parity set: make.py PARITY_FOLDER"""
import json
import os
import shutil
import sys

os.chdir(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.join(sys.argv[1], "tokenizers")
BPE_FILES = ["vocab.json", "merges.txt", "tokenizer_config.json"]
TOKENIZERS = {  # name: files beside expected.json
    "bert_uncased": ["tokenizer.json", "vocab.txt", "tokenizer_config.json"],
    "clip": ["tokenizer.json"],
    "gpt2": ["tokenizer.json"] + BPE_FILES,
    "llama_spm": ["tokenizer.json"],
    "qwen2": ["tokenizer.json"],
    "roberta": ["tokenizer.json"] + BPE_FILES,
    "xlmr": ["tokenizer.json"],
}
# White space, controls, contractions, digits, accents (both spellings), scripts, emoji, long words, special tokens, noise.
ROWS = [0, 1, 3, 7, 9, 15, 18, 19, 24, 26, 29, 32, 34, 38, 43, 44, 49, 52, 60, 76, 83, 86, 91, 92, 97, 99, 105, 107, 110, 112, 116,
        119, 123, 127, 128, 131, 135, 140, 142, 145, 156, 158, 160, 162, 170, 174, 181, 185, 190, 195, 204, 208, 211, 214, 217, 222,
        227, 229, 234, 237, 241, 243, 250, 256, 258, 271, 275, 277, 283, 286, 291]

for name, files in TOKENIZERS.items():
    os.makedirs(name, exist_ok=True)
    for file in files:
        shutil.copyfile(os.path.join(SOURCE, name, file), os.path.join(name, file))
    with open(os.path.join(SOURCE, name, "expected.json"), encoding="utf-8") as file:
        expected = json.load(file)
    kept = [json.dumps(expected["rows"][i]) for i in ROWS]
    pairs = [json.dumps(pair) for pair in expected["pairs"]]
    with open(os.path.join(name, "expected.json"), "w", encoding="utf-8") as file:
        file.write('{"rows": [\n%s\n],\n"pairs": [\n%s\n]}\n' % (",\n".join(kept), ",\n".join(pairs)))
