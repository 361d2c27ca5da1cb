"""What the three matrices of a product are called, and which kind of thing each holds."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.gemm import Gemm


@dataclass(frozen=True, slots=True)
class Matrix:
    """name: X, W, dZ …; kind: activation or weight, which decides the colour; what: in words."""

    name: str
    kind: str
    what: str


def matrices(gemm: Gemm) -> tuple[Matrix, Matrix, Matrix]:
    """A, B and C of the product, as its role names them."""
    if gemm.role == "forward":
        return (
            Matrix("X", "activation", "activations"),
            Matrix("W", "weight", f"weights of {gemm.name}"),
            Matrix("Y", "activation", f"output of {gemm.name}, before bias and activation"),
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
