"""Small words: no sentence doubles a word or a mark."""

from __future__ import annotations

import catalogues
import pytest
from doubled import PLACE, faults

from mmviz.text import Text
from mmviz.ui.device.editor import ABOVE

COLUMNS = frozenset({"{product} = {left}·{top}  {sides} in {tiles}"})  # set apart on purpose


def msgids() -> list[str]:
    template = catalogues.read(catalogues.TEMPLATE)
    return [said for one in catalogues.messages(template) for said in catalogues.forms(one.id)]


def test_no_text_of_the_catalogue_doubles_anything() -> None:
    found = {
        said: wrong
        for said in msgids()
        if said not in COLUMNS and (wrong := faults(PLACE.sub("1", said)))
    }
    assert found == {}


def test_what_a_field_of_the_device_editor_refuses_has_one_comma() -> None:
    said = Text("{what} must be {must}, not {text!r}", what="peak", must=Text(ABOVE), text="x")
    assert faults(str(said)) == []


@pytest.mark.parametrize("wrong", ["nothing,, not 3", "of of", "a ;b, ,", "two  spaces", "( a)"])
def test_what_is_doubled_is_found(wrong: str) -> None:
    assert faults(wrong) != []
