"""What every backend promises, and all that it tells of itself: nobody else names one.

A backend is a module with `make()`, that gives a `Backend`, and a line in `registry.MODULES`.
`tests/backends/test_contract.py` checks each one against what stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.text import N_, Text

Host = NDArray[Any]
UNLIMITED = float("inf")

Colour = Literal["orange", "sky blue", "green", "purple", "vermilion", "yellow", "blue", "grey"]
"""Of Okabe and Ito's palette, which everybody can tell apart; a theme has its own shade of each."""

HOST_BLAS = "blas"
"""As `library`: the one NumPy was built with, which differs from machine to machine."""


What = Literal["forward", "dgrad", "wgrad", "product", "rest", "upload", "download", "launch"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a pass, timed by itself: it waits for the device before and after, which a pass
    does not, so parts add up to more than a pass.

    what: a product by its role, those of a list by their place, each as often as it is computed;
    rest: all else of that layer, such as bias, activation, sums and update. Beside a pass: upload,
    the input to the device; download, the output from it; launch, a submission of nothing; their
    layer is 0. error: how far the seconds may be off by chance, as a share of them, where several
    passes were taken apart; None: not known.
    """

    what: What
    layer: int
    seconds: float
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """What a backend computes on, where that is more than this computer's CPU.

    name: what it calls itself. software: a program of the CPU that only behaves like a GPU.
    clock: it offers a clock of its own, which may stand still all the same.
    """

    name: str
    software: bool = False
    clock: bool = False


SOFTWARE = Text(N_("software, no GPU"))
"""What is said wherever a `Place` that is software is named."""


class Ready(Protocol):
    """Numbers and buffers in place: everything but the computing is done, as often as is asked."""

    paused_s: float
    """Seconds spent so far inside `run` on what is not computing; the timer takes them off."""

    remarks: tuple[Text, ...]
    """What is to be known of how it was prepared, such as a kernel that the driver refused."""

    @property
    def gpu_s(self) -> float | None:
        """Seconds of the last pass by the GPU's own clock, None where it has none. Reading it may
        ask the GPU: not within what is timed.
        """
        ...

    def run(self, budget_s: float = UNLIMITED) -> float:
        """Compute one pass and wait for its end; return how much of a pass was done.

        1.0 is a whole pass. A backend that can stop inside a pass stops once `budget_s` seconds of
        computing are spent, but never before its first step: the share is above 0. It is meant as
        a share of time: a whole pass takes the seconds of this one divided by it.
        """
        ...

    def parts(self) -> tuple[Part, ...]:
        """One pass more with the clock around each of its parts, in the order they are computed;
        () where a backend cannot tell them apart.
        """
        ...

    def tiles(self) -> tuple[Tile | None, ...]:
        """In which tile (cells along m, along n) each product is computed, in their order in
        `Network.lower`; None for one whose library keeps it to itself, () where all do.
        """
        ...

    def flush(self) -> None:
        """Overwrite twice the last cache of what it computes on: the next pass finds it cold."""
        ...

    def copied(self) -> float | None:
        """One pass with its input brought from the host's memory and its output brought back:
        seconds by the wall clock; None where it computes in the host's memory.
        """
        ...

    def close(self) -> None:
        """Let go of every buffer; nothing may be called afterwards."""
        ...


class Prepared(Ready, Protocol):
    """A network, its values and its buffers in place.

    Every pass computes the same numbers: a training pass writes the updated weights to a buffer of
    its own, so values stay as they were, may be shared by backends, and can be checked afterwards.
    """

    def output(self) -> Host:
        """Output of the last whole pass, [batch × outputs], in the host's memory."""
        ...

    def gradient(self, layer: int) -> tuple[Host, Host]:
        """dW [inputs × units] and db [units] of one layer after a whole training pass."""
        ...


class PreparedProducts(Ready, Protocol):
    """A list of products in place. A pass computes all of them in their order, each `launches`
    times: `stack` at once where it is batched, one launch after the other, always the same numbers.
    """

    def product(self, number: int) -> Host:
        """C [stack × m × n] of that product of the list, counted from 0, after a whole pass."""
        ...


class Backend(Protocol):
    """Who multiplies. Making one is cheap and loads no optional library.

    Its texts are marked msgids with values, put into words where they are shown.
    """

    @property
    def id(self) -> str:
        """The name used in commands, plans and files."""
        ...

    @property
    def name(self) -> Text:
        """What it is called beside a figure, in a word or two."""
        ...

    @property
    def title(self) -> Text:
        """What it is, in a few words: its name and what computes."""
        ...

    @property
    def colour(self) -> Colour:
        """Its own in every chart and table."""
        ...

    @property
    def is_gpu(self) -> bool:
        """Whether it computes on a GPU."""
        ...

    @property
    def library(self) -> str:
        """The library that multiplies, as its makers write it, or HOST_BLAS; "" for none.

        It may be the one that the backend is named after.
        """
        ...

    @property
    def proves(self) -> Literal["cpu", "gpu", ""]:
        """The kind of device whose predicted times its own are held against, "" for none.

        cpu: what `mmviz calibrate` measures; gpu: what a vendor's library reaches.
        """
        ...

    @property
    def dtypes(self) -> tuple[str, ...]:
        """Ids of the number formats it computes in."""
        ...

    @property
    def trains(self) -> bool:
        """Whether it computes the way back as well; one that does not raises Unavailable."""
        ...

    def check(self) -> None:
        """Raise `mmviz.errors.Unavailable` with reason and remedy where it cannot run."""
        ...

    def warning(self, dtype: str) -> Text | None:
        """A sentence the user should read before timing this dtype, or None."""
        ...

    def remark(self, dtype: str) -> Text | None:
        """What stands beside its results in this dtype, in a few words; None for most.

        Loads nothing.
        """
        ...

    def facts(self) -> dict[str, str]:
        """Versions of what it runs on, by name; its GPU under "gpu", and under "gpu_bus" where on
        PCI that is, if it knows: several may have one name. Call after `check`."""
        ...

    def place(self) -> Place | None:
        """What it computes on, None for the CPU. Call after `check`."""
        ...

    def adapters(self) -> tuple[str, ...]:
        """What it could compute on, the one it takes unasked first, each by what stands behind the
        `@` of its id; () where there is nothing to choose. Call after `check`.
        """
        ...

    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:
        """Bytes of the host's memory `prepare` and `run` need beside the values, from shapes."""
        ...

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,
        target: NDArray[np.float32] | None = None,
    ) -> Prepared:
        """Get ready to compute `network` on `values`; a `target` [batch × outputs] means training.

        Raises MemoryError where buffers do not fit, Unavailable where it cannot run at all.
        """
        ...

    def prepare_products(
        self, products: Products, operands: Operands, dtype: str
    ) -> PreparedProducts:
        """Get ready to compute a list on its operands; raises as `prepare` does."""
        ...

    def products_bytes(self, products: Products, dtype: str) -> int:
        """As `host_bytes`, for `prepare_products`: beside the operands."""
        ...
