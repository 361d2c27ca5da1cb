"""A pass as steps of a GPU: which parts of which matrices each dispatch binds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmviz.backends.webgpu import cells, products
from mmviz.backends.webgpu.device import GROUPS, Device, Step
from mmviz.backends.webgpu.matrix import Matrix, ranges

LONG_FLOP = 5 * 10**10
"""Of one dispatch: some systems reset a GPU that computes one thing for two seconds."""


def product(
    device: Device,
    rung: products.Rung,
    layout: products.Layout,
    a: Matrix,
    b: Matrix,
    c: Matrix,
    *,
    bias: Matrix | None = None,
    activation: str = "",
    z: Matrix | None = None,
    tickets: Matrix | None = None,
    finish: bool = True,
) -> Iterator[Step]:
    """C = op(A)·op(B), with `activation`(C + bias) where that is given; z keeps C + bias. tickets:
    where the workgroups put those they draw, see `tickets`. finish: False for the sums alone, by
    the same programs.

    A matrix that no binding holds whole is bound in parts of its rows, which are parts of m, n or k
    by the layout. Parts of k add up in C: in float16 they are rounded in between. A product that is
    very large is cut along m as well, so that none keeps a GPU from all else for long.
    """
    half = c.itemsize == 2
    first = 0
    for m0, m1, n0, n1, k0, k1 in cuts(device, rung, layout, a, b, c):
        in_a = a.part(k0, k1) if layout == "tn" else a.part(m0, m1)
        in_b = b.part(n0, n1) if layout == "nt" else b.part(k0, k1)
        in_c = c.part(m0, m1)
        a0 = in_a.first + (m0 if layout == "tn" else k0)
        b0 = in_b.first + (k0 if layout == "nt" else n0)
        parts = [in_a, in_b, in_c]
        if bias is not None:
            parts.append(bias.part(0, 1))
        if z is not None:
            parts.append(z.part(m0, m1))
        if tickets is not None:
            parts.append(tickets.part(0, 1))
        vectors = _vectors(rung, a, a0), _vectors(rung, b, b0)
        draws = tickets is not None
        kind = products.Kind(rung, layout, half, activation, z is not None, *vectors, draws)
        sizes = (m1 - m0, n1 - n0, k1 - k0)
        last = finish and k1 == (a.rows if layout == "tn" else a.cols)
        starts = (a0, b0, in_c.first + n0, int(k0 > 0), int(last), n0)
        groups = -(-sizes[1] // rung.tn), -(-sizes[0] // rung.tm)
        yield device.step(
            device.program(products.wgsl(kind)),
            (*sizes, a.cols, b.cols, c.cols, *starts, 0, 0, 0, first),
            parts,
            groups,
            2 * sizes[0] * sizes[1] * sizes[2],
        )
        first += groups[0] * groups[1]


def cuts(
    device: Device, rung: products.Rung, layout: products.Layout, a: Matrix, b: Matrix, c: Matrix
) -> Iterator[tuple[int, int, int, int, int, int]]:
    """The dispatches of a product: from and to along m, n and k. Cut along m and n between tiles,
    where a part holds one.
    """
    m, n = c.rows, c.cols
    k = a.rows if layout == "tn" else a.cols
    rows = {matrix: matrix.rows_within(device.binding) for matrix in (a, b, c)}
    long = max(1, LONG_FLOP // (2 * n * k * rung.tm)) * rung.tm
    most_m = min(rows[c], GROUPS * rung.tm, long, *(() if layout == "tn" else (rows[a],)))
    most_n = min(n if layout != "nt" else rows[b], GROUPS * rung.tn)
    most_k = {"nn": rows[b], "nt": k, "tn": min(rows[a], rows[b])}[layout]
    for m0, m1 in ranges(m, _whole(most_m, rung.tm)):
        for n0, n1 in ranges(n, _whole(most_n, rung.tn)):
            for k0, k1 in ranges(k, most_k):
                yield m0, m1, n0, n1, k0, k1


def _whole(most: int, side: int) -> int:
    """At most so many, of whole tiles if it is one at least."""
    return most - most % side if most > side else most


def stack(
    device: Device,
    rung: products.Rung,
    a: Matrix,
    b: Matrix,
    c: Matrix,
    m: int,
    k: int,
    tickets: Matrix | None = None,
) -> Iterator[Step]:
    """Products A[m × k]·B[k × n] that lie one behind the other in three matrices, as many in one
    dispatch as the bindings hold; one that no binding holds is computed in parts, by itself. The
    first of them draws tickets, if any does.
    """
    whole, n = c.rows // m, c.cols
    fits = [matrix.rows_within(device.binding) // each for matrix, each in ((a, m), (b, k), (c, m))]
    most = min(*fits, GROUPS, max(1, LONG_FLOP // (2 * m * n * k)))
    if most < 1 or m > GROUPS * rung.tm or n > GROUPS * rung.tn:
        for i in range(whole):
            one = a.cut(i * m, m), b.cut(i * k, k), c.cut(i * m, m)
            yield from product(device, rung, "nn", *one, tickets=None if i else tickets)
        return
    for first, last in ranges(whole, most):
        in_a, in_c = (matrix.part(first * m, last * m) for matrix in (a, c))
        in_b = b.part(first * k, last * k)
        firsts = in_a.first, in_b.first, in_c.first
        vectors = _vectors(rung, a, in_a.first), _vectors(rung, b, in_b.first)
        draws = tickets is not None and first == 0
        kind = products.Kind(rung, "nn", c.itemsize == 2, "", False, *vectors, draws)
        yield device.step(
            device.program(products.wgsl(kind)),
            (m, n, k, k, n, n, *firsts, 0, 1, 0, m * k, k * n, m * n, 0),
            (in_a, in_b, in_c, *((tickets.part(0, 1),) if draws and tickets else ())),
            (-(-n // rung.tn), -(-m // rung.tm), last - first),
            2 * m * n * k * (last - first),
        )


def _vectors(rung: products.Rung, matrix: Matrix, first: int) -> bool:
    """Whether its rows, the first of them from that element on, are read four elements at once."""
    return rung.id not in ("naive", "narrow") and not (matrix.cols % 4 or first % 4)


def by_cells(
    device: Device,
    program: cells.Cells,
    sources: tuple[Matrix, ...],
    out: Matrix,
    scale: float = 1.0,
    momentum: float = 0.0,
    decay: float = 0.0,
) -> Iterator[Step]:
    """A program of cells or rows, on as many rows at once as the bindings hold."""
    matrices = (*sources, out)
    code: Any = device.program(cells.wgsl(program, half=sources[0].itemsize == 2))
    down = {"cells": cells.DOWN, "rows": 1, "columns": 1}[program.by]
    most = min(*(matrix.rows_within(device.binding) for matrix in matrices), GROUPS * down)
    if program.by == "columns":
        most = min(most, sources[0].rows)
    whole = sources[0] if program.by == "columns" else out
    for i0, i1 in ranges(whole.rows, most):
        parts = [source.part(i0, i1) for source in sources]
        parts.append(out.part(0, 1) if program.by == "columns" else out.part(i0, i1))
        firsts = [part.first for part in parts] + [0] * (4 - len(parts))
        groups = {
            "cells": (-(-out.cols // cells.ACROSS), -(-(i1 - i0) // cells.DOWN)),
            "rows": (1, i1 - i0),
            "columns": (-(-out.cols // cells.ROW), 1),
        }[program.by]
        sizes = i1 - i0, out.cols, sources[0].cols, int(i0 > 0)
        params = (*sizes, *_reals(scale), *firsts, *_reals(momentum, decay))
        yield device.step(code, params, parts, groups)


def kept_loss(device: Device, losses: Matrix, ring: Matrix) -> Step:
    """The sum of a step's losses [rows × 1], kept in the next place of a ring [1 × 1 + places],
    whose first number tells which that is; all float32.
    """
    parts = losses.part(0, losses.rows), ring.part(0, 1)
    code: Any = device.program(cells.wgsl(cells.KEEP, half=False))
    firsts = parts[0].first, parts[1].first, 0, 0
    params = (losses.rows, ring.cols, 1, 0, 1.0, *firsts, 0.0, 0.0)
    return device.step(code, params, parts, (1,))


def _reals(*values: float) -> tuple[float, ...]:
    """As float32 holds them."""
    return tuple(min(max(float(value), -_MOST), _MOST) for value in values)


_MOST = 3.4e38
