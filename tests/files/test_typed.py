"""Widths as a person types them, and what may stand after them."""

from __future__ import annotations

import pytest

from mmviz.errors import InputError
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
