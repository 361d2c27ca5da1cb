"""What the three matrices of a product are called, and which kind of thing each holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from mmviz.core.shapes.gemm import Gemm
from mmviz.text import N_, P_, Text, own
from mmviz.words.names import spoken


@dataclass(frozen=True, slots=True)
class Matrix:
    """symbol: X, W, dZ …; kind decides the colour; meaning: what it holds, transposed or not."""

    symbol: str
    kind: Literal["activation", "weight"]
    meaning: Text
    transposed: bool = False

    @property
    def name(self) -> str:
        """'W', transposed 'Wᵀ'."""
        return f"{self.symbol}ᵀ" if self.transposed else self.symbol

    @property
    def what(self) -> Text:
        """'weights of fc6, transposed'."""
        if not self.transposed:
            return self.meaning
        return Text(N_("{what}, transposed"), what=self.meaning)


def matrices(
    gemm: Gemm, turned: bool = False, learnt: int | None = None
) -> tuple[Matrix, Matrix, Matrix]:
    """The left factor, the right one and the product, as the role names them.

    learnt: steps in which the weights were learnt, None where they were not.

    Turned, the same product is drawn transposed, (A·B)ᵀ = Bᵀ·Aᵀ: forward it reads W·X, weights
    left, and W, X and Y are the matrices of the textbooks that write it so.
    """
    a, b, c = _matrices(gemm)
    if learnt is not None and b.symbol == "W":
        said = P_("{what}, learnt in {n:group} step", "{what}, learnt in {n:group} steps")
        told = Text(said, what=b.meaning, n=learnt)
        if not learnt:
            told = Text(N_("{what}, read from a file"), what=b.meaning)
        b = replace(b, meaning=told)
    if not turned:
        return a, b, c
    if gemm.role == "forward":
        return b, a, c
    return _turned(b), _turned(a), _turned(c)


def _turned(matrix: Matrix) -> Matrix:
    return replace(matrix, transposed=not matrix.transposed)


def _matrices(gemm: Gemm) -> tuple[Matrix, Matrix, Matrix]:
    of = spoken(gemm.name)
    if gemm.role == "forward":
        before = N_("output of {layer}, before bias and activation")
        return (
            Matrix("X", "activation", Text(N_("activations"))),
            Matrix("W", "weight", Text(N_("weights of {layer}"), layer=of)),
            Matrix("Y", "activation", Text(before, layer=of)),
        )
    if gemm.role == "product":
        return (
            Matrix("A", "activation", Text(N_("left factor"))),
            Matrix("B", "weight", Text(N_("right factor"))),
            Matrix("C", "activation", own(of)),
        )
    gradient = Text(N_("gradient at {layer}"), layer=of)
    if gemm.role == "dgrad":
        inputs = Text(N_("gradient of the inputs of {layer}"), layer=of)
        return (
            Matrix("dZ", "activation", gradient),
            Matrix("W", "weight", Text(N_("weights of {layer}"), layer=of), transposed=True),
            Matrix("dX", "activation", inputs),
        )
    return (
        Matrix("X", "activation", Text(N_("activations")), transposed=True),
        Matrix("dZ", "activation", gradient),
        Matrix("dW", "weight", Text(N_("gradient of the weights of {layer}"), layer=of)),
    )
