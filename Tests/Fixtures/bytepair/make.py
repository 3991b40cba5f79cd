"""Writes the byte-level vocabulary that Hugging Face's tokenizers learns from text.txt.

Needs tokenizers 0.22:

    python3 make.py
"""

import json
import os

from tokenizers import Tokenizer, models, pre_tokenizers, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = ("the cat sat on a mat with its hat and then that cat ran to the other cat's flat; "
         "cheese, bees & trees: 1234 12 123? naïve café über Straße 日本語 日本 日 🙂🙂 ")


def text():
    """Sentences whose words come back in a fixed disorder, with runs of spaces and lines."""
    words, out, state = WORDS.split(), [], 1
    for i in range(900):
        state = state * 1_103_515_245 + 12_345 & 0x7FFF_FFFF
        out.append(words[state * state % 999_983 % len(words)])
        if i % 13 == 12:
            out.append("\n" if i % 3 else "  \n\nThen")
    return " ".join(out) + "\n"


with open(os.path.join(HERE, "text.txt"), "w", encoding="utf-8") as file:
    file.write(text())
tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
trainer = trainers.BpeTrainer(
    vocab_size=340, special_tokens=["<|endoftext|>", "[MASK]"], show_progress=False,
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
tokenizer.train_from_iterator([text()], trainer)
model = json.loads(tokenizer.to_str())["model"]
tokens = sorted(model["vocab"], key=model["vocab"].get)
with open(os.path.join(HERE, "learned.json"), "w", encoding="utf-8") as file:
    json.dump({"tokens": tokens, "merges": model["merges"],
               "ids": tokenizer.encode(text()[:400]).ids}, file, ensure_ascii=False)
