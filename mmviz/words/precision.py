"""The precision a product really ran in, in words."""

from __future__ import annotations

from mmviz.bench.fingerprint import precision
from mmviz.text import N_, Text

_NAMES = {"tf32": "TF32", "float16 sums": N_("float16 sums")}


def ran_in(e: float, dtype: str) -> Text:
    """'TF32', 'float32'. What multiplies as TF32 does is float16 where that was asked for."""
    found = precision(e, dtype)
    asked = found == "tf32" and dtype == "float16"
    return Text(dtype if asked else _NAMES.get(found, found))


def fingerprint_told(e: float) -> Text:
    """What it is told from."""
    return Text(N_("a product of random numbers was off by {e:exponent} of their size, by √K"), e=e)
