"""Each room says what it is for."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "mmviz"
ROOMS = sorted(path.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("__init__.py"))


@pytest.mark.parametrize("room", ROOMS, ids=str)
def test_a_room_says_what_it_is_for(room: Path) -> None:
    said = ast.get_docstring(ast.parse((PACKAGE.parent / room).read_text(encoding="utf-8")))
    assert said is not None
    assert len(said) > 20
