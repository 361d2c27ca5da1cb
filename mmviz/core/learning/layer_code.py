"""A dense layer written five ways, from three loops to one product: each is what is timed, and the
very lines that are shown.

A_in [examples × inputs], W [inputs × neurons], B [neurons]; g takes sums and gives what a layer
passes on: of a row in `loops`, which takes lists, of all rows in the others, which take arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

T = 64
"""Rows, columns and terms of a block in `blocked`."""

Activation = Callable[[Any], Any]


def loops(A_in: Any, W: Any, B: Any, g: Activation) -> Any:
    A_out = []
    for i in range(len(A_in)):
        z = list(B)
        for j in range(len(B)):
            for k in range(len(W)):
                z[j] += A_in[i][k] * W[k][j]
        A_out.append(g(z))
    return A_out


def neurons(A_in: Any, W: Any, B: Any, g: Activation) -> Any:
    Z = np.empty((len(A_in), len(B)), W.dtype)
    for i in range(len(A_in)):
        for j in range(len(B)):
            Z[i, j] = np.dot(A_in[i], W[:, j]) + B[j]
    A_out = g(Z)
    return A_out


def rows(A_in: Any, W: Any, B: Any, g: Activation) -> Any:
    Z = np.empty((len(A_in), len(B)), W.dtype)
    for i in range(len(A_in)):
        Z[i] = np.matmul(A_in[i], W) + B
    A_out = g(Z)
    return A_out


def blocked(A_in: Any, W: Any, B: Any, g: Activation) -> Any:
    Z = np.tile(B, (len(A_in), 1))
    for i in range(0, len(A_in), T):
        for j in range(0, len(B), T):
            for k in range(0, len(W), T):
                a = A_in[i : i + T, k : k + T]
                w = W[k : k + T, j : j + T]
                Z[i : i + T, j : j + T] += np.matmul(a, w)
    A_out = g(Z)
    return A_out


def matmul(A_in: Any, W: Any, B: Any, g: Activation) -> Any:
    Z = np.matmul(A_in, W) + B
    A_out = g(Z)
    return A_out
