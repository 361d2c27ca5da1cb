"""A pass is recorded: in this process, in the real child, and told over the pipe."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import msgspec
import numpy as np
import psutil
import pytest

from mmviz.backends.base import Host
from mmviz.backends.recorder import Laid, Look, Stamps
from mmviz.bench import recording as work
from mmviz.bench.belonging import belongs
from mmviz.bench.child import decode_plan, encode_plan
from mmviz.bench.deaths import silence_limit
from mmviz.bench.memory import check_recording
from mmviz.bench.messages import Compared, Finished, Message, Progress, Started, decode, encode
from mmviz.bench.plan import MOST_ROUNDS, PairPlan, RecordPlan
from mmviz.bench.recorded import (
    COLUMNS,
    ROWS_AT_ONCE,
    RecordedPass,
    RecordedProduct,
    RecordedRows,
    Unrecorded,
    pieces,
)
from mmviz.bench.recording import as_columns, record_plan
from mmviz.bench.runner import record
from mmviz.bench.tape import TORN, Tape
from mmviz.core.recording import sampling
from mmviz.core.recording.checks import recording_faults
from mmviz.core.recording.recording import Beside, Recording, Spent
from mmviz.core.schedule.schedule import MAX_TILES
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.core.shapes.workload import Workload
from mmviz.errors import BenchError, InputError
from mmviz.text import Text, own

SMALL = from_widths((40, 30, 20))
SQUARE = Products("square", (Gemm("square", "product", 96, 96, 96),))
LISTED = Products(
    "listed",
    (
        Gemm("ragged", "product", 70, 45, 33),
        Gemm("stack", "product", 20, 30, 10, count=2, stack=3),
        Gemm("row", "product", 1, 100, 7),
    ),
)


def plan(workload: Workload = SQUARE, **options: object) -> RecordPlan:
    asked = {"by": "cpu-tiles", "tile": (16, 16), "rounds": 3, "seconds": 0.0}
    return RecordPlan(**{"workload": workload, **asked, **options})  # type: ignore[arg-type]


def said(asked: RecordPlan) -> list[Message]:
    messages: list[Message] = []
    record_plan(asked, messages.append)
    return messages


def played(asked: RecordPlan, messages: list[Message]) -> Tape:
    tape = Tape(asked, 5.0)
    for message in messages:
        tape.hear(decode(encode(message).rstrip()))
    return tape


def recorded(asked: RecordPlan) -> Recording:
    tape = played(asked, said(asked))
    assert str(tape.failure) == ""
    found = tape.recording()
    assert found is not None
    return found


@pytest.mark.parametrize("order", ["pulling", "static"])
@pytest.mark.parametrize(
    ("workload", "batch", "training"),
    [(SMALL, 17, False), (SMALL, 17, True), (LISTED, 1, False)],
    ids=["forward", "training", "list"],
)
def test_what_ran_can_have_been_and_is_right(
    workload: Workload, batch: int, training: bool, order: str
) -> None:
    found = recorded(plan(workload, batch=batch, training=training, order=order))
    assert recording_faults(found) == ()
    assert (found.of.batch, found.of.training, found.by) == (batch, training, "cpu-tiles")
    assert (found.order, found.when) == (order, 5.0)
    assert [one.gemm for one in found.products] == [
        gemm.single for gemm in workload.lower(batch, training)
    ]
    assert found.machine
    assert found.timer_s
    assert found.facts["numpy"] == np.__version__
    assert found.facts["blas"]
    for one in found.products:
        assert one.trace.provenance.kind == "recorded"
        assert one.error is not None
        assert one.error < 1e-6
        assert one.spent.rounds == len(one.walls_s) == 3
        assert one.wall_s in one.walls_s
        assert one.spent.stamped_s == sorted(one.walls_s)[1]
        assert one.spent.plain_s
        assert one.spent.tiled_s


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_error_is_of_the_dtype(dtype: str) -> None:
    (one,) = recorded(plan(dtype=dtype)).products
    assert one.error is not None
    assert (one.error < 1e-14) == (dtype == "float64")


def test_what_steers_the_blas_stands_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Somewhat")
    assert recorded(plan()).facts["OPENBLAS_CORETYPE"] == "Somewhat"


def test_of_very_many_tiles_some_cross(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "MOST_ROWS", 10)
    (one,) = recorded(plan()).products
    assert (len(one.trace), one.tiles_run) == (10, 36)
    assert one.sampled
    assert one.blocks is not None
    assert sorted(one.blocks.tolist()) == [i * 36 // 10 for i in range(10)]
    np.testing.assert_array_equal(one.blocks, one.trace.m * 6 + one.trace.n)


def test_progress_ends_at_the_end() -> None:
    messages = said(plan(SMALL, batch=4))
    assert isinstance(messages[0], Started)
    assert isinstance(messages[-1], Finished)
    done = [message.done for message in messages if isinstance(message, Progress)]
    assert done == sorted(done)
    assert done[-1] == 1.0
    assert all(belongs(message, plan()) for message in messages)


class Scripted:
    """A recorder that tells a script: stamped passes of those walls, in nanoseconds."""

    units = (own("one"),)
    clock = "s"
    timer_s = 1e-9
    order = "pulling"
    remarks: tuple[Text, ...] = ()

    def __init__(self, *walls: int) -> None:
        self.walls = iter((99, *walls))  # the first, which warms up, counts nowhere
        self.asked: list[str] = []
        self.closed = False

    def laid(self) -> tuple[Laid, ...]:
        return (Laid((4, 4)),)

    def run(self) -> tuple[Stamps, ...]:
        self.asked.append("stamped")
        zero, wall = np.zeros(1, np.int64), next(self.walls)
        return (Stamps(zero, zero, zero, zero - 1, zero + 2, zero + wall - 1, 1, wall + 1),)

    def bare(self) -> tuple[float, ...]:
        self.asked.append("bare")
        return (2e-9,)

    def plain(self) -> tuple[float, ...]:
        self.asked.append("plain")
        return ()

    def check(self, look: Look, rows: int) -> None:
        one = np.ones((min(rows, 2), 2), np.float32)
        look(0, one, one, 2 * one)

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    recorder = Scripted(30, 10, 50, 20, 40)
    monkeypatch.setattr(work, "prepare", lambda *_: recorder)
    yield recorder
    assert recorder.closed


@pytest.mark.usefixtures("scripted")
def test_the_pass_in_the_middle_is_kept() -> None:
    asked = plan(Products("tiny", (Gemm("tiny", "product", 4, 4, 4),)), rounds=5)
    (one,) = recorded(asked).products
    assert one.wall_s == pytest.approx(30e-9)
    assert one.walls_s == pytest.approx((30e-9, 10e-9, 50e-9, 20e-9, 40e-9))
    off = None, pytest.approx(0.5), pytest.approx(4 / 3)  # a step of the clock; their range
    assert one.spent == Spent(None, 2e-9, pytest.approx(30e-9), 5, off)  # type: ignore[arg-type]
    assert one.error == 0.0
    assert one.cores is not None
    assert one.cores.tolist() == [-1]


def test_they_take_turns_and_each_begins_a_round(scripted: Scripted) -> None:
    said(plan(Products("tiny", (Gemm("tiny", "product", 4, 4, 4),)), rounds=3))
    assert [scripted.asked[i] for i in (3, 6, 9)] == ["plain", "bare", "stamped"]
    assert len(scripted.asked) == 12


@pytest.mark.usefixtures("scripted")
def test_where_a_round_takes_long_one_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = itertools.count(step=work.LONG_S)  # at the clock, each so much later
    monkeypatch.setattr(work, "perf_counter", lambda: float(next(looks)))
    tiny = Products("tiny", (Gemm("tiny", "product", 4, 4, 4),))
    (one,) = recorded(plan(tiny, rounds=5)).products
    assert one.spent.rounds == 1


@pytest.mark.parametrize(
    ("by", "options", "why"),
    [
        ("numpy", {}, "NumPy (BLAS on the CPU) records no tiles"),
        ("cpu-tiles", {"order": "up"}, "threads take tiles in the order pulling, static, not 'up'"),
        (
            "cpu-tiles",
            {"dtype": "float16"},
            "backend 'cpu-tiles' does not compute in float16, but in float32, float64",
        ),
    ],
)
def test_why_there_is_none(by: str, options: dict[str, str], why: str) -> None:
    asked = plan(by=by, **options)
    messages = said(asked)
    assert isinstance(messages[-1], Finished)
    tape = played(asked, messages)
    assert str(tape.failure) == why
    assert tape.recording() is None


def test_a_thread_that_breaks_ends_it_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Host) -> None:
        raise ValueError("no such tile")

    before = threading.active_count()
    monkeypatch.setattr(np, "matmul", broken)
    tape = played(plan(), said(plan()))
    assert "broke in the middle of its tiles: ValueError: no such tile" in str(tape.failure)
    assert threading.active_count() == before


# --- the pipe --------------------------------------------------------------------------------


def test_the_plan_crosses() -> None:
    for workload in (SMALL, LISTED):
        asked = plan(workload, batch=1, threads=3, order="static", pinned=False)
        assert decode_plan(encode_plan(asked)) == asked
    with pytest.raises(ValueError, match="rounds or seconds"):
        plan(rounds=0)
    with pytest.raises(ValueError, match="rounds or seconds"):
        plan(rounds=MOST_ROUNDS + 1)
    assert silence_limit(plan()) >= 60
    assert silence_limit(plan(tile=(1, 1))) > silence_limit(plan(tile=None))


def test_a_large_product_crosses_in_pieces() -> None:
    rows = 2 * ROWS_AT_ONCE + 5
    columns = {name: np.arange(rows) for name in COLUMNS}
    told = [decode(encode(piece).rstrip()) for piece in pieces(3, columns)]
    assert [len(one.arrays()["m"]) for one in told] == [ROWS_AT_ONCE, ROWS_AT_ONCE, 5]  # type: ignore[union-attr]
    found = np.concatenate([one.arrays()["start"] for one in told])  # type: ignore[union-attr]
    np.testing.assert_array_equal(found, np.arange(rows))


def rows(**changed: object) -> RecordedRows:
    columns = {"m": [0, 1], "n": [0, 0], "unit": [0, 0], "core": [-1, 3], "start": [0, 1]}
    made = {name: np.array(values) for name, values in (columns | {"end": [1, 2]}).items()}
    (found,) = pieces(0, made | {name: np.array(value) for name, value in changed.items()})
    return found


def product(**changed: object) -> RecordedProduct:
    made = RecordedProduct(
        number=0, tile=(16, 96), order="rows", parts=1, resident=1, k_step=96, rows=2, tiles_run=2,
        units=(own("one"),),
    )  # fmt: skip
    return msgspec.structs.replace(made, **changed)


@pytest.mark.parametrize(
    "change",
    [
        {"rows": 0},
        {"rows": MAX_TILES + 1, "tiles_run": MAX_TILES + 1},
        {"rows": 3},
        {"tile": (0, 4)},
        {"units": ()},
        {"wall_s": -1.0},
        {"spent": Spent(plain_s=-1.0)},
        {"spent": Spent(off=(None, None, -1.0))},
        {"beside": Beside(waited=(2.0,))},
        {"walls_s": (1.0, -1.0)},
        {"units": (Text("{n:unknown}", n=3),)},
    ],
    ids=str,
)
def test_a_product_that_cannot_be_is_no_message(change: dict[str, object]) -> None:
    made = product()
    line = msgspec.json.decode(encode(made))
    line |= msgspec.to_builtins(change)
    with pytest.raises(ValueError, match=r"."):
        decode(msgspec.json.encode(line))


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {**rows().columns, "more": b"1234"},
        {**rows().columns, "m": b"123"},
        {**rows().columns, "m": bytes(4)},
        {**rows().columns, "start": np.array([0.0, np.nan]).tobytes()},
        {**rows().columns, "end": np.array([0.0, -1.0]).tobytes()},
        dict.fromkeys(rows().columns, b""),
        {name: data * ROWS_AT_ONCE for name, data in rows().columns.items()},
    ],
)
def test_columns_that_cannot_be_are_no_message(columns: dict[str, bytes]) -> None:
    line = msgspec.json.encode({"type": "recorded rows", "number": 0, "columns": columns})
    with pytest.raises(ValueError, match=r"."):
        decode(line)


@pytest.mark.parametrize(
    "told",
    [
        [product(), rows(m=[0, 6])],
        [product(), rows(unit=[0, 1])],
        [product(), rows(start=[1.0, 0.5])],
        [product(), rows(end=[1.0, 0.5])],
        [product(), rows(), rows()],
        [product(rows=3, tiles_run=3), rows()],
        [product(number=1), rows()],
        [product(order="up"), rows()],
        [product()],
        [],
        [product(), product(), rows()],
    ],
)
def test_what_does_not_fit_together_is_no_recording(told: list[Message]) -> None:
    tape = played(plan(), [*told, RecordedPass(order="pulling", timer_s=1e-9, facts={})])
    with pytest.raises(InputError) as torn:
        tape.recording()
    assert str(torn.value) == TORN


def test_what_was_not_asked_for_does_not_belong() -> None:
    other = PairPlan(networks=(SMALL, SMALL), batches=(1, 1), backend="fake")
    for message in (product(), rows(), Unrecorded(own("no"))):
        assert belongs(message, plan())
        assert not belongs(message, other)
    assert not belongs(Compared(), plan())


# --- the child -------------------------------------------------------------------------------


def test_the_child_records() -> None:
    heard: list[Message] = []
    found = record(plan(SMALL, batch=9, training=True), heard.append)
    assert found is not None
    assert recording_faults(found) == ()
    assert len(found.products) == 5
    assert isinstance(heard[-1], Finished)
    assert psutil.Process().children() == []


def test_a_child_that_cannot_says_why() -> None:
    with pytest.raises(BenchError, match="records no tiles"):
        record(plan(by="numpy"), lambda _: None)


def test_a_stopped_recording_is_none_and_leaves_nothing() -> None:
    stop = threading.Event()

    def hear(message: Message) -> None:
        if isinstance(message, Progress):
            stop.set()

    assert record(plan(seconds=60.0), hear, stop=stop) is None
    assert psutil.Process().children() == []


def test_a_killed_child_is_one_sentence() -> None:
    def hear(message: Message) -> None:
        if isinstance(message, Progress):
            for child in psutil.Process().children():
                child.kill()

    with pytest.raises(BenchError, match="the timing process died: killed by signal 9"):
        record(plan(seconds=60.0), hear)
    assert psutil.Process().children() == []


# --- before it starts ------------------------------------------------------------------------


def test_tiles_that_cannot_be_are_refused() -> None:
    with pytest.raises(InputError, match="a tile has 1 cell or more each way, not 0×4"):
        check_recording(plan(tile=(0, 4)))
    many = Products("many", (Gemm("many", "product", 1 << 14, 1 << 14, 1),))
    with pytest.raises(InputError, match=r"tiles of 1×1 are .+ in one product; at most"):
        check_recording(plan(many, tile=(1, 1)))


def test_more_than_memory_is_refused() -> None:
    check_recording(plan(), available=1 << 30)
    with pytest.raises(InputError, match="recording square needs"):
        check_recording(plan(), available=1_000_000)
    large: Network = from_widths((1 << 24, 1 << 24))
    with pytest.raises(InputError, match="this machine has"):
        check_recording(plan(large, tile=None))


def test_rows_go_by_their_start() -> None:
    m = np.array([2, 0, 1])
    zero = np.zeros(3, np.int64)
    stamps = Stamps(m, zero, zero, zero, np.array([700, 500, 600]), np.array([800, 650, 900]), 0, 9)
    found = as_columns(stamps, seconds=True, most=3)
    assert found["m"].tolist() == [0, 1, 2]
    assert found["start"].tolist() == pytest.approx([0, 1e-7, 2e-7])
    assert found["end"].tolist() == pytest.approx([1.5e-7, 4e-7, 3e-7])
    assert as_columns(stamps, seconds=False, most=3)["start"].tolist() == [0, 100, 200]
    fewer = as_columns(stamps, seconds=True, most=2)
    assert fewer["block"].tolist() == [1, 0]
    assert fewer["m"].tolist() == [0, 2]
    assert fewer["start"].tolist() == pytest.approx([0, 2e-7])


def test_stamps_of_all_products_and_rounds_are_counted_in() -> None:
    """A line of tiles in each of ten products, kept of every round."""
    many = Products("many", tuple(Gemm(f"p{i}", "product", 100_000, 1, 1) for i in range(10)))
    check_recording(plan(many, tile=(1, 1)), available=1 << 30)
    with pytest.raises(InputError, match="needs"):
        check_recording(plan(many, tile=(1, 1), rounds=20), available=1 << 30)
