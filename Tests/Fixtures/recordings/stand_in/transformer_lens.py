"""A stand-in for TransformerLens: arrays of the names and shapes that its documentation gives.

`HookedTransformer.run_with_cache(text, remove_batch_dim=True)` returns logits and a cache; the cache
has `blocks.I.attn.hook_q`, `hook_k`, `hook_v`, `hook_z` of [position, head, d_head] and
`hook_attn_scores`, `hook_pattern` of [head, query, key]; scores are -inf where the mask hides them.
"""

from types import SimpleNamespace

import torch


class HookedTransformer:
    def __init__(self, name):
        self.cfg = SimpleNamespace(n_layers=2, n_heads=3, d_head=4, model_name=name)

    @classmethod
    def from_pretrained(cls, name):
        return cls(name)

    def to_str_tokens(self, text):
        words = text.split(" ")
        return ["<|endoftext|>", words[0]] + [" " + word for word in words[1:]]

    def run_with_cache(self, text, remove_batch_dim=False):
        assert remove_batch_dim
        torch.manual_seed(0)
        n, cfg = len(self.to_str_tokens(text)), self.cfg
        cache = {}
        for i in range(cfg.n_layers):
            at = f"blocks.{i}.attn.hook_"
            q, k, v = torch.randn(3, n, cfg.n_heads, cfg.d_head)
            scores = torch.einsum("qhd,khd->hqk", q, k) / cfg.d_head**0.5
            scores = scores.masked_fill(torch.ones(n, n).triu(1).bool(), float("-inf"))
            pattern = scores.softmax(-1)
            z = torch.einsum("hqk,khd->qhd", pattern, v)
            values = dict(q=q, k=k, v=v, attn_scores=scores, pattern=pattern, z=z)
            cache.update({at + name: value for name, value in values.items()})
        return torch.zeros(n, 7), cache
