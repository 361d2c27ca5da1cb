"""Who can compute here is found out in a child, whatever that does."""

from __future__ import annotations

import sys

import pytest
from timing_child import children

from mmviz.backends.registry import Entry, find
from mmviz.bench.messages import Looked, Looking, decode, encode
from mmviz.bench.plan import ProbePlan
from mmviz.bench.probe import Survey
from mmviz.bench.runner import probe
from mmviz.text import N_, Text


def test_a_child_finds_out_and_this_process_loads_nothing() -> None:
    sys.modules.pop("wgpu", None)
    found = probe(("numpy", "wgpu", "cupy", "fake:missing"))
    assert [entry.id for entry in found] == ["numpy", "wgpu", "cupy", "fake:missing"]
    assert found[0] == Entry("numpy", find("numpy").title, find("numpy").dtypes, True)
    assert not found[3].available
    assert str(found[3].remedy) == "choose another one"
    assert "wgpu" not in sys.modules
    assert not children()


@pytest.mark.parametrize(
    ("script", "said"), [("lost", "stopped with exit code 3"), ("stuck", "said nothing for")]
)
def test_one_that_ends_the_child_is_entered_so_and_the_others_are_found(
    script: str, said: str
) -> None:
    found = probe(("fake", f"fake:{script}", "numpy"), silence_s=2)
    assert [(entry.id, entry.available) for entry in found] == [
        ("fake", True),
        (f"fake:{script}", False),
        ("numpy", True),
    ]
    assert said in str(found[1].reason)
    assert not children()


def test_a_child_that_dies_before_it_looks_costs_one_backend_at_a_time() -> None:
    survey = Survey(ProbePlan(backends=("fake", "numpy")))
    survey.broke(Text("gone"))
    assert survey.rest == ProbePlan(backends=("numpy",))
    survey.broke(Text("gone again"))
    assert survey.rest is None
    assert [str(entry.reason) for entry in survey.entries] == ["gone", "gone again"]


def test_an_entry_crosses_with_its_texts() -> None:
    title = Text(N_("{one} and {other}"), one=Text(N_("memory")), other=3)
    entry = Entry("x", title, ("float32",), False, title, title, "a GPU", title)
    for message in (Looking("x"), Looked(entry)):
        assert decode(encode(message)) == message
