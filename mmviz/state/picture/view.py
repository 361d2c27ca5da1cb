"""The view of the picture: one product, how it is looked at, and what is said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from mmviz.core.device.body import Noun
from mmviz.core.device.device import Device
from mmviz.core.schedule.tiling import Tiling
from mmviz.core.schedule.trace import Trace
from mmviz.core.shapes.dtype import DEFAULT, NARROW
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.workload import Workload
from mmviz.state.derived import Derived
from mmviz.state.picture.camera import Camera
from mmviz.state.picture.cells import EDITABLE, Cells, cells_of, is_small, missing
from mmviz.state.picture.colouring import COLOURINGS
from mmviz.state.picture.learnt import NO_W, Change, Learning, change_of, learning_of
from mmviz.state.picture.matrices import Matrix, matrices
from mmviz.state.picture.selection import Selection
from mmviz.state.recording.where import told
from mmviz.state.session import Schedule
from mmviz.state.snapshot import Part
from mmviz.text import N_, NOTHING, Text
from mmviz.words.products import shape


@dataclass(frozen=True, slots=True, eq=False)
class PictureView:
    """Everything of the picture but the instant.

    trace None: there are more tiles than can be drawn, `problem` says so. colour_by: a key of
    COLOURINGS. turned: drawn as W·X, weights left. learning: what the network learnt of its
    numbers. noun: what computes one tile at a time. switch: which of the two schedules this is, ""
    where there is only the modelled one. dtype: of the operands, which are shown as it keeps them
    where it is a narrow one. ran: on what it was recorded, NOTHING where there is only the model.
    """

    workload: Workload
    batch: int
    device: Device
    tiling: Tiling
    trace: Trace | None
    problem: Text
    camera: Camera
    selection: Selection | None
    colour_by: str
    turned: bool
    learning: Learning
    noun: Noun
    switch: Schedule | Literal[""] = ""
    dtype: str = DEFAULT
    ran: Text = NOTHING

    @property
    def has_clock(self) -> bool:
        """Whether the schedule is in time, and not in steps."""
        return self.device.body.has_clock or self.switch == "recorded"

    @property
    def gemm(self) -> Gemm:
        """The product."""
        return self.tiling.gemm

    @property
    def sides(self) -> tuple[int, int]:
        """Rows and columns of the whole drawing, in cells."""
        return (self.gemm.n, self.gemm.m) if self.turned else (self.gemm.m, self.gemm.n)

    @property
    def names(self) -> tuple[Matrix, Matrix, Matrix]:
        """The matrix at the left, the one above, and the one at the corner."""
        found = matrices(self.gemm, self.turned, self.learning.step)
        if self.dtype not in NARROW or self.numbers_missing:
            return found
        left, above, corner = found
        said = N_("{what}, quantized to {dtype}")
        left, above = (
            replace(matrix, meaning=Text(said, what=matrix.meaning, dtype=self.dtype))
            for matrix in (left, above)
        )
        return left, above, corner

    @property
    def shape(self) -> Text:
        """'128 × 1 000 × 4 096'; of a stack also how many."""
        return shape(self.gemm)

    @property
    def small(self) -> bool:
        """Whether the product is shown cell by cell from the start."""
        return is_small(self.gemm) and not self.numbers_missing

    @property
    def numbers_missing(self) -> Text:
        """Why the cells have no numbers, NOTHING where they have."""
        return missing(self.workload, self.batch)

    @property
    def editable(self) -> bool:
        """Whether the numbers in the cells can be changed one by one."""
        return self.workload.layered is not None and self.workload.parameters <= EDITABLE

    def cells(self) -> Cells | None:
        """The numbers of the product, computed when first asked for; None: they are too many."""
        return cells_of(self.workload, self.batch, self.gemm, self.learning.weights, self.dtype)

    def own(self) -> Cells | None:
        """The same before they are quantized: what is edited."""
        return cells_of(self.workload, self.batch, self.gemm, self.learning.weights)

    @property
    def unchanged(self) -> Text:
        """Why no change of W can be seen, NOTHING where it can."""
        return self.learning.why or (NO_W if self.gemm.role == "wgrad" else NOTHING)

    @property
    def change(self) -> Change | None:
        """How its weights moved, where they are in the picture and coloured by that."""
        return change_of(self.learning, self.gemm) if self.colour_by == "change" else None

    @property
    def colour_note(self) -> Text:
        """What the colours of finished tiles say, and what of it is missing."""
        if self.colour_by == "value" and self.numbers_missing:
            return Text(N_("value: {value}, {why}"), value=None, why=self.numbers_missing)
        if self.colour_by == "change" and self.unchanged:
            return Text(N_("change of W: {value}, {why}"), value=None, why=self.unchanged)
        return COLOURINGS[self.colour_by].note


def _needs(derived: Derived) -> tuple[Any, ...]:
    session = derived.session
    return (
        session.network,
        session.batch,
        derived.device,
        derived.shown,
        derived.trace,
        derived.problem,
        session.camera,
        session.selection,
        session.colour_by,
        session.turned,
        learning_of(derived),
        derived.noun,
        session.schedule if derived.has_recorded else "",
        derived.setup.dtype,
        _ran(derived),
    )


def _ran(derived: Derived) -> Text:
    """Where the recorded schedule comes from, shown or not."""
    found, product = derived.recording, derived.session.product
    if found is None or not derived.has_recorded:
        return NOTHING
    tiling = found.products[product].trace.tiling
    return told(found, derived.device, tiling, derived.tiling)


PICTURE = Part("picture", _needs, PictureView)


def picture_view(derived: Derived) -> PictureView:
    """The picture of what was derived, for who has no snapshot."""
    return PICTURE.view(*_needs(derived))
