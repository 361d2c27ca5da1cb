"""The ladder from a Python loop to a GPU's registers: what each rung loads, and how it walks.

A rung computes cells of Z in blocks: a number that is loaded serves a whole side of its block. So
what is loaded follows from the block alone (`loads`), and `walk` goes the same way step by step.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from mmviz.core.learning import layer_code
from mmviz.core.learning.layer_code import T

RungId = Literal["loops", "neurons", "rows", "blocked", "matmul", "naive", "tiled", "register"]
Shape = tuple[int, int, int]
"""m examples, n neurons, k inputs."""
Span = tuple[int, int]
"""From the first to the one behind the last."""
Block = tuple[int, int]
"""Cells of Z along m and along n."""


@dataclass(frozen=True, slots=True)
class Rung:
    """backend: who computes it, by its id. code: the lines that run; of a GPU's kernel its steps in
    short, for each of its threads. block: cells that share what is loaded, None: the whole of Z.
    least: nobody outside can see how much more its library loads.
    """

    id: RungId
    backend: str
    code: tuple[str, ...]
    block: Callable[[Shape], Block]
    gpu: bool = False
    least: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of a rung: the line that runs, and of which rows of A_in, columns of W and terms.

    near: terms that lie in the memory of a GPU's workgroups. sums: terms added up so far in each
    cell of Z, row after row. loaded: numbers of A_in and W loaded so far.
    """

    line: int
    rows: Span = (0, 0)
    columns: Span = (0, 0)
    terms: Span = (0, 0)
    near: Span = (0, 0)
    sums: tuple[int, ...] = ()
    loaded: int = 0

    @property
    def added(self) -> int:
        """Multiply-adds so far."""
        return sum(self.sums)


def loads(shape: Shape, block: Block) -> int:
    """Numbers of A_in and W loaded where each block of Z loads its rows and columns once:
    k · (m · ⌈n / block_n⌉ + n · ⌈m / block_m⌉).

    One cell at a time that is 2 · m · n · k, the whole of Z at once k · (m + n). What caches save
    is not in it.
    """
    m, n, k = shape
    return k * (m * -(-n // block[1]) + n * -(-m // block[0]))


def reuse(shape: Shape, block: Block) -> float:
    """Numbers loaded per multiply-add; 2 where nothing is used twice."""
    m, n, k = shape
    return loads(shape, block) / (m * n * k)


def with_block(rung: Rung, block: Block) -> Rung:
    """The rung in another block, such as the one that a kernel was found to take."""
    return replace(rung, block=lambda _: block)


def toy(rung: Rung) -> Rung:
    """The rung in blocks that are seen at once."""
    small = {"blocked": (2, 3), "tiled": (2, 2), "register": (4, 4)}.get(rung.id)
    return rung if small is None else with_block(rung, small)


def _cell(_: Shape) -> Block:
    return 1, 1


def _source(function: Callable[..., Any]) -> tuple[str, ...]:
    head, *lines = inspect.getsource(function).splitlines()
    names = head.partition("(")[0]
    return f"{names}(A_in, W, B, g):", *lines


_NAIVE = (
    "i, j = this_thread",
    "z = B[j]",
    "for k in range(inputs):",
    "    z += A_in[i, k] * W[k, j]",
    "A_out[i, j] = g(z)",
)
_TILED = (
    "i, j = this_thread",
    "z = B[j]",
    "for t in range(0, inputs, 16):",
    "    a, w = load(A_in, t), load(W, t)",
    "    barrier()",
    "    for k in range(16):",
    "        z += a[i, k] * w[k, j]",
    "A_out[i, j] = g(z)",
)
_REGISTER = (
    "i, j = four rows, four columns",
    "z = [4 × 4] of B[j]",
    "for t in range(0, inputs, 16):",
    "    a, w = load(A_in, t), load(W, t)",
    "    barrier()",
    "    for k in range(16):",
    "        z += outer(a[i, k], w[k, j])",
    "A_out[i, j] = g(z)",
)

RUNGS: tuple[Rung, ...] = (
    Rung("loops", "rung:loops", _source(layer_code.loops), _cell),
    Rung("neurons", "rung:neurons", _source(layer_code.neurons), _cell),
    Rung("rows", "rung:rows", _source(layer_code.rows), lambda shape: (1, shape[1])),
    Rung("blocked", "rung:blocked", _source(layer_code.blocked), lambda _: (T, T)),
    Rung(
        "matmul",
        "rung:matmul",
        _source(layer_code.matmul),
        lambda shape: (shape[0], shape[1]),
        least=True,
    ),
    Rung("naive", "wgpu:naive", _NAIVE, _cell, gpu=True),
    Rung("tiled", "wgpu:tiled", _TILED, lambda _: (16, 16), gpu=True),
    Rung("register", "wgpu:register", _REGISTER, lambda _: (64, 64), gpu=True),
)
"""From the slowest to the one that reuses most, the CPU's first."""

SIDE_BY_SIDE: tuple[RungId, ...] = ("loops", "neurons", "matmul")


def rung_of(id: str) -> Rung:
    """The rung of that id."""
    return next(rung for rung in RUNGS if rung.id == id)


def walk(rung: Rung, shape: Shape) -> tuple[Moment, ...]:
    """How the rung computes a product of a few cells, step by step, to its last cell.

    On a GPU every cell has its thread, and all of them go through the terms together.
    """
    steps = _on_gpu if rung.gpu else _on_cpu
    return tuple(_Walk(rung, shape).taken(steps))


class _Walk:
    """What was summed and loaded so far."""

    def __init__(self, rung: Rung, shape: Shape) -> None:
        self.rung, self.shape = rung, shape
        m, n, _ = shape
        self._sums, self._loaded = [0] * (m * n), 0

    def taken(self, steps: Callable[[_Walk], Iterator[Moment]]) -> Iterator[Moment]:
        for moment in steps(self):
            yield replace(moment, sums=tuple(self._sums), loaded=self._loaded)

    def line(self, *beginnings: str) -> int:
        """The first line that holds any of these."""
        code = self.rung.code
        return next(i for i, line in enumerate(code) if any(one in line for one in beginnings))

    def load(self, count: int) -> None:
        self._loaded += count

    def add(self, rows: Span, columns: Span, terms: int) -> None:
        n = self.shape[1]
        for i in range(*rows):
            for j in range(*columns):
                self._sums[i * n + j] += terms


def _on_cpu(walk: _Walk) -> Iterator[Moment]:
    m, n, k = walk.shape
    high, wide = walk.rung.block(walk.shape)
    inner = {"loops": 1, "blocked": max(1, min(wide, k))}.get(walk.rung.id, k)
    work = walk.line("z[j] +=", "np.dot", "np.matmul")
    each_row = high < m and walk.line("for i in")
    each_column = wide < n and walk.line("for j in")
    for i in range(0, m, high):
        rows = i, min(i + high, m)
        if each_row:
            yield Moment(each_row, rows)
        for j in range(0, n, wide):
            columns = j, min(j + wide, n)
            if each_column:
                yield Moment(each_column, rows, columns)
            for t in range(0, k, inner):
                terms = t, min(t + inner, k)
                count = terms[1] - terms[0]
                walk.load(count * (rows[1] - rows[0] + columns[1] - columns[0]))
                walk.add(rows, columns, count)
                yield Moment(work, rows, columns, terms)
        if walk.rung.id == "loops":
            yield Moment(walk.line("append"), rows, (0, n))
    if walk.rung.id != "loops":
        yield Moment(walk.line("A_out = g"), (0, m), (0, n))


def _on_gpu(walk: _Walk) -> Iterator[Moment]:
    m, n, k = walk.shape
    block = walk.rung.block(walk.shape)
    rows, columns = (0, m), (0, n)
    shared = walk.rung.id != "naive"
    deep = max(1, block[1] if shared else 1)
    yield Moment(0, rows, columns)
    yield Moment(1, rows, columns)
    work = walk.line("z +=")
    for t in range(0, k, deep):
        end = min(t + deep, k)
        walk.load(loads((m, n, end - t), block))
        near = (t, end) if shared else (0, 0)
        if shared:
            yield Moment(walk.line("load("), rows, columns, near, near)
            yield Moment(walk.line("barrier"), rows, columns, (0, 0), near)
        for term in range(t, end):
            walk.add(rows, columns, 1)
            yield Moment(work, rows, columns, (term, term + 1), near)
    yield Moment(walk.line("A_out"), rows, columns)
