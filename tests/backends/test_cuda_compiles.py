"""The tiles' programs compiled for every GPU from Turing on, by NVIDIA's compiler, without one."""

from __future__ import annotations

import os
import sys

import nvrtc
import pytest

from mmviz.backends.cuda.source import ENTRIES, TILES, Program

ARCHITECTURES = tuple(number for number in nvrtc.architectures() if number >= 75)
WAYS = ((False, False), (True, False), (False, True))  # forward, weight gradients, data gradients

pytestmark = pytest.mark.skipif(
    not ARCHITECTURES and (sys.platform == "darwin" or not os.environ.get("CI")),
    reason="NVIDIA's compiler, the wheel nvidia-cuda-nvrtc, is not here",
)


def test_the_compiler_knows_all_that_is_between() -> None:
    assert {75, 80, 86, 89, 90, 100, 120, 121} <= set(ARCHITECTURES)


@pytest.mark.parametrize("place", range(len(ARCHITECTURES)), ids=map(str, ARCHITECTURES))
def test_programs_compile(place: int) -> None:
    """Each architecture another tile and another way that operands lie; what the compiler warns of
    is an error.
    """
    architecture = ARCHITECTURES[place]
    a_turned, b_turned = WAYS[place % len(WAYS)]
    halves = "float16" if architecture < 80 or place % 2 == 0 else "bfloat16"
    for number, dtype in enumerate(("float32", halves)):
        tile = TILES[(place + number) % len(TILES)]
        program = Program(dtype, tile, a_turned, b_turned, summed=place % 2 == 0)
        code = nvrtc.compiled(program.source(architecture), architecture, *program.options)
        assert all(entry.encode() in code for entry in ENTRIES)


@pytest.mark.skipif(not ARCHITECTURES, reason="the compiler is not here")
def test_bfloat16_is_not_for_gpus_before_ampere() -> None:
    """The compiler would say so, and a program of float16 would compute something else."""
    program = Program("bfloat16")
    with pytest.raises(ValueError, match="before Ampere"):
        program.source(75)
