"""Writes tiny models of every family and what transformers computes with them.

Needs torch, transformers 5.23 and safetensors:

    python3 make.py

Every folder gets config.json as transformers writes it, model.safetensors with random parameters
that are exact in 16 bits, and expected.safetensors: the token numbers, the attention weights and
the stream before and between the layers, and the logits, in single precision. frequencies.json
holds the frequencies of the rotation and the factor of queries and keys for several lengths.
"""

import json
import os
import shutil

import torch
import transformers as hf
from safetensors.torch import save_file
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

HERE = os.path.dirname(os.path.abspath(__file__))
COUNT = 18
VOCABULARY = 40

SIZES = dict(
    vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
    intermediate_size=40, max_position_embeddings=64)


def sizes(**more):
    return {**SIZES, **more}


def rope(kind, theta=10_000.0, **more):
    return {"rope_type": kind, "rope_theta": theta, **more}


GROUPED = sizes(num_key_value_heads=2, rms_norm_eps=2e-3)
SLIDING, FULL = "sliding_attention", "full_attention"

LONG = dict(
    rope_type="longrope", rope_theta=10_000.0, short_factor=[1.0, 1.5, 2.0],
    long_factor=[1.5, 4.0, 9.0], partial_rotary_factor=0.75)

MODELS = {
    "gpt_neo": ("GPTNeoForCausalLM", dict(
        vocab_size=VOCABULARY, hidden_size=32, num_layers=3, num_heads=4, window_size=4,
        attention_types=[[["global", "local"], 1], [["local"], 1]], max_position_embeddings=64,
        layer_norm_epsilon=2e-3)),
    "gpt_neox": ("GPTNeoXForCausalLM", sizes(
        rope_parameters=rope("default", partial_rotary_factor=0.5), layer_norm_eps=2e-3)),
    "gpt_neox_in_turn": ("GPTNeoXForCausalLM", sizes(
        use_parallel_residual=False, attention_bias=False, layer_norm_eps=2e-3)),
    "opt": ("OPTForCausalLM", dict(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        ffn_dim=40, max_position_embeddings=64, word_embed_proj_dim=32)),
    "opt_narrow_words": ("OPTForCausalLM", dict(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        ffn_dim=40, max_position_embeddings=64, word_embed_proj_dim=12,
        do_layer_norm_before=False)),
    "llama_biases": ("LlamaForCausalLM", sizes(
        num_key_value_heads=1, head_dim=6, attention_bias=True, mlp_bias=True,
        tie_word_embeddings=True)),
    "llama_linear": ("LlamaForCausalLM", {**GROUPED, "rope_parameters": rope("linear", factor=3.0)}),
    "llama_llama3": ("LlamaForCausalLM", {**GROUPED, "rope_parameters": rope(
        "llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
        original_max_position_embeddings=16)}),
    "llama_dynamic": ("LlamaForCausalLM", {**GROUPED, "max_position_embeddings": 12,
        "rope_parameters": rope("dynamic", factor=3.0)}),
    "llama_yarn": ("LlamaForCausalLM", {**GROUPED, "rope_parameters": rope(
        "yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4.0)}),
    "mistral": ("MistralForCausalLM", {**GROUPED, "sliding_window": 5}),
    "qwen2": ("Qwen2ForCausalLM", {**GROUPED, "use_sliding_window": True, "sliding_window": 4,
        "max_window_layers": 1}),
    "qwen3": ("Qwen3ForCausalLM", {**GROUPED, "head_dim": 12}),
    "gemma": ("GemmaForCausalLM", sizes(num_key_value_heads=1, head_dim=12, rms_norm_eps=2e-3)),
    "gemma2": ("Gemma2ForCausalLM", sizes(
        num_key_value_heads=2, head_dim=8, rms_norm_eps=2e-3, query_pre_attn_scalar=12,
        sliding_window=5, attn_logit_softcapping=3.0, final_logit_softcapping=8.0)),
    "gemma3_text": ("Gemma3ForCausalLM", sizes(
        num_key_value_heads=2, head_dim=8, rms_norm_eps=2e-3, query_pre_attn_scalar=12,
        sliding_window=5, layer_types=[SLIDING, FULL],
        rope_parameters={SLIDING: rope("default"), FULL: rope("linear", 1e6, factor=8.0)})),
    "phi": ("PhiForCausalLM", sizes(
        layer_norm_eps=2e-3, rope_parameters=rope("default", partial_rotary_factor=0.5))),
    "phi_norms": ("PhiForCausalLM", sizes(
        layer_norm_eps=2e-3, qk_layernorm=True, num_key_value_heads=2,
        rope_parameters=rope("default", partial_rotary_factor=0.25))),
    "phi3_short": ("Phi3ForCausalLM", {**GROUPED, "original_max_position_embeddings": 32,
        "rope_parameters": LONG, "pad_token_id": 0}),
    "phi3_long": ("Phi3ForCausalLM", {**GROUPED, "original_max_position_embeddings": 12,
        "rope_parameters": LONG, "sliding_window": 7, "pad_token_id": 0}),
    "olmo2": ("Olmo2ForCausalLM", {**GROUPED, "rope_parameters": rope("default", 500_000.0)}),
    "albert": ("AlbertForMaskedLM", sizes(
        num_hidden_layers=4, num_hidden_groups=2, embedding_size=12, layer_norm_eps=2e-3)),
    "electra": ("ElectraForMaskedLM", sizes(embedding_size=12, layer_norm_eps=2e-3,
        hidden_act="relu")),
    "electra_wide": ("ElectraForMaskedLM", sizes(embedding_size=32, layer_norm_eps=2e-3)),
    "mpnet": ("MPNetForMaskedLM", sizes(layer_norm_eps=2e-3, relative_attention_num_buckets=34)),
    "deberta_v2": ("DebertaV2ForMaskedLM", sizes(
        layer_norm_eps=2e-3, relative_attention=True, pos_att_type=["p2c", "c2p"],
        position_biased_input=False, position_buckets=8, share_att_key=True,
        norm_rel_ebd="layer_norm", max_position_embeddings=24)),
    "deberta_v2_apart": ("DebertaV2ForMaskedLM", sizes(
        layer_norm_eps=2e-3, relative_attention=True, pos_att_type=["c2p"], type_vocab_size=2,
        max_relative_positions=7)),
    "modernbert": ("ModernBertForMaskedLM", sizes(
        num_hidden_layers=4, norm_eps=2e-3, local_attention=6, pad_token_id=0, bos_token_id=1,
        eos_token_id=2, cls_token_id=1, sep_token_id=2)),
    "modernbert_biases": ("ModernBertForMaskedLM", sizes(
        norm_eps=2e-3, local_attention=8, norm_bias=True, mlp_bias=True, attention_bias=True,
        classifier_bias=True, classifier_activation="relu", pad_token_id=0, bos_token_id=1,
        eos_token_id=2, cls_token_id=1, sep_token_id=2)),
}

FREQUENCIES = {
    "default": rope("default", 500.0),
    "linear": rope("linear", factor=2.5),
    "dynamic": rope("dynamic", factor=4.0),
    "llama3": rope("llama3", 500_000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                   original_max_position_embeddings=256),
    "yarn": rope("yarn", factor=4.0, original_max_position_embeddings=512),
    "yarn, not truncated": rope("yarn", factor=4.0, original_max_position_embeddings=512,
                                truncate=False, beta_fast=16.0, beta_slow=2.0),
    "yarn, two scales": rope("yarn", factor=40.0, original_max_position_embeddings=512,
                             mscale=0.7, mscale_all_dim=1.3),
    "yarn, own factor": rope("yarn", factor=4.0, original_max_position_embeddings=512,
                             attention_factor=0.8),
    "longrope": rope("longrope", original_max_position_embeddings=512,
                     short_factor=[1 + 0.1 * i for i in range(16)],
                     long_factor=[1 + 1.5 * i for i in range(16)]),
    "longrope, own factor": rope("longrope", original_max_position_embeddings=512, factor=6.0,
                                 short_factor=[1.0] * 16, long_factor=[2.0] * 16),
}


def randomize(model, name):
    """Parameters that make every choice of a family visible, exact in 16 bits."""
    generator = torch.Generator().manual_seed(sum(map(ord, name)))
    with torch.no_grad():
        for path, parameter in model.named_parameters():
            values = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                values *= 1.5 / parameter.shape[-1] ** 0.5
            else:
                is_scale = "norm" in path.lower() and path.endswith("weight") or ".ln_" in path
                shift = 1.0 if is_scale and not name.startswith("gemma") else 0.0
                values = shift + 0.3 * values
            parameter.copy_(values.half().float())


def write_model(name, class_name, options):
    folder = os.path.join(HERE, name)
    shutil.rmtree(folder, ignore_errors=True)
    model_class = getattr(hf, class_name)
    config = model_class.config_class(**options)
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    model.config._attn_implementation = "eager"
    randomize(model, name)
    if config.tie_word_embeddings:
        model.tie_weights()
    ids = torch.tensor([[(7 * i * i + 3 * i + 5) % (VOCABULARY - 3) + 3 for i in range(COUNT)]])
    with torch.no_grad():
        result = model(ids, output_hidden_states=True, output_attentions=True)
    expected = {"ids": ids[0].int(), "logits": result.logits[0]}
    for layer, weights in enumerate(result.attentions):
        expected[f"layers.{layer}.attention.weights"] = weights[0]
    for layer in range(len(result.attentions) - 1):
        expected[f"layers.{layer}.output"] = result.hidden_states[layer + 1][0]
    expected["embedding"] = result.hidden_states[0][0]
    model.half().save_pretrained(folder)
    generation = os.path.join(folder, "generation_config.json")
    if os.path.exists(generation):
        os.remove(generation)
    save_file({k: v.contiguous().clone() for k, v in expected.items()},
              os.path.join(folder, "expected.safetensors"))


def write_frequencies():
    cases = []
    for name, parameters in FREQUENCIES.items():
        config = hf.LlamaConfig(
            hidden_size=64, num_attention_heads=2, max_position_embeddings=2048,
            rope_parameters=dict(parameters))
        lengths = [16, 512, 513, 2048, 2049, 4000]
        for length in lengths:
            kind = parameters["rope_type"]
            if kind == "default":
                frequencies = 1.0 / parameters["rope_theta"] ** (torch.arange(0, 32, 2) / 32)
                factor = 1.0
            else:
                frequencies, factor = ROPE_INIT_FUNCTIONS[kind](config, "cpu", seq_len=length)
            cases.append(dict(
                name=name, rope_parameters=parameters, tokens=length, factor=factor,
                frequencies=[float(f"{x:.9g}") for x in frequencies.tolist()]))
    seen, kept = {}, []
    for case in cases:  # lengths that change nothing are there once more, to say so
        key = (case["name"], tuple(case["frequencies"]))
        seen[key] = seen.get(key, 0) + 1
        if seen[key] <= 2:
            kept.append(case)
    with open(os.path.join(HERE, "frequencies.json"), "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(case) for case in kept) + "\n]\n")


if __name__ == "__main__":
    for name, (class_name, options) in MODELS.items():
        write_model(name, class_name, options)
    write_frequencies()
