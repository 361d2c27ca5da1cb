"""Write docs/found.md: what trials found wrong in the model, what it said then and says now.

python docs/found.py
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmviz.cli.exam import ask, in_unit, off_by
from mmviz.core.shapes.columns import Shapes
from mmviz.core.shapes.network import from_widths
from mmviz.core.time.price import price_shapes
from mmviz.core.time.setup import Setup
from mmviz.files.assets import asset
from mmviz.files.devices import read_device
from mmviz.files.exam import Question
from mmviz.words.speech import ENGLISH

PAGE = Path(__file__).with_name("found.md")
HEAD = """# What trials found wrong

People who tried mmviz found these predictions wrong. Before is what it said then, now is what the
command says, which this page's maker `docs/found.py` asks again. Published are times and rates
that somebody measured, but for that of the TPU, which is the product at its peak. Those of the
H100 are of the collection that its constants were fitted to, and the odd squares of the RTX 4090
set what odd sides lose there. What is still off stays in the table; the tests are in
`tests/core/test_found_wrong.py`.
"""
TAIL = """
A V100 took tiles of 128 × 128 for no long k in float32, as a quarter of the kernels do that
NeuSight names above 2048; now for {share} of 200 such products drawn at random.

What is no number: a pass that a device's memory cannot hold had a time and now has none, nor a
price (`tests/cli/test_plan.py`). A GPU's float32 times had 40 to 80 µs of launch in them, which
is now a gap of its own that `--launch eager` asks for. More work took less time on many shapes,
and takes no less on any device (`tests/core/test_more_work.py`). Data change a clock through
power: 8192³ on that A100 is 257 TFLOP/s with normal numbers, 288 with integers and 295 with
zeros; mmviz is of the first.
"""

AIC = "ai-dynamo/aiconfigurator 095f58a"
SQUARES = "pytorch/pytorch issue 181718"
BMM = "pytorch/pytorch issue 83272, CUDA 11.7; 2.09 ms by 11.6"
VECTOR = "ggml-org/llama.cpp pull request 15131: 122 µs on a 3090 Ti, scaled by the bandwidth"
LIST = "bmm-384.csv"  # of the exam


@dataclass(frozen=True, slots=True)
class Row:
    """published None: nobody clocked it."""

    what: str
    command: str
    published: float | None
    unit: str
    before: str
    source: str
    key: str


RATE = "total.flop / total.predicted_s"
SHORT = "15 to 17 % short"
LOST = "about half of 2040³"


def _row(
    what: str, product: str, device: str, dtype: str, published: float | None, unit: str,
    before: str, source: str, *, tile: str = "",
) -> Row:  # fmt: skip
    command = f"plan {product} {tile}--device {device} --dtype {dtype}"
    key = RATE if unit == "TFLOP/s" else "total.predicted_s"
    name = what if product == LIST else f"{what}: {product.replace('x', '×')}"
    return Row(f"{name}, {dtype}", command, published, unit, before, source, key)


def _rows() -> list[Row]:
    tile = "--tile 128x128 "
    a100 = ("a100", "bfloat16", None, "µs")
    rows = [
        _row("A100, 256 rows in tiles of 128", "256x4096x256", *a100, "11.09 µs", "—", tile=tile),
        _row("257 rows, no less", "257x4096x256", *a100, "9.97 µs", "—", tile=tile),
    ]
    for product, published, before in (
        ("64x1024x4096", 8.63, "8.58 µs"),
        ("65x1024x4096", 8.64, "5.84 µs"),
        ("128x1024x4096", 8.81, "5.95 µs"),
        ("65x4096x8192", 31.4, SHORT),
        ("128x1024x8192", 11.2, SHORT),
        ("128x4096x8192", 27.9, SHORT),
        ("192x1536x8192", 17.8, SHORT),
        ("256x1024x16384", 25.3, SHORT),
    ):
        rows.append(_row("H100", product, "h100", "bfloat16", published, "µs", before, AIC))
    card = ("rtx4090", "bfloat16")
    rows.append(
        _row("RTX 4090", "8192x8192x8192", *card, 6.48, "ms", "about twice that", "published")
    )
    for n, published, before in (
        (2040, 156, "—"), (2055, 116, LOST), (2056, 90, "—"), (2057, 107, LOST),
        (2071, 111, LOST), (2072, 84, "—"), (2073, 112, LOST),
    ):  # fmt: skip
        shape = f"{n}x{n}x{n}"
        rows.append(_row("RTX 4090", shape, *card, published, "TFLOP/s", before, SQUARES))
    tpu = ("tpu-v5e", "bfloat16", 185.0, "µs", "446 µs")
    bmm = ("a100", "float16", 1.31, "ms", "3.17 ms")
    vector = ("rtx3090", "bfloat16", 131.0, "µs", "271 µs")
    large = "8192x8192x8192"
    return [
        *rows,
        _row("TPU v5e", "271x16384x4096", *tpu, "*How to Scale Your Model*, question 4"),
        _row("A100, 384 of 1024×140×1024 in one launch", LIST, *bmm, BMM),
        _row("RTX 3090", "4096x1x14336", *vector, VECTOR),
        _row(
            "L4",
            large,
            "l4",
            "float32",
            8.8,
            "TFLOP/s",
            "18.1 TFLOP/s",
            "published; others report 10.7",
        ),
        _row(
            "A100", large, "a100", "float16", 257.0, "TFLOP/s", "—", "thonking.ai, normal numbers"
        ),
    ]


def tiles_of_v100() -> float:
    """Which share of products of a long k, drawn at random, takes tiles of 128 × 128."""
    random = np.random.default_rng(0)
    m, n, k = (
        (2 ** random.uniform(*within, 200)).astype(int) for within in ((7, 13), (8, 15), (11, 16))
    )
    setup = Setup(from_widths([1, 1]), read_device("v100"), dtype="float32")
    cuts = price_shapes(Shapes.of(m, n, k), setup).cuts
    return float(((cuts.tm == 128) & (cuts.tn == 128)).mean())


def page() -> str:
    """The whole page, as Markdown."""
    found = _rows()
    answers = ask([_question(place, row) for place, row in enumerate(found)])
    head = ["product", "published", "before", "now", "off by", "source", "command"]
    rows = [head, ["---"] * len(head)]
    for row, answer in zip(found, answers, strict=True):
        bare = row.published is None
        rows.append(
            [
                row.what,
                "—" if row.published is None else f"{row.published:g} {row.unit}",
                row.before,
                ENGLISH(in_unit(answer.found, row.unit)),
                "—" if bare else ENGLISH(off_by(answer)),
                row.source,
                f"`{row.command}`",
            ]
        )
    return HEAD + "\n" + "".join(f"| {' | '.join(row)} |\n" for row in rows) + _tail()


def _tail() -> str:
    return TAIL.format(share=f"{tiles_of_v100():.0%}".replace("%", " %"))


def _question(place: int, row: Row) -> Question:
    command, told = tuple(row.command.split()), row.published or 0.0
    of = (row.what, command, row.key, told, row.unit, 1.0, row.source)
    return Question(str(place), "measured", *of, folder=str(asset("exam", LIST).parent))


def main() -> None:
    """Write it."""
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
