"""What a recording's file says of it, beside its columns: JSON, bounded and checked where read.

It is the member `recording.json`, the first of the archive, so that `unzip -p FILE recording.json`
shows it and the beginning of a file tells what it is.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from mmviz import __version__
from mmviz.bench.crossing import restored
from mmviz.core.provenance import MODELLED, Provenance
from mmviz.core.recording.recording import RECORDED, Recording
from mmviz.core.recording.sampling import MOST_ROWS_IN_ALL
from mmviz.core.schedule.orders import check_order
from mmviz.core.schedule.schedule import MAX_TILES
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network, check_count
from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.setup import Pass
from mmviz.errors import InputError
from mmviz.files.journal import lean
from mmviz.files.kinds import RECORDING
from mmviz.files.ordinary import MAX_TEXT, SHORT, check_text
from mmviz.files.recordings.product import MOST_S, Product, check_product, product_of, within
from mmviz.text import N_, NOTHING, Text, visible

NAME = RECORDING
VERSION = 1
MOST_HEAD = 8_000_000  # bytes; a list of MAX_PRODUCTS has most
_INNER = 200_000  # lists and objects in it
_VALUES = 1_000_000  # commas in it
MOST_UNITS = 4_096  # that have a name
MOST_FACTS = 200
MOST_REMARKS = 50
MOST_COMMAND = 4_000  # characters
MOST_WALLS = 20_000  # of all products: of more rounds each n-th
_LATEST = 32_503_680_000  # seconds since 1970: the year 3000

Kind = Literal["recorded", "modelled"]
_KINDS: dict[Kind, Provenance] = {"recorded": RECORDED, "modelled": MODELLED}


class Head(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All of a Recording but its columns. of: a network, or a list. units: lists of names, each
    for one or several products. written_by: the mmviz that wrote it.
    """

    version: int = VERSION
    kind: Kind
    network: Network | None = None
    products: Products | None = None
    batch: int
    dtype: str
    training: bool
    by: str
    order: str
    machine: str = ""
    when: float | None = None
    timer_s: float | None = None
    command: str = ""
    facts: dict[str, str] = {}
    remarks: tuple[Text, ...] = ()
    about: Text = NOTHING
    units: tuple[tuple[Text, ...], ...]
    computed: tuple[Product, ...]
    written_by: str = ""

    @property
    def of(self) -> Pass:
        """What was computed."""
        return Pass(self.workload, self.batch, self.dtype, self.training)

    @property
    def workload(self) -> Workload:
        """The one there is; raises ValueError where it is not one."""
        found = [one for one in (self.network, self.products) if one is not None]
        if len(found) != 1:
            raise ValueError("not one workload")
        return found[0]

    @property
    def provenance(self) -> Provenance:
        """Of all its traces."""
        return _KINDS[self.kind]

    @property
    def rows(self) -> int:
        """Of all products."""
        return sum(product.rows for product in self.computed)

    def tilings(self) -> tuple[Tiling, ...]:
        """How each product was cut; raises InputError for what cannot be."""
        gemms = self.of.workload.lower(self.batch, self.training)
        return tuple(map(self._tiling, gemms, self.computed))

    def _tiling(self, gemm: Gemm, product: Product) -> Tiling:
        units = len(self.units[product.units])
        order = check_order(product.order)
        resident, k_step, parts = product.resident, product.k_step, product.parts
        # What ran is recorded of one product of a stack, see `backends.recorder`.
        of = gemm.single if self.kind == "recorded" else gemm
        return Tiling(of, product.tile, k_step, units, resident, order, parts)


class _Version(msgspec.Struct):
    version: int


def head_of(recording: Recording) -> Head:
    """What is to be written; raises InputError for what would not be read again."""
    workload = lean(recording.of.workload)
    names: dict[tuple[Text, ...], int] = {}
    for one in recording.products:
        names.setdefault(one.units, len(names))
    walls = max(2, MOST_WALLS // len(recording.products))
    kind: Kind = "modelled"
    if recording.ran:
        kind = "recorded"
    head = Head(
        kind=kind,
        network=workload if isinstance(workload, Network) else None,
        products=workload if isinstance(workload, Products) else None,
        batch=recording.of.batch,
        dtype=recording.of.dtype,
        training=recording.of.training,
        by=recording.by,
        order=recording.order,
        machine=_line(recording.machine),
        when=recording.when,
        timer_s=recording.timer_s,
        command=recording.command,
        facts={name: _line(fact) for name, fact in recording.facts.items()},
        remarks=recording.remarks,
        about=recording.about,
        units=tuple(names),
        computed=tuple(product_of(one, names[one.units], walls) for one in recording.products),
        written_by=__version__,
    )
    gemms = head.workload.lower(head.batch, head.training)
    for one, gemm in zip(recording.products, gemms, strict=False):
        if (one.gemm.m, one.gemm.n, one.gemm.k) != (gemm.m, gemm.n, gemm.k):
            raise ValueError(f"{one.gemm} recorded in the place of {gemm}")
    checked(head)
    return head


def encoded(head: Head) -> bytes:
    """As JSON; raises InputError where that is too much."""
    data = msgspec.json.encode(head)
    if len(data) > MOST_HEAD:
        said = N_("what there is to say of this recording is more than {most:size}")
        raise InputError(said, most=MOST_HEAD)
    return data


def decoded(data: bytes) -> Head:
    """Raises ValueError for what is none, InputError for one of another version or too large."""
    if data.count(b"{") + data.count(b"[") > _INNER or data.count(b",") > _VALUES:
        raise ValueError("too much of it")
    version = msgspec.json.decode(data, type=_Version).version
    if version != VERSION:
        said = N_("it is written in version {found} of the format, this mmviz reads {known}")
        raise InputError(said, found=version, known=VERSION)
    head = msgspec.json.decode(data, type=Head)
    again = msgspec.structs.replace(
        head,
        remarks=tuple(map(restored, head.remarks)),
        about=restored(head.about) if head.about else NOTHING,
        units=tuple(tuple(map(restored, names)) for names in head.units),
    )
    checked(again)
    return again


def checked(head: Head) -> None:
    """Raises InputError, or ValueError for what mmviz never writes."""
    workload = head.workload
    if lean(workload) != workload:
        raise ValueError("numbers of its own")
    named = [layer.name for layer in workload.layers] or [x.name for x in workload.lower()]
    for name in (workload.name, *named, head.machine, *head.facts.values()):
        check_text(name, Text(N_("a name")))
    for name in (head.by, head.order, head.written_by, *head.facts):
        check_text(name, Text(N_("a name")), SHORT)
    check_text(head.command, Text(N_("a command")), MOST_COMMAND)
    check_dtype(head.dtype)
    check_count(head.batch, Text(N_("batch")))
    units = {len(names) for names in head.units}
    told = [head.about, *head.remarks, *(name for names in head.units for name in names)]
    if (
        (head.training and not workload.has_training)
        or (head.batch > 1 and not workload.has_batch)
        or len(head.facts) > MOST_FACTS
        or len(head.remarks) > MOST_REMARKS
        or not 1 <= len(head.units) <= len(head.computed)
        or not 1 <= len(head.computed) <= min(MAX_PRODUCTS, _count(head))
        or not units
        or min(units) < 1
        or any(len(str(text)) > MAX_TEXT for text in told)
        or not within((head.when,), _LATEST)
        or not within((head.timer_s,), MOST_S)
    ):
        raise ValueError("no recording")
    if max(units) > MOST_UNITS:
        said = N_("{units:group} units; of at most {most:group} a recording is kept")
        raise InputError(said, units=max(units), most=MOST_UNITS)
    for product in head.computed:
        check_product(product, len(head.units))
    for tiling in head.tilings():
        if tiling.pieces > MAX_TILES:
            said = N_("{product} has {tiles:group} tiles; at most {most:group} can be drawn")
            raise InputError(said, product=tiling.gemm.name, tiles=tiling.pieces, most=MAX_TILES)
    if head.rows > MOST_ROWS_IN_ALL:
        said = N_("{rows:group} tiles are in it; at most {most:group} are read")
        raise InputError(said, rows=head.rows, most=MOST_ROWS_IN_ALL)


def _line(text: str) -> str:
    """As much of a text of the system's as a line holds."""
    return visible(text)[:MAX_TEXT]


def _count(head: Head) -> int:
    return len(head.workload.lower(head.batch, head.training))
