"""The words of mmviz, one a thing: the one source of the glossary, of tips and of the page in docs.

Taken together from tables of `Term`s, a module each. Chinese terms are those of textbooks and of
NVIDIA's Chinese pages where one exists. Two traps: 量化 alone is read as INT8 quantization, so
tile and wave quantization are 分块取整 and 波次取整; 通道 is both a SIMD lane and a channel of a
picture, so a lane is 计算通道 where it is first used.
"""

from __future__ import annotations

from mmviz.words.glossary.computing import COMPUTING
from mmviz.words.glossary.formats import FORMATS
from mmviz.words.glossary.hardware import HARDWARE
from mmviz.words.glossary.learning import LEARNING
from mmviz.words.glossary.program import PROGRAM
from mmviz.words.glossary.provenance import PROVENANCE
from mmviz.words.glossary.recording import RECORDING
from mmviz.words.glossary.term import Group, Term
from mmviz.words.glossary.timing import TIMING

GROUPS: tuple[Group, ...] = (
    COMPUTING,
    FORMATS,
    LEARNING,
    HARDWARE,
    TIMING,
    RECORDING,
    PROVENANCE,
    PROGRAM,
)
TERMS: dict[str, Term] = {term.id: term for group in GROUPS if group.shown for term in group.terms}
"""The terms that stand on screen, by id."""


def find(id: str) -> Term:
    """The term of this id; KeyError where there is none, which is a mistake of who asks."""
    return TERMS[id]
