"""Makes expected.json: conversations as the library transformers writes them.

Needs transformers, jinja2 and tokenizers (made with 5.23.0, 3.1.6 and 0.23.3): `python3 make.py`.
The templates are written for these tests; they have the markers and the habits of common ones.
"""
import json
from pathlib import Path

from tokenizers import Tokenizer
from transformers.utils.chat_template_utils import render_jinja_template

HERE = Path(__file__).parent
CHATML_TURN = (
    "{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"
)
PROMPT = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
TEMPLATES = {
    "chatml": "{% for message in messages %}" + CHATML_TURN + "{% endfor %}" + PROMPT,
    # A system message of the template's own; the newline is one in the string.
    "chatml_default": "{% for message in messages %}{% if loop.first and message['role'] != 'system'"
    " %}{{ '<|im_start|>system\nYou are a test of templates<|im_end|>\n' }}{% endif %}"
    + CHATML_TURN + "{% endfor %}" + PROMPT,
    # The same with escapes, double quotes, an apostrophe, and a branch for tools before it.
    "chatml_escaped": '{%- if tools %}{{- "<|im_start|>system\\n" }}{{- "Tools:" }}{%- else %}'
    "{%- if messages[0]['role'] == 'system' %}"
    "{{- '<|im_start|>system\\n' + messages[0]['content'] + '<|im_end|>\\n' }}{%- else %}"
    '{{- "<|im_start|>system\\nYou\'re a \\"test\\".\\nTwo lines.<|im_end|>\\n" }}'
    "{%- endif %}{%- endif %}"
    "{%- for message in messages %}{%- if message.role == 'user' %}"
    "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}"
    "{%- endif %}{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}",
    "chatml_raw": "{# <|im_start|>system\nnot this<|im_end|> #}{{ bos_token }}{% for message in"
    " messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] | trim }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}",
    "llama3": "{% for message in messages %}{% set content = '<|start_header_id|>' + "
    "message['role'] + '<|end_header_id|>\n\n' + message['content'] | trim + '<|eot_id|>' %}"
    "{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}"
    "{% endfor %}{% if add_generation_prompt %}"
    "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    "gemma": "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{{ raise_exception('no system') }}{% endif %}{% for message in messages %}"
    "{{ '<start_of_turn>' + message['role'] + '\n' + message['content'] | trim + '<end_of_turn>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}",
    "gemma_system": "{{ bos_token }}{% if messages[0]['role'] == 'system' %}"
    "{% set first_user_prefix = messages[0]['content'] + '\n\n' %}"
    "{% set loop_messages = messages[1:] %}{% else %}{% set first_user_prefix = '' %}"
    "{% set loop_messages = messages %}{% endif %}{% for message in loop_messages %}"
    "{{ '<start_of_turn>' + message['role'] + '\n' + (first_user_prefix if loop.first else '') }}"
    "{{ message['content'] | trim }}{{ '<end_of_turn>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}",
    "mistral": "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}"
    "{{ '[INST] ' + message['content'] + ' [/INST]' }}{% elif message['role'] == 'assistant' %}"
    "{{ message['content'] + eos_token }}{% else %}{{ raise_exception('roles') }}{% endif %}"
    "{% endfor %}",
    "mistral_close": "{{- bos_token }}{%- for message in messages %}{%- if message.role == 'user' %}"
    '{{- "[INST] " + message.content + "[/INST]" }}{%- elif message.role == "assistant" %}'
    "{{- message.content + eos_token }}{%- else %}{{- raise_exception('roles') }}{%- endif %}"
    "{%- endfor %}",
    "llama2": "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}"
    "{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}"
    "{% set system_message = false %}{% endif %}{% for message in loop_messages %}"
    "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + "
    "system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}"
    "{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}"
    "{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    "{% elif message['role'] == 'assistant' %}{{ ' ' + content.strip() + ' ' + eos_token }}"
    "{% endif %}{% endfor %}",
    "zephyr": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n"
    "{{ '<|user|>\n' + message['content'] + eos_token }}\n"
    "{% elif message['role'] == 'system' %}\n"
    "{{ '<|system|>\n' + message['content'] + eos_token }}\n{% endif %}\n"
    "{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
    "phi3": "{% for message in messages %}{% if message['role'] == 'system' %}"
    "{{ '<|system|>\n' + message['content'] + '<|end|>\n' }}{% elif message['role'] == 'user' %}"
    "{{ '<|user|>\n' + message['content'] + '<|end|>\n' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% else %}{{ eos_token }}{% endif %}",
}
USERS = ["Hi", "Why is the sky blue?\nExplain.", " spaces\n", "日本語 é 🙂", "\n\nfirst\n\n  "]
SYSTEMS = [None, "Be brief.", " Two\nlines. "]
TOKENIZER = Tokenizer.from_file(str(HERE.parent / "tokenizers" / "qwen2" / "tokenizer.json"))


def case(name, template, user, system):
    messages = [{"role": "user", "content": user}]
    if system is not None:
        messages.insert(0, {"role": "system", "content": system})
    try:
        rendered, _ = render_jinja_template(
            conversations=[messages], chat_template=template, add_generation_prompt=True,
            bos_token="<s>", eos_token="</s>",
        )
    except Exception:
        return {"user": user, "system": system, "text": None}
    result = {"user": user, "system": system, "text": rendered[0]}
    if name.startswith("chatml"):
        result["ids"] = TOKENIZER.encode(rendered[0], add_special_tokens=False).ids
    return result


formats = [
    {
        "name": name,
        "template": template,
        "cases": [case(name, template, u, s) for u in USERS for s in SYSTEMS],
    }
    for name, template in TEMPLATES.items()
]
text = json.dumps(formats, ensure_ascii=False).replace('{"user"', '\n{"user"')
(HERE / "expected.json").write_text(text.replace('{"name"', '\n{"name"') + "\n")
