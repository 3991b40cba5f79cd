"""Steps of training the model of bench/training with torch: the same shape, batch and optimiser.

    python3 torch_training.py WIDTH VOCABULARY STEPS THREADS
"""

import statistics
import sys
import time

import torch
from transformers import GPT2Config, GPT2LMHeadModel

WIDTH, VOCABULARY, STEPS, THREADS = map(int, sys.argv[1:])
BATCH, CONTEXT = 32, 64

torch.set_num_threads(THREADS)
model = GPT2LMHeadModel(GPT2Config(
    n_layer=4, n_head=4, n_embd=WIDTH, n_positions=CONTEXT, vocab_size=VOCABULARY, resid_pdrop=0,
    embd_pdrop=0, attn_pdrop=0, bos_token_id=0, eos_token_id=0)).train()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
texts = torch.randint(0, VOCABULARY, (BATCH, CONTEXT + 1))
walls, processors = [], []
for step in range(STEPS):
    wall, processor = time.perf_counter(), time.process_time()
    optimizer.zero_grad()
    logits = model(texts[:, :-1]).logits
    loss = torch.nn.functional.cross_entropy(
        logits.reshape(-1, VOCABULARY), texts[:, 1:].reshape(-1))
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    walls.append(time.perf_counter() - wall)
    processors.append(time.process_time() - processor)
wall, processor = statistics.median(walls), statistics.median(processors)
print(f"{WIDTH} wide, {VOCABULARY} tokens: {wall * 1000:.1f} ms a step, "
      f"{processor * 1000:.1f} ms of processors, {BATCH * CONTEXT / wall:.0f} tokens/s, "
      f"best {BATCH * CONTEXT / min(walls):.0f}")
