#!/usr/bin/env python3
"""Makes golden.json: what the reference implementation says about texts of many languages and lengths.

Token ids come from the `tokenizers` package, embeddings from `transformers` (FlaxBertModel, float32, highest
matrix precision) with mean pooling and L2 normalisation as modules.json of the model asks for. Neither shares
code with this project. Run it again only when texts are added; the result is committed.

    python3 -m venv VENV
    VENV/bin/pip install 'transformers==4.46.3' 'flax==0.8.5' 'jax==0.4.30' 'jaxlib==0.4.30' 'numpy<2' 'scipy<1.14'
    VENV/bin/python make_golden.py MODELS/all-minilm-l6-v2

MODELS is a folder that scripts/fetch-models.sh filled.
"""

import base64
import json
import random
import sys
from pathlib import Path

import jax
import numpy as np
from tokenizers import Tokenizer
from transformers import BertConfig, FlaxBertModel

LONGEST = 256  # max_seq_length of sentence_bert_config.json, both marker tokens included
COUNT = 200

PLAIN = [
    "Hello world!",
    "a",
    "",
    " ",
    "OK",
    "The invoice is due in thirty days.",
    "How many Cloud Tokens does a large text resource need?",
    "She sold 1,234 units at $56.78 each, a rise of 9.5% over 2023.",
    "Don't panic: it's only a test -- isn't it?",
    "UPPER lower MiXeD CaSe",
    "e.g. this, i.e. that; etc.",
    "supercalifragilisticexpialidocious antidisestablishmentarianism",
    "Die Rechnung ist innerhalb von dreißig Tagen fällig.",
    "Fußgängerübergänge müssen für größere Straßen ausgeschildert werden.",
    "Où est la bibliothèque? L'été, les élèves étudient à l'école.",
    "¿Cuántos años tiene el niño? ¡Qué pregunta más extraña!",
    "A informação não está disponível no coração da região.",
    "De klant ontvangt de factuur binnen veertien dagen; geïnteresseerden bellen.",
    "Zażółć gęślą jaźń, powiedział Łukasz.",
    "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "Árvíztűrő tükörfúrógép.",
    "Hava çok güzel; İstanbul'da ILIK bir akşam, değil mi?",
    "Đường phố Hà Nội rất đông vào buổi sáng sớm.",
    "Сколько токенов осталось до конца месяца?",
    "Счёт нужно оплатить в течение тридцати дней, ёлки-палки.",
    "Скільки коштує їжа в Києві?",
    "Πόσο κοστίζει το εισιτήριο για την Αθήνα; ΟΔΟΣ οδός",
    "כמה עולה הכרטיס לירושלים? שָׁלוֹם",
    "كم عدد الرموز المتبقية هذا الشهر؟ السَّلَامُ عَلَيْكُمْ",
    "قیمت بلیط تهران چقدر است؟",
    "इस महीने कितने टोकन बचे हैं?",
    "இந்த மாதம் எத்தனை டோக்கன்கள் உள்ளன?",
    "เดือนนี้เหลือโทเคนเท่าไร",
    "这个月还剩多少代币？",
    "請問這張發票什麼時候到期？",
    "今月は残りのトークンがいくつありますか？",
    "東京タワーの高さは333メートルです。",
    "이번 달에 남은 토큰은 몇 개입니까?",
    "English と 日本語 and 한국어 in one 句子.",
    "🎉🎉 Party at 8pm! 👩‍👩‍👧‍👦 🇩🇪 👍🏽",
    "❤️ ☀️ ⚡ ∑∫√≠≤≥ ½ ² ³ № ™ ©",
    "func admit(_ call: Call) throws -> Reservation { try ledger.reserve(call.cost) }",
    "SELECT id, sum(nano) FROM usage_entries WHERE day >= '2024-02-29' GROUP BY id;",
    "for (int i = 0; i < n; ++i) { a[i] += b[i] * 0x1F; } // loop",
    "{\"model\": \"packhouse-minilm-l6-v2\", \"input\": [\"a\", \"b\"], \"n\": null}",
    "<p class=\"x\">Bread &amp; butter</p>",
    "https://example.org/a/b?c=d&e=f#g user@example.org /usr/local/bin ~/.config",
    "+49 (0)30 1234-5678; 2024-12-31T23:59:59.999Z; 192.168.0.1; v1.2.3-beta+4",
    "tabs\tand\nnewlines\r\nand\u00a0no-break\u2003spaces",
    "zero\u200bwidth soft\u00adhyphen \ufeffmark \u0000null \ufffdreplaced bell\u0007",
    "cafe\u0301 vs caf\u00e9; A\u030angstro\u0308m; \ufb01ne \uff26\uff55\uff4c\uff4c",
    "\u2018single\u2019 \u201cdouble\u201d \u00abguillemets\u00bb \u2026 \u2014 \u2013 \u2022",
    "a" * 100,
    "b" * 101,
    "word" * 30,
    "[CLS] is a marker, [MASK] too, [mask] is not; [UNK][SEP][PAD]",
    "no_spaces_but_underscores-and-dashes.and.dots",
    "1234567890 0.000001 1e-12 ½ ⅓ Ⅷ ①",
    "x",
    "?",
]

# Sentences with gaps, filled by a seeded generator: (template, fillers).
TEMPLATES = [
    ("The {0} of {1} was {2} by {3} last year.", [["price", "history", "weight", "temperature"],
     ["copper", "the river", "Montreal", "an old ship"], ["measured", "doubled", "forgotten", "audited"],
     ["nobody", "two engineers", "the committee", "Zoë"]]),
    ("Kann {0} den {1} bis {2} {3}?", [["jemand", "die Prüferin", "unser Büro"],
     ["Schlüssel", "Vertrag", "Übergang"], ["März", "übermorgen", "18:30 Uhr"],
     ["verlängern", "kündigen", "überprüfen"]]),
    ("Le {0} de la {1} a été {2} à {3}.", [["contrat", "modèle", "trésor"], ["société", "forêt", "équipe"],
     ["signé", "entraîné", "caché"], ["Montréal", "l'étranger", "Noël"]]),
    ("{0} {1} {2} в {3}.", [["Команда", "Ёжик", "Директор"], ["проверяет", "теряет", "считает"],
     ["токены", "ключи", "деньги"], ["Москве", "полночь", "2025 году"]]),
    ("{0}在{1}{2}了{3}。", [["工程师", "我们公司", "老师"], ["上海", "昨天", "会议室"], ["检查", "购买", "忘记"],
     ["三个模型", "合同", "123 台服务器"]]),
    ("{0}は{1}で{2}を{3}。", [["彼女", "エンジニア", "会社"], ["東京", "会議室", "図書館"], ["契約書", "モデル", "コーヒー"],
     ["確認しました", "忘れた", "買います"]]),
    ("{0} في {1} {2} {3}.", [["المهندس", "الشركة", "المعلمة"], ["القاهرة", "الصباح", "المكتب"],
     ["يراجع", "تشتري", "نسي"], ["العقد", "النماذج", "المفاتيح"]]),
    ("let {0} = {1}.{2}({3})", [["total", "entry", "isValid"], ["ledger", "meter", "queue"],
     ["settle", "reduce", "append"], ["0x2A", "$0 + $1", "\"naïve\""]]),
    ("{0} {1} {2} {3}", [["🚀", "✅", "🔥", "🐢"], ["deploy", "déploiement", "развёртывание", "部署"],
     ["v2.0", "#42", "@team", "50%"], ["😀", "done.", "?!", "…"]]),
]


def short_texts(source):
    texts = list(PLAIN)
    while len(texts) < 150:
        template, fillers = TEMPLATES[len(texts) % len(TEMPLATES)]
        texts.append(template.format(*[source.choice(filler) for filler in fillers]))
    return texts


def long_texts(source, pieces):
    """Texts of growing length up to exactly the limit, whole words only."""
    sentences = [text for text in short_texts(random.Random(7)) if len(text) > 20]
    texts = []
    while len(texts) < COUNT - 150:
        wanted = min(LONGEST, 20 + 5 * len(texts))
        words = []
        while pieces(" ".join(words)) < wanted:
            words += source.choice(sentences).split()
        while pieces(" ".join(words)) > wanted:
            words.pop()
        while pieces(" ".join(words)) < wanted:
            words.append("and")
        texts.append(" ".join(words))
    return texts


def overlong_texts():
    """For token ids alone: more than the model takes."""
    return ["every word counts, " * 100, "日本" * 200, "é" * 300, "Ünï " * 150, "a.b" * 100]


def fold(hashed, values):
    """FNV-1a, 64 bits, a byte at a time over 32-bit little-endian values."""
    for value in values:
        for byte in int(value).to_bytes(4, "little"):
            hashed = ((hashed ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return hashed


def scalar_pages(tokenizer):
    """One hash for each 4,096 scalars: the words that the reference makes of `a`, the scalar, `b`."""
    pages = []
    for start in list(range(0, 0x30000, 4096)) + [0xE0000, 0xF0000, 0x10F000]:
        hashed = 0xCBF29CE484222325
        for value in range(start, start + 4096):
            if 0xD800 <= value < 0xE000:
                continue
            text = tokenizer.normalizer.normalize_str("a" + chr(value) + "b")
            for word, _ in tokenizer.pre_tokenizer.pre_tokenize_str(text):
                hashed = fold(hashed, [ord(c) for c in word] + [0x20])
        pages.append({"start": start, "hash": f"{hashed:016x}"})
    return pages


def embed(model, ids):
    mask = np.ones((1, len(ids)), dtype=np.int32)
    hidden = model(input_ids=np.array([ids], dtype=np.int32), attention_mask=mask).last_hidden_state
    mean = np.asarray(hidden, dtype=np.float64)[0].mean(axis=0)
    return (mean / max(np.linalg.norm(mean), 1e-12)).astype(np.float32)


def main():
    folder = Path(sys.argv[1])
    jax.config.update("jax_default_matmul_precision", "highest")
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")[:-1]
    known = tokenizer.get_vocab()
    assert len(known) == len(vocabulary) and all(known[token] == i for i, token in enumerate(vocabulary))
    model = FlaxBertModel.from_pretrained(folder, config=BertConfig.from_pretrained(folder), from_pt=True)

    def ids_of(text):
        return tokenizer.encode(text).ids

    texts = short_texts(random.Random(1)) + long_texts(random.Random(2), lambda text: len(ids_of(text)))
    assert len(texts) == COUNT and max(len(ids_of(text)) for text in texts) == LONGEST
    cases = []
    for text in texts:
        ids = ids_of(text)
        vector = base64.b64encode(embed(model, ids).astype("<f2").tobytes()).decode()
        cases.append({"text": text, "ids": ids, "vector": vector})
    tokens = [{"text": text, "ids": ids_of(text)} for text in overlong_texts()]
    golden = {"embedded": cases, "tokenized": tokens, "scalarPages": scalar_pages(tokenizer)}
    lines = []
    for name, rows in golden.items():
        body = ",\n".join(json.dumps(row, ensure_ascii=True, separators=(",", ":")) for row in rows)
        lines.append(f'"{name}":[\n{body}\n]')
    path = Path(__file__).with_name("golden.json")
    path.write_text("{" + ",\n".join(lines) + "}\n", encoding="ascii")
    print(f"{len(cases)} texts, {sum(len(case['ids']) for case in cases)} tokens, {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
