"""One matrix product of a pass or of a list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Role = Literal["forward", "dgrad", "wgrad", "product"]  # the last: of a list, of no layer


@dataclass(frozen=True, slots=True)
class Gemm:
    """One product C[m × n] = A[m × k]·B[k × n], made by layer number `layer` (from 0).

    stack: how many of them one launch computes, each of matrices of its own (a batched product);
    count: how many launches a list has of it, one after the other. `flop` is of one launch with its
    stack, `total_flop` of all of them; m, n and k are of one of the stack. group: of the launch it
    shares with its neighbours of that group (a grouped product), "" where it has one of its own.
    """

    name: str
    role: Role
    m: int
    n: int
    k: int
    layer: int = 0
    count: int = 1
    stack: int = 1
    group: str = ""

    @property
    def flop(self) -> int:
        """Of a launch: a multiplication and an addition for each of m·n·k terms, of the stack."""
        return 2 * self.m * self.n * self.k * self.stack

    @property
    def products(self) -> int:
        """How many there are in all launches."""
        return self.count * self.stack

    @property
    def single(self) -> Gemm:
        """One of the stack."""
        return replace(self, stack=1)

    @property
    def backward(self) -> bool:
        """Whether it belongs to the way back of training."""
        return self.role in ("dgrad", "wgrad")

    @property
    def total_flop(self) -> int:
        """FLOP of all `count` launches."""
        return self.count * self.flop
