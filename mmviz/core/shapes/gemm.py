"""One matrix product of a pass or of a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["forward", "dgrad", "wgrad", "product"]  # the last: of a list, of no layer


@dataclass(frozen=True, slots=True)
class Gemm:
    """One product C[m × n] = A[m × k]·B[k × n], made by layer number `layer` (from 0).

    count: how many times a list has it computed; stack: how many of these at once, as one batched
    product, which divides count. All else, as `flop`, is of one of them; `total_flop` is of all.
    """

    name: str
    role: Role
    m: int
    n: int
    k: int
    layer: int = 0
    count: int = 1
    stack: int = 1

    @property
    def launches(self) -> int:
        """How many follow one another: all of a stack are one."""
        return self.count // self.stack

    @property
    def flop(self) -> int:
        """A multiplication and an addition for each of m·n·k terms."""
        return 2 * self.m * self.n * self.k

    @property
    def backward(self) -> bool:
        """Whether it belongs to the way back of training."""
        return self.role in ("dgrad", "wgrad")

    @property
    def total_flop(self) -> int:
        """FLOP of all `count` of them."""
        return self.count * self.flop
