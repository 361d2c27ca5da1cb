"""What the three matrices of a product are called, and which kind of thing each holds."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.shapes.gemm import Gemm


@dataclass(frozen=True, slots=True)
class Matrix:
    """name: X, W, dZ …; kind: activation or weight, which decides the colour; what: in words."""

    name: str
    kind: str
    what: str


def matrices(gemm: Gemm, turned: bool = False) -> tuple[Matrix, Matrix, Matrix]:
    """The left factor, the right one and the product, as the role names them.

    Turned, the same product is drawn transposed, (A·B)ᵀ = Bᵀ·Aᵀ: forward it reads W·X, weights
    left, and W, X and Y are the matrices of the textbooks that write it so.
    """
    a, b, c = _matrices(gemm)
    if not turned:
        return a, b, c
    return _turned(b, gemm), _turned(a, gemm), _turned(c, gemm)


def _turned(matrix: Matrix, gemm: Gemm) -> Matrix:
    if gemm.role == "forward":
        return matrix
    bare = matrix.name.removesuffix("ᵀ")
    name = bare if bare != matrix.name else f"{bare}ᵀ"
    what = matrix.what.removesuffix(", transposed")
    return Matrix(name, matrix.kind, what if name == bare else f"{what}, transposed")


def _matrices(gemm: Gemm) -> tuple[Matrix, Matrix, Matrix]:
    if gemm.role == "forward":
        return (
            Matrix("X", "activation", "activations"),
            Matrix("W", "weight", f"weights of {gemm.name}"),
            Matrix("Y", "activation", f"output of {gemm.name}, before bias and activation"),
        )
    if gemm.role == "product":
        return (
            Matrix("A", "activation", "left factor"),
            Matrix("B", "weight", "right factor"),
            Matrix("C", "activation", gemm.name),
        )
    if gemm.role == "dgrad":
        return (
            Matrix("dZ", "activation", f"gradient at {gemm.name}"),
            Matrix("Wᵀ", "weight", f"weights of {gemm.name}, transposed"),
            Matrix("dX", "activation", f"gradient of the inputs of {gemm.name}"),
        )
    return (
        Matrix("Xᵀ", "activation", "activations, transposed"),
        Matrix("dZ", "activation", f"gradient at {gemm.name}"),
        Matrix("dW", "weight", f"gradient of the weights of {gemm.name}"),
    )
