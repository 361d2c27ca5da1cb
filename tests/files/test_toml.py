"""TOML nobody vouches for is refused before it is parsed where parsing would be dear."""

from __future__ import annotations

import string
import tomllib
from typing import Any

import msgspec
import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from mmviz.errors import InputError
from mmviz.files import toml
from mmviz.files.toml_cost import MAX_DEPTH, MAX_NAMES, MAX_PARTS, MAX_QUOTES, MAX_VALUES, MAX_WORD

PARTS = ".".join("a" * MAX_PARTS)
DEAR = {
    "parts of a key": (f"{PARTS}.a = 1", "a key of more than 16 parts"),
    "spaced parts": (f"{PARTS.replace('.', ' . ')} . a = 1", "a key of more than 16 parts"),
    "quoted parts": ('"."' + ".'a'" * MAX_PARTS + " = 1", "a key of more than 16 parts"),
    "parts of a head": (f"[{PARTS}.a]", "a key of more than 16 parts"),
    "parts in a table": (f"x = {{{PARTS}.a = 1}}", "a key of more than 16 parts"),
    "nested lists": ("x = " + "[" * (MAX_DEPTH + 1), "brackets nested too deep"),
    "nested tables": ("x = " + "{a=" * (MAX_DEPTH + 1), "brackets nested too deep"),
    "keys": ("a=1\n" * (MAX_NAMES + 1), "more than 50\u202f000 keys"),
    "heads": ("[a]\n" * (MAX_NAMES + 1), "more than 50\u202f000 keys"),
    "heads of lists": ("\n [[a]] # \n" * (MAX_NAMES + 1), "more than 50\u202f000 keys"),
    "further parts": ("a.a.a.a.a.a=1\n" * (MAX_NAMES // 5 + 1), "more than 50\u202f000 keys"),
    "keys of tables": ("x=[" + "{a=1}," * (MAX_NAMES + 1), "more than 50\u202f000 keys"),
    "values": ("x=[" + "1," * (MAX_VALUES + 1), "more than 400\u202f000 values"),
    "digits": ("x=" + "1" * (MAX_WORD + 1), "a number or a key of more than 1\u202f000 characters"),
    "hexadecimal": (
        "x=0x" + "f" * MAX_WORD,
        "a number or a key of more than 1\u202f000 characters",
    ),
    "a fraction": ("x=0." + "1" * MAX_WORD, "a number or a key of more than 1\u202f000 characters"),
    "a long key": ("x" * (MAX_WORD + 1), "a number or a key of more than 1\u202f000 characters"),
    "behind an open quote": (f'x = "\n{PARTS}.a = 1', "a key of more than 16 parts"),
}


@pytest.mark.parametrize("kind", DEAR)
def test_what_is_dear_to_parse_is_not_parsed(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(tomllib, "loads")
    text, said = DEAR[kind]
    with pytest.raises(InputError) as refused:
        toml.loads(text.encode(), "f.toml")
    assert str(refused.value) == f"f.toml: {said}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + ("{" + PARTS + " = ") * 31 + "{}" + "}" * 31, "brackets nested too deep"),
        ("x = 2024-02-30", "not valid TOML: Invalid date"),
    ],
)
def test_what_only_parsing_tells(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        toml.loads(text.encode(), "f.toml")
    assert str(refused.value).startswith(f"f.toml: {said}")


CHEAP = [
    f"{PARTS} = 1",
    f"[{PARTS}]\n{PARTS} = 1",
    f'x = "{PARTS}.a = {{[{{[\\" {PARTS}"',
    f"x = '{PARTS}.a\"' # {PARTS}.a.a.a [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
    f'x = """\n"" \\""" {PARTS}.a """""\ny = \'\'\'\'{PARTS}.a \'\'\'\'\'',
    '"' + "a." * MAX_WORD + '" = 1',
    "x = [" + "1.5, " * 1000 + "]",
    "x = " + "[" * MAX_DEPTH + "]" * MAX_DEPTH,
    "x = [\n" + "[1.5,\n2.5],\n" * (MAX_NAMES + 1) + "]",  # rows are no heads of tables
    "x = [" + "1," * (MAX_VALUES - 1) + "1]",
    "x = '" + ",=" * 1_000_000 + "'",
    "\r\n".join(["[a]", "b = 1.5 # c", "[[d]]", "e = 2021-05-27T07:32:00.999Z"]),
]


@pytest.mark.parametrize("text", CHEAP, ids=range(len(CHEAP)))
def test_what_is_cheap_is_read(text: str) -> None:
    assert toml.loads(text.encode(), "f.toml") == tomllib.loads(text)


KEYS = st.text(max_size=8) | st.text(string.ascii_letters, min_size=1, max_size=3)
NUMBERS = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
VALUES = st.recursive(
    st.text() | NUMBERS | st.booleans() | st.dates() | st.sampled_from(['"""', "'''", "\\", "#"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5), st.booleans())
def test_whatever_is_written_within_the_bounds_is_read(table: dict[str, Any], lines: bool) -> None:
    text = tomli_w.dumps(table, multiline_strings=lines)
    assert toml.loads(text.encode(), "f.toml") == tomllib.loads(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a = 9223372036854775808", "a"),
        ("a = -9223372036854775809", "a"),
        ("[b]\nc = [1, {d = [1, 0xffffffffffffffffff]}]", "b.c[1].d[1]"),
    ],
)
def test_a_whole_number_has_64_bits(text: str, place: str) -> None:
    with pytest.raises(InputError) as refused:
        toml.loads(text.encode(), "f.toml")
    assert str(refused.value) == f"f.toml: {place}: a whole number of more than 64 bits"


def test_quotes_and_comments_are_counted_before_they_are_looked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr(toml, "beside_literals")
    monkeypatch.delattr(toml, "check_cost")
    for sign in "#'\"":
        with pytest.raises(
            InputError, match=r"f\.toml: more than 800\u202f000 quotes and comments"
        ):
            toml.loads(sign.encode() * (MAX_QUOTES + 1), "f.toml")


def test_a_refusal_is_no_longer_when_its_signs_are_made_visible() -> None:
    class Strict(msgspec.Struct, forbid_unknown_fields=True):
        a: int = 0

    with pytest.raises(InputError) as refused:
        toml.decode(f'"{chr(0xE0041) * 300}" = 1'.encode(), "x.toml", Strict)
    assert len(str(refused.value)) < 300
