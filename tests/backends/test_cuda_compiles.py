"""The tiles' programs compiled for every GPU from Turing on, by NVIDIA's compiler, without one."""

from __future__ import annotations

import itertools
import os
import sys

import nvrtc
import pytest

from mmviz.backends.cuda.source import DTYPES, ENTRIES, TILES, Program

ARCHITECTURES = tuple(number for number in nvrtc.architectures() if number >= 75)
LEAST = {"float32": 0, "float16": 0, "bfloat16": 80}  # Ampere's
WAYS = ((False, False), (True, False), (False, True))  # forward, weight gradients, data gradients


def programs(architecture: int) -> list[Program]:
    """Its share of all there are, dealt in turns to those that can have them."""
    found = []
    for number, (dtype, tile, way) in enumerate(itertools.product(DTYPES, TILES, WAYS)):
        able = [one for one in ARCHITECTURES if one >= LEAST[dtype]]
        if able[number % len(able)] == architecture:
            turns = {"summed": number % 2 == 0, "parted": number % 4 > 1}
            found.append(Program(dtype, tile, *way, **turns))
    return found


pytestmark = pytest.mark.skipif(
    not ARCHITECTURES and (sys.platform == "darwin" or not os.environ.get("CI")),
    reason="NVIDIA's compiler, the wheel nvidia-cuda-nvrtc, is not here",
)


def test_the_compiler_knows_all_that_is_between() -> None:
    assert {75, 80, 86, 89, 90, 100, 120, 121} <= set(ARCHITECTURES)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_programs_compile(architecture: int) -> None:
    """Each architecture a share of all programs; what the compiler warns of is an error."""
    for program in programs(architecture):
        code = nvrtc.compiled(program.source(architecture), architecture, *program.options)
        assert all(entry.encode() in code for entry in ENTRIES)


@pytest.mark.skipif(not ARCHITECTURES, reason="the compiler is not here")
def test_every_program_compiles_somewhere() -> None:
    """Each tile in each format, with operands that lie in each way; every architecture has some."""
    found = [program for one in ARCHITECTURES for program in programs(one)]
    kinds = {(one.dtype, one.tile, (one.a_turned, one.b_turned)) for one in found}
    assert kinds == set(itertools.product(DTYPES, TILES, WAYS))
    assert {one.summed for one in found} == {one.parted for one in found} == {False, True}
    assert min(len(programs(one)) for one in ARCHITECTURES) >= 3


@pytest.mark.skipif(not ARCHITECTURES, reason="the compiler is not here")
def test_bfloat16_is_not_for_gpus_before_ampere() -> None:
    """The compiler would say so, and a program of float16 would compute something else."""
    program = Program("bfloat16")
    with pytest.raises(ValueError, match="before Ampere"):
        program.source(75)
