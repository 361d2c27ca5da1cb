"""The words of mmviz: each once, in one sentence, in two languages."""

from __future__ import annotations

from collections import Counter

import pytest

from mmviz.core.provenance import Kind
from mmviz.core.shapes.dtype import BYTES, bits
from mmviz.words.glossary import GROUPS, TERMS, Term, find
from mmviz.words.speech import ENGLISH, Words, speak

ALL = [term for group in GROUPS for term in group.terms]
SHOWN = list(TERMS.values())
CHINESE = speak("zh_CN")

LESSONS = (
    "neuron", "weight", "bias", "layer", "activation", "example", "batch", "gemm", "cell",
    "dot", "mnk", "vectorize", "flop", "flops", "peak", "lane", "core", "sm", "tile", "kstep",
    "slot", "resident", "wave", "tilequant", "wavequant", "idle", "splitk", "streamk", "kernel",
    "launch", "graph", "bandwidth", "intensity", "ridge", "roofline", "membound", "compbound",
    "alignment", "systolic", "wstat", "forward", "backward", "dgrad", "wgrad", "loss",
    "crossentropy", "softmax", "sgd", "lr", "momentum", "step", "epoch", "unseen", "latency",
    "throughput", "p50", "p99", "budget", "computed", "modelled", "measured", "estimated",
)  # fmt: skip
"""Ids by which lessons name their words."""


def test_the_words_of_the_lessons_are_there() -> None:
    assert [id for id in LESSONS if id not in TERMS] == []


def test_every_term_is_there_once() -> None:
    ids, words = Counter(term.id for term in ALL), Counter(term.word for term in ALL)
    assert max(ids.values()) == max(words.values()) == 1


def test_a_form_on_screen_means_one_term() -> None:
    forms = Counter(form for term in SHOWN for form in term.forms)
    assert [form for form, n in forms.items() if n > 1] == []


@pytest.mark.parametrize("term", ALL, ids=lambda term: term.id)
def test_a_meaning_is_one_plain_sentence(term: Term) -> None:
    assert 10 < len(term.meaning) < 140
    assert term.meaning == term.meaning.strip(" .")
    assert not term.meaning.lower().startswith(term.word.lower())


@pytest.mark.parametrize("term", SHOWN, ids=lambda term: term.id)
def test_what_is_shown_has_its_chinese(term: Term) -> None:
    word, meaning = term.said(CHINESE)
    assert word
    assert any("\u4e00" <= letter <= "\u9fff" for letter in meaning)
    assert term.said(ENGLISH) == (term.word, term.meaning)


def test_a_form_on_screen_means_one_term_in_chinese_too() -> None:
    forms = Counter(form for term in SHOWN for form in term.seen_in(CHINESE))
    assert [form for form, n in forms.items() if n > 1] == []


def test_what_explains_a_word_is_no_part_of_it_on_screen() -> None:
    words = Words("xx", lambda msgid, _many, _n: {"wave": "波次（wave）"}.get(msgid, msgid))
    assert find("wave").seen_in(words) == ("波次",)
    assert find("wave").seen_in(ENGLISH) == ("wave", "waves")


@pytest.mark.parametrize(
    ("id", "said"),
    [
        ("gemm", ["矩阵乘法"]),
        ("tilequant", ["分块取整", "tile quantization"]),
        ("wavequant", ["波次取整", "wave quantization"]),
        ("lane", ["通道", "计算通道"]),
        ("membound", ["访存受限"]),
        ("modelled", ["模型给出"]),
        ("measured", ["实测"]),
        ("estimated", ["估算"]),
    ],
)
def test_chinese_says_what_can_be_mistaken_in_full(id: str, said: list[str]) -> None:
    shown = " ".join(find(id).said(CHINESE))
    assert [word for word in said if word not in shown] == []


@pytest.mark.parametrize("kind", Kind.__args__)  # type: ignore[attr-defined]
def test_what_a_number_rests_on_is_explained(kind: str) -> None:
    assert kind in find(kind).forms


@pytest.mark.parametrize("dtype", BYTES)
def test_every_number_format_is_explained(dtype: str) -> None:
    size, meaning = bits(dtype), find(dtype).meaning
    assert dtype == "tf32" or f"in {size} bits" in meaning
    assert size < 16 or dtype == "tf32" or f"({size // 8} bytes)" in meaning


@pytest.mark.parametrize(
    "id",
    ["wave", "mnk", "tile", "slot", "dgrad", "ridge", "inference", "p99", "p50", "float32",
     "recorded", "backend", "pass", "device"],
)  # fmt: skip
def test_words_people_asked_for_are_there(id: str) -> None:
    assert find(id).id == id
