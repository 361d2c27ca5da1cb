"""A pass as steps of a GPU: which parts of which matrices each dispatch binds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mmviz.backends.webgpu import cells, products
from mmviz.backends.webgpu.device import GROUPS, Device, Step
from mmviz.backends.webgpu.matrix import Matrix, ranges


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
) -> Iterator[Step]:
    """C = op(A)·op(B), with `activation`(C + bias) where that is given; z keeps C + bias.

    A matrix that no binding holds whole is bound in parts of its rows, which are parts of m, n or k
    by the layout. Parts of k add up in C: in float16 they are rounded in between.
    """
    m, n = c.rows, c.cols
    k = a.rows if layout == "tn" else a.cols
    half = c.itemsize == 2
    rows = {matrix: matrix.rows_within(device.binding) for matrix in (a, b, c)}
    most_m = min(rows[c], GROUPS * rung.tm, *(() if layout == "tn" else (rows[a],)))
    most_n = min(n if layout != "nt" else rows[b], GROUPS * rung.tn)
    most_k = {"nn": rows[b], "nt": k, "tn": min(rows[a], rows[b])}[layout]
    for m0, m1 in ranges(m, most_m):
        for n0, n1 in ranges(n, most_n):
            for k0, k1 in ranges(k, most_k):
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
                kind = products.Kind(
                    rung,
                    layout,
                    half,
                    activation,
                    z is not None,
                    rung.id != "naive" and not (a.cols % 4 or a0 % 4),
                    rung.id != "naive" and not (b.cols % 4 or b0 % 4),
                )
                sizes = (m1 - m0, n1 - n0, k1 - k0)
                starts = (a0, b0, in_c.first + n0, int(k0 > 0), int(k1 == k), n0)
                yield device.step(
                    device.program(products.wgsl(kind)),
                    (*sizes, a.cols, b.cols, c.cols, *starts),
                    parts,
                    (-(-sizes[1] // rung.tn), -(-sizes[0] // rung.tm)),
                    2 * sizes[0] * sizes[1] * sizes[2],
                )


def by_cells(
    device: Device,
    program: cells.Cells,
    sources: tuple[Matrix, ...],
    out: Matrix,
    scale: float = 1.0,
) -> Iterator[Step]:
    """A program of cells or rows, on as many rows at once as the bindings hold."""
    matrices = (*sources, out)
    code: Any = device.program(cells.wgsl(program, half=out.itemsize == 2))
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
        params = (i1 - i0, out.cols, sources[0].cols, int(i0 > 0), scale, *firsts)
        yield device.step(code, params, parts, groups)
