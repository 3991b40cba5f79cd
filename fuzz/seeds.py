"""Lays out one folder of small sound files per target of Fuzz.swift: seeds.py FIXTURES FOLDER"""
import glob
import os
import sys
import zipfile

fixtures, out = sys.argv[1:]


def put(target, name, data):
    if len(data) <= 100_000:
        os.makedirs(os.path.join(out, target), exist_ok=True)
        with open(os.path.join(out, target, name), "wb") as file:
            file.write(data)


def each(target, pattern, unpack=None):
    for index, path in enumerate(sorted(glob.glob(os.path.join(fixtures, pattern), recursive=True))):
        name = "%03d-%s" % (index, os.path.basename(path))
        if unpack is None:
            with open(path, "rb") as file:
                put(target, name, file.read())
            continue
        try:
            with zipfile.ZipFile(path) as archive:
                for number, entry in enumerate(archive.namelist()):
                    if entry.endswith(unpack):
                        put(target, "%s-%d" % (name, number), archive.read(entry))
        except zipfile.BadZipFile:
            pass


put("json", "all", b'{"a": [1, -2.5e3, true, false, null, "\\u00e9\\ud83d\\ude00\\n"], "b": {}}')
put("index", "one", b'{"metadata": {"total_size": 8}, "weight_map": {"a": "1.safetensors"}}')
put("safetensors", "one", b"\x38\0\0\0\0\0\0\0" + b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'.ljust(56) + b"\0" * 8)
put("tokenizer", "bpe", b'{"model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]},"added_tokens":[],"normalizer":{"type":"NFC"},'
    b'"pre_tokenizer":{"type":"ByteLevel"},"decoder":{"type":"ByteLevel"}}')
put("tokenizer", "unigram", '{"model":{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["▁",-1],["a",-2]]},"pre_tokenizer":'
    '{"type":"Metaspace","replacement":"▁","prepend_scheme":"always"}}'.encode())
put("tokenizer", "regex", rb'{"model":{"type":"WordLevel","vocab":{"a":0,"u":1},"unk_token":"u"},"pre_tokenizer":{"type":"Split","pattern":{"Regex":'
    rb'"(?i:a+)|\\p{L}{1,3}|[^\\s\\d]?b*(?!\\S)"},"behavior":"Isolated"}}')
put("vectors", "glove", "king 1 -2.5 3e-1\n東京 0 0.25 4\n".encode())
put("vectors", "word2vec", b"2 2\r\na 1 2\r\nb\t3\t4")
put("provenance", "svg", b'<svg xmlns="http://www.w3.org/2000/svg"><metadata>{"a": 1}</metadata></svg>\n')
put("provenance", "png", b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82")
put("provenance", "pdf", b"%PDF-1.5\n1 0 obj\n<< /Keywords ({}) >>\nendobj\ntrailer\n<< /Info 1 0 R >>\n%%EOF\n")
each("safetensors", "models/*/expected/*.safetensors")
each("gguf", "gguf/*.gguf")
each("zip", "zip/*.zip")
each("npz", "npz/*.npz")
each("npy", "npz/*.npz", ".npy")
each("pickle", "torch/*.bin", "data.pkl")
each("sentencepiece", "sentencepiece/*/*.model")
each("tokenizer", "tokenizers/*/tokenizer.json")
for target in ("json", "index", "gguf", "zip", "npz", "npy", "pickle", "sentencepiece", "tokenizer", "safetensors", "provenance"):
    each(target, "fuzz/%s/*" % target)
