"""Writes what torch says about the training of tiny models.

Needs torch, transformers 5.23 and safetensors:

    python3 make.py

projections.json has, for models that other fixtures hold, the loss of a text;
projections.safetensors what is left of the gradient of every parameter, in the order of their
names, when its rows, and then its columns, are summed up with weights, and its norm: the weight of
row or column i is cos(i + 1). run/ has a model of the shape of GPT-2 with all its
gradients at step 0, and the losses of ten steps of AdamW with clipping; vaswani/ is
torch.nn.Transformer with all its gradients.
"""

import json
import math
import os

import torch
import transformers as hf
from safetensors.torch import load_file, save_file
from torch.nn.functional import cross_entropy

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.dirname(HERE)
IDS = [7, 3, 21, 3, 35, 11, 2, 29, 14, 33, 8]
TARGET = [5, 17, 39, 9, 26, 13]
MASKED = [1, 4, 9]

MODELS = {
    "models/gpt2": "GPT2LMHeadModel", "models/llama": "LlamaForCausalLM",
    "models/bert": "BertForPreTraining", 
    "models/distilbert": "DistilBertForMaskedLM",
    "families/gpt_neox": "GPTNeoXForCausalLM",
    "families/opt_narrow_words": "OPTForCausalLM", "families/qwen3": "Qwen3ForCausalLM",
    "families/gemma2": "Gemma2ForCausalLM", "families/gemma3_text": "Gemma3ForCausalLM",
    "families/phi3_long": "Phi3ForCausalLM", "families/phi_norms": "PhiForCausalLM",
    "families/olmo2": "Olmo2ForCausalLM", "families/albert": "AlbertForMaskedLM",
    "families/electra": "ElectraForMaskedLM", "families/mpnet": "MPNetForMaskedLM",
    "families/deberta_v2": "DebertaV2ForMaskedLM",
    "families/deberta_v2_apart": "DebertaV2ForMaskedLM",
    "families/modernbert": "ModernBertForMaskedLM",
    "seq2seq/t5": "T5ForConditionalGeneration", "seq2seq/flan_t5": "T5ForConditionalGeneration",
    "seq2seq/bart": "BartForConditionalGeneration", "seq2seq/marian": "MarianMTModel",
}


def projected(gradient):
    g = gradient.double()
    if g.dim() == 1:
        g = g[None]
    rows = torch.cos(torch.arange(1, g.shape[0] + 1, dtype=torch.float64))
    columns = torch.cos(torch.arange(1, g.shape[1] + 1, dtype=torch.float64))
    return torch.cat([rows @ g, g @ columns, g.square().sum().sqrt()[None]]).float()


def loss_of(model, kind):
    ids = torch.tensor([IDS])
    if kind == "seq2seq":
        start = model.config.decoder_start_token_id
        read = torch.tensor([[start] + TARGET[:-1]])
        logits = model(input_ids=ids, decoder_input_ids=read).logits[0]
        return cross_entropy(logits, torch.tensor(TARGET))
    output = model(input_ids=ids)
    logits = (output.logits if hasattr(output, "logits") else output.prediction_logits)[0]
    if kind == "decoder":
        return cross_entropy(logits[:-1], ids[0, 1:])
    return cross_entropy(logits[MASKED], torch.tensor([30, 31, 32]))


def projections():
    out, arrays = {}, {}
    for place, name in MODELS.items():
        folder = os.path.join(FIXTURES, place)
        model = getattr(hf, name).from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager").eval()
        for module in model.modules():
            if isinstance(module, torch.nn.Embedding):
                module.padding_idx = None  # Marian's targets start with it; torch would skip it.
        kind = ("seq2seq" if place.startswith("seq2seq") else
                "decoder" if "Causal" in name or "LMHead" in name else "encoder")
        loss = loss_of(model.double(), kind)
        loss.backward()
        stored = load_file(os.path.join(folder, "model.safetensors"))
        gradients = {}
        for name, parameter in model.named_parameters(remove_duplicate=False):
            if parameter.grad is not None:
                gradients[name] = projected(parameter.grad)
        if "lm_head.weight" in gradients:  # GPT-NeoX has another name for it in files.
            gradients["embed_out.weight"] = gradients["lm_head.weight"]
        names = [name for name in sorted(stored) if name in gradients]
        arrays[place] = torch.cat([gradients[name] for name in names])
        out[place] = {"kind": kind, "loss": loss.item(),
                      "without": [name for name in sorted(stored) if name not in gradients]}
        print(place, out[place])
    save_file(arrays, os.path.join(HERE, "projections.safetensors"))
    with open(os.path.join(HERE, "projections.json"), "w") as file:
        json.dump({"ids": IDS, "target": TARGET, "masked": MASKED, "models": out}, file, indent=1)


def save(folder, config, parameters, gradients, state):
    folder = os.path.join(HERE, folder)
    os.makedirs(folder, exist_ok=True)
    save_file({k: v.detach().float().contiguous() for k, v in parameters.items()},
              os.path.join(folder, "model.safetensors"))
    save_file({k: v.float().contiguous() for k, v in gradients.items()},
              os.path.join(folder, "gradients.safetensors"))
    for name, value in (("config", config), ("state", state)):
        with open(os.path.join(folder, name + ".json"), "w") as file:
            json.dump(value, file)


def run():
    torch.manual_seed(5)
    config = dict(model_type="gpt2", n_layer=2, n_head=2, n_embd=16, n_positions=12, vocab_size=40,
                  activation_function="gelu_new", layer_norm_epsilon=1e-5)
    model = hf.GPT2LMHeadModel(hf.GPT2Config(
        **{**config, "resid_pdrop": 0, "embd_pdrop": 0, "attn_pdrop": 0, "bos_token_id": 0,
           "eos_token_id": 0, "initializer_range": 0.1}, attn_implementation="eager"))
    for name, parameter in model.named_parameters():
        if parameter.dim() == 1:
            parameter.data += 0.1 * torch.randn(parameter.shape)
    texts = torch.randint(0, 40, (5, 11))
    start = {n: p.detach().clone() for n, p in model.named_parameters()}
    decayed = [p for p in model.parameters() if p.dim() > 1]
    still = [p for p in model.parameters() if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": decayed, "weight_decay": 0.1}, {"params": still, "weight_decay": 0.0}],
        lr=0.01, betas=(0.9, 0.95), eps=1e-8)
    losses, norms, gradients = [], [], {}
    for step in range(10):
        optimizer.zero_grad()
        logits = model(texts[:, :-1]).logits
        loss = cross_entropy(logits.reshape(-1, 40), texts[:, 1:].reshape(-1))
        loss.backward()
        if step == 0:
            gradients = {n: p.grad.clone() for n, p in model.named_parameters()}
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        losses.append(loss.item())
        optimizer.step()
    save("run", config, start, gradients,
         {"texts": texts.tolist(), "losses": losses, "norms": norms, "rate": 0.01})


def vaswani():
    torch.manual_seed(6)
    d, v = 8, 20
    config = {"model_type": "vaswani", "is_encoder_decoder": True, "vocab_size": v, "d_model": d,
              "nhead": 2, "num_encoder_layers": 1, "num_decoder_layers": 2, "dim_feedforward": 12,
              "activation": "relu", "norm_first": False, "final_norm": True, "scale_embedding": True,
              "tie_word_embeddings": True, "layer_norm_eps": 1e-5, "eos_token_id": 0,
              "decoder_start_token_id": 19}
    words = torch.nn.Parameter(torch.randn(v, d) / math.sqrt(d))
    model = torch.nn.Transformer(
        d, 2, 1, 2, 12, dropout=0, batch_first=True, layer_norm_eps=1e-5)
    for parameter in model.parameters():
        parameter.data += 0.1 * torch.randn(parameter.shape)
    # Two pairs of different lengths, each by itself.
    pairs = [([3, 7, 1, 12, 4], [8, 2, 0]), ([5, 5, 9], [11, 14, 6, 2, 0])]

    def embed(ids):
        angles = torch.arange(len(ids))[:, None] / 10_000 ** (2 * torch.arange(d // 2) / d)
        table = torch.stack([angles.sin(), angles.cos()], dim=2).reshape(len(ids), d)
        return (words[torch.tensor(ids)] * math.sqrt(d) + table)[None]

    total = 0
    for source, target in pairs:
        read = [19] + target[:-1]
        mask = torch.nn.Transformer.generate_square_subsequent_mask(len(read))
        hidden = model(embed(source), embed(read), tgt_mask=mask)[0]
        total = total + cross_entropy(hidden @ words.T, torch.tensor(target), reduction="sum")
    loss = total / sum(len(target) for _, target in pairs)
    loss.backward()
    parameters = {"embedding.weight": words, **dict(model.named_parameters())}
    save("vaswani", config, parameters, {n: p.grad for n, p in parameters.items()},
         {"pairs": pairs, "loss": loss.item()})


projections()
run()
vaswani()
