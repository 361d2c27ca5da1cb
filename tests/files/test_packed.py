"""Much in one line of TOML: exact, short, and never more than it says."""

from __future__ import annotations

import base64
import tomllib
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from mmviz.core.shapes.network import MAX_GIVEN
from mmviz.errors import InputError
from mmviz.files import packed

numbers = st.floats(-1e30, 1e30)


@given(arrays(float, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=numbers))
def test_numbers_come_back_to_the_last_bit(array: np.ndarray) -> None:
    back = packed.unpack(packed.pack(array), "x")
    assert back.shape == array.shape
    assert back.tobytes() == array.tobytes()


@given(st.text())
def test_a_text_comes_back(text: str) -> None:
    data = text.encode("utf-8", "replace")
    assert packed.unpack_text(packed.pack_text(data), len(data), "x") == data


def test_random_numbers_take_five_characters_and_plain_ones_less() -> None:
    drawn = np.random.default_rng(1).standard_normal((300, 300), np.float32).astype(float)
    assert len(packed.pack(drawn)) < 5.2 * drawn.size
    assert len(packed.pack(np.round(drawn, 1))) < 5.2 * drawn.size
    assert len(packed.pack(np.ones((1000, 1000)))) < 60_000


def test_a_table_is_the_same_as_written_by_tomli_w_but_for_the_quotes() -> None:
    long = packed.pack(np.arange(12.0).reshape(3, 4))
    table = {
        "name": "a 'name' \" with = marks",
        "examples": long,
        "layers": [{"weights": long, "bias": [0.5]}, {"units": 3}],
        "session": {"list": packed.pack_text(b"m,n,k\n1,2,3\n")},
    }
    text = packed.dumps(table)
    assert tomllib.loads(text) == table
    assert f"examples = '{long}'" in text


def folded(data: bytes) -> str:
    return base64.b64encode(zlib.compress(data)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a text",
        "2x2",
        "2x2 ",
        "0x2 " + folded(b""),
        "-1x2 " + folded(b""),
        "2x2 " + folded(b"\0" * 31),
        "2x2 " + folded(b"\0" * 33),
        "2x2 " + folded(b"\0" * 32)[:-4],
        "2x2 " + folded(b"\0" * 32) + "AAAA",
        "2x2 !" + folded(b"\0" * 32),
        "2x2 " + base64.b64encode(zlib.compress(b"\0" * 32) + b"more").decode(),
        "２x2 " + folded(b"\0" * 32),
        f"{'9' * 5000}x1 " + folded(b""),
        "16777217x1 " + folded(b""),
        f"{MAX_GIVEN + 1}x1 " + folded(b"\0"),
    ],
)
def test_what_is_not_packed_is_one_sentence(text: str) -> None:
    with pytest.raises(InputError, match=r"^x must be a list, or packed"):
        packed.unpack(text, "x")


def test_no_more_is_unfolded_than_was_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb of zeros: how much is asked of zlib is what counts."""
    asked: list[int] = []

    true = zlib.decompressobj

    class Watched:
        def __init__(self) -> None:
            self._reader = true()

        def decompress(self, data: bytes, most: int) -> bytes:
            asked.append(most)
            return self._reader.decompress(data, most)

        def __getattr__(self, name: str) -> object:
            return getattr(self._reader, name)

    monkeypatch.setattr(zlib, "decompressobj", Watched)
    with pytest.raises(InputError):
        packed.unpack("1x2 " + folded(b"\0" * 10_000_000), "x")
    with pytest.raises(InputError):
        packed.unpack_text("csv " + folded(b"\0" * 10_000_000), 100, "x")
    assert asked == [17, 101]
