"""A list of matrix products that stands for no chain of layers."""

from __future__ import annotations

from dataclasses import dataclass

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.groups import launches
from mmviz.core.shapes.network import MAX_COUNT, MAX_K, Dense, Network, check_count
from mmviz.errors import InputError
from mmviz.text import N_, Text

MAX_PRODUCTS = 10_000  # of a list that is looked at
SAID = {"stack": "batch"}  # as lists write it


@dataclass(frozen=True, slots=True)
class Products:
    """Products such as those of attention or convolutions, computed one after the other.

    All of them are of role product, and `layer` is a product's place in the list. A `Workload`.
    """

    name: str
    gemms: tuple[Gemm, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.gemms) <= MAX_PRODUCTS:
            raise InputError(
                N_(
                    "list {name!r:.60} must have 1 to {most:group} products to be looked at, "
                    "not {found:group}"
                ),
                name=self.name,
                most=MAX_PRODUCTS,
                found=len(self.gemms),
            )
        for i, gemm in enumerate(self.gemms, start=1):
            for side in ("m", "n", "k", "count", "stack"):
                most = MAX_K if side == "k" else MAX_COUNT
                what = Text(N_("{side} of product {i}"), side=SAID.get(side, side), i=i)
                check_count(getattr(gemm, side), what, most)
            if gemm.products > MAX_COUNT:
                raise InputError(
                    N_("product {i}: {count:group} of it in all launches, more than {most:group}"),
                    i=i,
                    count=gemm.products,
                    most=MAX_COUNT,
                )
        for places in launches(self.gemms):
            members = self.gemms[places.start : places.stop]
            if len({gemm.count for gemm in members}) > 1:
                raise InputError(
                    N_("products {first} to {last}, one launch {group!r:.60}, need one count"),
                    first=places.start + 1,
                    last=places.stop,
                    group=members[0].group,
                )

    @property
    def layered(self) -> Network | None:
        return None

    @property
    def layers(self) -> tuple[Dense, ...]:
        return ()

    @property
    def has_batch(self) -> bool:
        return False

    @property
    def has_training(self) -> bool:
        return False

    @property
    def weights(self) -> int:
        return 0

    @property
    def parameters(self) -> int:
        return 0

    def lower(  # a list has neither
        self,
        batch: int = 1,  # noqa: ARG002
        training: bool = False,  # noqa: ARG002
    ) -> tuple[Gemm, ...]:
        """Those it has, whatever the batch."""
        return self.gemms

    def computed(self, training: bool = False) -> int:  # noqa: ARG002
        """How many products that makes, each counted as often as it is computed."""
        return sum(gemm.products for gemm in self.gemms)
