"""Widths as a person types them, and what may stand after them."""

from __future__ import annotations

from pathlib import Path

import pytest

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.files.networks import of_widths
from mmviz.files.typed import of_typed
from mmviz.state.session import open_file


@pytest.mark.parametrize(
    "text",
    [
        "4096-11008-4096 --batch 96 --device rtx4090 --dtype float16",
        "4096-11008-4096 batch 96 device rtx4090 dtype float16",
        "4096-11008-4096, device RTX4090, dtype Float16, batch 96",
        "4 096 - 11 008 - 4 096  --batch=96 --device=rtx4090 --dtype=float16 ",
        "4096\u201011008\u20114096 batch 96 device rtx4090 dtype float16",
        "4096\u201311008\u20144096 batch 96 device rtx4090 dtype float16",
    ],
)
def test_batch_device_and_dtype_may_follow_the_widths(text: str) -> None:
    file = of_typed(text)
    assert file.network == of_widths("4096-11008-4096").network
    assert (file.batch, file.device, file.dtype) == (96, "rtx4090", "float16")
    session = open_file(file)
    assert (session.dtype, open_file(of_typed("8-4"), session).dtype) == ("float16", "float16")


def test_widths_alone_say_nothing_else() -> None:
    file = of_typed("784-128-10")
    assert file == of_widths("784-128-10")
    assert (file.batch, file.device) == (None, "")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("784-128-10 batch no", "batch"),
        ("784-128-10 batch 0", "batch"),
        ("784-128-10 device abacus", "unknown device 'abacus'; known are this-machine"),
        ("784-128-10 dtype float17", "unknown dtype 'float17'; known are float64"),
        ("784-128-10 sideways 3", "widths are whole numbers with dashes between"),
        ("batch 96", "widths are whole numbers with dashes between"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        of_typed(text)


@pytest.mark.parametrize("text", ["2048x1024x64", "2048 × 1024 × 64", "2 048 X 1,024*64"])
def test_one_product_is_typed_by_its_sides(text: str) -> None:
    file = of_typed(text + " device h100, dtype float16")
    gemm = Gemm("2048x1024x64", "product", 2048, 1024, 64)
    assert file.network == Products(gemm.name, (gemm,))
    assert (file.batch, file.device, file.dtype) == (None, "h100", "float16")
    with pytest.raises(InputError, match="the product 2048x1024x64 has no batch"):
        of_typed(text + " batch 8")


def test_a_file_called_like_a_product_is_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert networks.find("8x4x2").network.name == "8x4x2"
    (tmp_path / "8x4x2").write_text("inputs = 3\n[[layers]]\nunits = 5\n")
    assert networks.find("8x4x2").network.lower()[0].n == 5
    with pytest.raises(InputError, match="MxNxK must be a whole number"):
        networks.find("0x4x2")
