import torch, time, sys
from transformers import GPT2Config, GPT2LMHeadModel
torch.set_num_threads(2)
W=int(sys.argv[1]); V=int(sys.argv[2]); B=32; n=64
cfg=GPT2Config(n_layer=4,n_head=4,n_embd=W,n_positions=n,vocab_size=V,resid_pdrop=0,embd_pdrop=0,attn_pdrop=0)
m=GPT2LMHeadModel(cfg); m.train()
opt=torch.optim.AdamW(m.parameters(),lr=1e-3)
x=torch.randint(0,V,(B,n))
ts=[]
for i in range(8):
    t=time.time(); opt.zero_grad(); l=m(x,labels=x).loss; l.backward(); torch.nn.utils.clip_grad_norm_(m.parameters(),1.0); opt.step(); ts.append(time.time()-t)
ts=sorted(ts)
print(W,V,"ms",ts[len(ts)//2]*1000,"best",ts[0]*1000,"tok/s",B*n/ts[len(ts)//2],"best", B*n/ts[0])
