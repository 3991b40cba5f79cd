"""Trains small models with the Python package sentencepiece and records what they make of awkward texts: make.py"""
import io
import json
import os

import sentencepiece

os.chdir(os.path.dirname(os.path.abspath(__file__)))
TEXTS = []
for name in ("bert_uncased", "xlmr"):
    with open("../tokenizers/%s/expected.json" % name, encoding="utf-8") as file:
        TEXTS += [row["text"] for row in json.load(file)["rows"]]
TEXTS = [text for text in dict.fromkeys(TEXTS) if "\0" not in text]
# The pieces of control symbols are found in a text here, as transformers does; sentencepiece itself never finds them.
TEXTS = [text for text in TEXTS if not any(s in text for s in ("<s>", "</s>", "<unk>", "<pad>"))]
TEXTS += ["", " ", "  the  cat ", "a▁b", "▁▁", "aaaaaaaaaaaaa", "the the the", "ﬁne ①②", "<0x41>", "¨a", "a¨ b", "か\u3099", "がか", " \n ", "\t", "Å Å Å", "a\u200bb", "\u3000x\u3000"]
with open("../../../docs/architecture.md", encoding="utf-8") as file:
    CORPUS = [line for line in file.read().split("\n") if line] * 3 + [text for text in TEXTS if "\n" not in text]

KINDS = {
    "unigram": dict(model_type="unigram", vocab_size=300),
    "unigram_bytes": dict(model_type="unigram", vocab_size=480, byte_fallback=True, normalization_rule_name="identity"),
    "unigram_spaces": dict(model_type="unigram", vocab_size=300, remove_extra_whitespaces=False, add_dummy_prefix=False),
    "bpe": dict(model_type="bpe", vocab_size=400, normalization_rule_name="nmt_nfkc_cf"),
    "bpe_bytes": dict(model_type="bpe", vocab_size=500, byte_fallback=True, normalization_rule_name="identity",
                      remove_extra_whitespaces=False, split_digits=True),
}
for name, options in KINDS.items():
    os.makedirs(name, exist_ok=True)
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS), model_writer=out, character_coverage=0.98, hard_vocab_limit=False, minloglevel=2,
        num_threads=1, **options)
    with open(name + "/tokenizer.model", "wb") as file:
        file.write(out.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
    with open(name + "/expected.json", "w", encoding="utf-8") as file:
        rows = [json.dumps({"text": text, "ids": processor.encode(text), "decoded": processor.decode(processor.encode(text))}) for text in TEXTS]
        file.write('{"rows": [\n%s\n]}\n' % ",\n".join(rows))

# Marian: the pieces of one file, the ids of another, which lacks some of them.
os.makedirs("marian", exist_ok=True)
with open("unigram/tokenizer.model", "rb") as file:
    source = file.read()
with open("marian/source.spm", "wb") as file:
    file.write(source)
processor = sentencepiece.SentencePieceProcessor(model_proto=source)
pieces = [processor.id_to_piece(id) for id in range(3, processor.get_piece_size())]
vocabulary = {token: id for id, token in enumerate(["</s>", "<unk>", ">>fr<<"] + pieces[:10:-1] + pieces[:8] + ["<pad>"])}
with open("marian/vocab.json", "w", encoding="utf-8") as file:
    json.dump(vocabulary, file, ensure_ascii=False)
with open("marian/tokenizer_config.json", "w", encoding="utf-8") as file:
    json.dump({"tokenizer_class": "MarianTokenizer", "source_lang": "en", "target_lang": "fr"}, file)
with open("marian/expected.json", "w", encoding="utf-8") as file:
    rows = []
    for text in TEXTS + [">>fr<< hello", ">>fr<<The cat"]:
        code, rest = (">>fr<<", text[6:]) if text.startswith(">>fr<<") else (None, text)
        ids = ([vocabulary[code]] if code else []) + [vocabulary.get(p, 1) for p in processor.encode(rest, out_type=str)] + [0]
        rows.append(json.dumps({"text": text, "ids": ids}))
    file.write('{"rows": [\n%s\n]}\n' % ",\n".join(rows))
