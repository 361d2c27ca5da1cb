"""What kind of hardware a device is: what only that kind has, and the words that go with it.

`Body` is closed: whoever asks for the kind matches all of them, and mypy says where one is missing
(`case _: assert_never(body)`). What is asked often is a word or a yes or no of the body itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from mmviz.text import N_, P_, Plural, Text

BodyKind = Literal["lanes", "cpu", "gpu", "systolic"]
Dataflow = Literal["ws", "os", "is"]


@dataclass(frozen=True, slots=True)
class Noun:
    """A thing there are several of: one of it, many of it, and `counted` by their number `n`.

    names: what each is really called, () where its number says it.
    """

    one: Text
    many: Text
    counted: Plural
    names: tuple[Text, ...] = ()

    def counts(self, n: float) -> Text:
        """'1 core', '16 cores'."""
        name = dict(self.one.values)  # of a noun that is a file's own word
        return Text(self.counted, n=int(n) if n == int(n) else n, **name)


STEP = Noun(Text(N_("step")), Text(N_("steps")), P_("{n:steps} step", "{n:steps} steps"))
K_STEP = Noun(Text(N_("k-step")), Text(N_("k-steps")), P_("{n:steps} k-step", "{n:steps} k-steps"))
CYCLE = Noun(Text(N_("cycle")), Text(N_("cycles")), P_("{n:steps} cycle", "{n:steps} cycles"))
BUSY, IDLE = Text(N_("busy")), Text(N_("idle"))


def own_noun(word: str) -> Noun:
    """A noun of the user's own, or of a file."""
    counted = P_("{n:group} {own}", "{n:group} {own}s")
    return Noun(Text("{own}", own=word), Text(N_("{own}s"), own=word), counted)


@dataclass(frozen=True, slots=True)
class Lanes:
    """Units that multiply and add once a step, and nothing else: a clock they have none."""

    kind: ClassVar[BodyKind] = "lanes"
    busy: ClassVar[Text] = BUSY
    idle: ClassVar[Text] = IDLE
    unit: ClassVar[Noun] = Noun(
        Text(N_("lane")), Text(N_("lanes")), P_("{n:group} lane", "{n:group} lanes")
    )
    step: ClassVar[Noun] = STEP
    has_clock: ClassVar[bool] = False
    takes_tiles: ClassVar[bool] = False
    has_waves: ClassVar[bool] = False
    order: ClassVar[str] = "rows"


@dataclass(frozen=True, slots=True)
class Cpu:
    """Cores. blas_core: the kernels its BLAS runs, which decide how OpenBLAS parts a product.

    blas_threads: how many threads BLAS takes, 0: one a unit.
    """

    blas_core: str = ""
    blas_threads: int = 0

    kind: ClassVar[BodyKind] = "cpu"
    busy: ClassVar[Text] = BUSY
    idle: ClassVar[Text] = IDLE
    unit: ClassVar[Noun] = Noun(
        Text(N_("core")), Text(N_("cores")), P_("{n:group} core", "{n:group} cores")
    )
    step: ClassVar[Noun] = K_STEP
    has_clock: ClassVar[bool] = True
    takes_tiles: ClassVar[bool] = True
    has_waves: ClassVar[bool] = False
    order: ClassVar[str] = "rows"


@dataclass(frozen=True, slots=True)
class Gpu:
    """SMs. matrix_units, each doing matrix_fma multiply-additions of float16 a cycle.

    smem: bytes of shared memory a unit; max_threads, max_tiles: what one unit can hold.
    """

    compute_capability: str = ""
    matrix_units: int | None = None
    matrix_fma: int | None = None
    smem: int | None = None
    max_threads: int | None = None
    max_tiles: int | None = None

    kind: ClassVar[BodyKind] = "gpu"
    busy: ClassVar[Text] = BUSY
    idle: ClassVar[Text] = IDLE
    unit: ClassVar[Noun] = Noun(
        Text(N_("SM")), Text(N_("SMs")), P_("{n:group} SM", "{n:group} SMs")
    )
    step: ClassVar[Noun] = K_STEP
    has_clock: ClassVar[bool] = True
    takes_tiles: ClassVar[bool] = True
    has_waves: ClassVar[bool] = True
    order: ClassVar[str] = "rows"


@dataclass(frozen=True, slots=True)
class Systolic:
    """Systolic arrays, which count cycles and cut tiles to their own size.

    array: rows × columns of multipliers of one; dataflow: what sits still in it unless asked
    otherwise. double_buffered: what will sit still next is loaded beside what does, and the next
    fold follows the one before without a gap.
    """

    array: tuple[int, int]
    dataflow: Dataflow = "ws"
    double_buffered: bool = False

    kind: ClassVar[BodyKind] = "systolic"
    # An array with work is not one whose multipliers all work: loading and filling idle some.
    busy: ClassVar[Text] = Text(N_("occupied"))
    idle: ClassVar[Text] = Text(N_("empty"))
    unit: ClassVar[Noun] = Noun(
        Text(N_("array")), Text(N_("arrays")), P_("{n:group} array", "{n:group} arrays")
    )
    step: ClassVar[Noun] = CYCLE
    has_clock: ClassVar[bool] = True
    takes_tiles: ClassVar[bool] = False
    has_waves: ClassVar[bool] = False

    @property
    def order(self) -> str:
        return self.dataflow


Body = Lanes | Cpu | Gpu | Systolic
"""kind: its id in device files. unit: what one unit is called, busy or idle. step: what time is
counted in where no seconds are known. has_clock: whether there can be seconds. takes_tiles: whether
there are tiles to choose; lanes compute single cells, arrays cut tiles to their own size.
has_waves: whether its time goes by waves of whole tiles. order: the one it takes unasked; which
orders fit it, they say themselves."""

BODIES: dict[BodyKind, type[Body]] = {body.kind: body for body in (Lanes, Cpu, Gpu, Systolic)}


def has(holder: object, name: str) -> bool:
    """Whether a device or its body has a field of that name."""
    return name in getattr(holder, "__dataclass_fields__", ())
