"""A backend for tests. Its id carries a script: `fake`, or `fake:die` and the like.

fake          computes in float64, each pass about a millisecond long
fake:die      the process ends at once in the third pass, as a crash in a library does
fake:kill     the process kills itself in the third pass, as the kernel does when memory runs out
fake:memory   raises MemoryError while preparing
fake:raise    raises RuntimeError in the third pass
fake:hang     never returns from the third pass
fake:noise    prints to standard output from Python and from below it
fake:slow     stops at its budget with a tenth of the pass done
fake:wrong    computes every cell one too high
fake:infinite returns an output that is not finite
fake:missing  cannot run on any machine
fake:lost     the process ends at once when it is looked for, as a broken driver ends it
fake:stuck    nobody ever hears whether it can run
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mmviz.backends.base import UNLIMITED, Colour, Host, Part, Place
from mmviz.core.device.device import Tile
from mmviz.core.learning.operands import Operands
from mmviz.core.learning.training import reference_gradients, reference_output
from mmviz.core.learning.values import Values
from mmviz.core.shapes.network import Network
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError, Unavailable
from mmviz.text import N_, Text, own

SCRIPTS = (
    *("", "die", "kill", "memory", "raise", "hang", "noise", "slow", "wrong", "infinite"),
    *("missing", "lost", "stuck"),
)
_FATAL_PASS = 3
_TOLD = "the fake was told to fail\nand to say so in two lines"  # as a library would: in English
_PASS_S = 0.001


class Fake:
    """Follows its script; known ones stand in the module's docstring."""

    title = Text(N_("a fake for tests"))
    colour: Colour = "sky blue"
    is_gpu = False
    trains = True
    library = ""
    proves: Literal[""] = ""
    dtypes = ("float32", "float64", "float16")

    def __init__(self, script: str = "") -> None:
        id = f"fake:{script}" if script else "fake"
        if script not in SCRIPTS:
            raise InputError(N_("unknown backend {id!r:.60}"), id=id)
        self.id = id
        self.name = own(self.id)
        self._script = script

    def check(self) -> None:
        if self._script == "lost":
            os._exit(3)
        if self._script == "stuck":
            time.sleep(3600)
        if self._script == "missing":
            raise Unavailable(N_("this fake is missing everywhere"), N_("choose another one"))

    def warning(self, dtype: str) -> Text | None:  # noqa: ARG002 - a fake has none
        return None

    def remark(self, dtype: str) -> Text | None:  # noqa: ARG002 - a fake has none
        return None

    def facts(self) -> dict[str, str]:
        return {}

    def place(self) -> Place | None:
        return None

    def adapters(self) -> tuple[str, ...]:
        return ()

    # asked by the contract; a fake holds nothing
    def host_bytes(self, network: Network, batch: int, dtype: str, training: bool) -> int:  # noqa: ARG002
        return 0

    def prepare(
        self,
        network: Network,
        values: Values,
        dtype: str,  # noqa: ARG002 - a fake computes in float64
        target: NDArray[np.float32] | None = None,
    ) -> FakePass:
        self.check()
        if self._script == "memory":
            raise MemoryError
        return FakePass(self._script, network, values, target)

    def prepare_products(
        self,
        products: Products,  # noqa: ARG002 - the operands say all
        operands: Operands,
        dtype: str,  # noqa: ARG002 - a fake computes in float64
    ) -> FakeProducts:
        self.check()
        if self._script == "memory":
            raise MemoryError
        return FakeProducts(self._script, operands)

    def products_bytes(self, products: Products, dtype: str) -> int:  # noqa: ARG002
        return 0


class _Scripted:
    """See `base.Ready`."""

    gpu_s: float | None = None
    remarks: tuple[Text, ...] = ()

    def __init__(self, script: str) -> None:
        self.paused_s = 0.0
        self._script = script
        self._passes = 0

    def run(self, budget_s: float = UNLIMITED) -> float:
        self._passes += 1
        if self._script == "noise":
            sys.stdout.buffer.write(b"a library talks to standard output\n")
            sys.stdout.buffer.flush()
            os.write(1, b"and so does the code below Python\n")
        if self._passes == _FATAL_PASS:
            self._fail()
        if self._script == "slow" and budget_s != UNLIMITED:
            time.sleep(budget_s)
            return 0.1
        time.sleep(_PASS_S)
        return 1.0

    def parts(self) -> tuple[Part, ...]:
        return ()

    def tiles(self) -> tuple[Tile | None, ...]:
        return ()

    def flush(self) -> None:
        """It has no caches."""

    def copied(self) -> float | None:
        return None

    def close(self) -> None:
        self.__dict__.clear()

    def _told(self, exact: Host) -> Host:
        if self._script == "infinite":
            return np.full_like(exact, np.inf)
        return exact + 1 if self._script == "wrong" else exact

    def _fail(self) -> None:
        if self._script == "die":
            os._exit(3)
        if self._script == "kill":
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        if self._script == "raise":
            raise RuntimeError(_TOLD)
        while self._script == "hang":
            time.sleep(60)


class FakePass(_Scripted):
    """See `base.Prepared`."""

    def __init__(
        self,
        script: str,
        network: Network,
        values: Values,
        target: NDArray[np.float32] | None,
    ) -> None:
        super().__init__(script)
        self._network, self._values, self._target = network, values, target

    def output(self) -> Host:
        return self._told(reference_output(self._network, self._values, len(self._values.x)))

    def gradient(self, layer: int) -> tuple[Host, Host]:
        if self._target is None:
            raise ValueError("no training pass was prepared")
        every = reference_gradients(self._network, self._values, self._target)
        return next((dW, db) for i, dW, db in every if i == layer)


class FakeProducts(_Scripted):
    """See `base.PreparedProducts`."""

    def __init__(self, script: str, operands: Operands) -> None:
        super().__init__(script)
        self._operands = operands

    def product(self, number: int) -> Host:
        a, b = self._operands.a[number], self._operands.b[number]
        return self._told(a.astype(np.float64) @ b.astype(np.float64))


def make(script: str = "") -> Fake:
    return Fake(script)
