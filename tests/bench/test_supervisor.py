"""The child's supervisor against exact scripts of events: no process, no clock."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.bench.deaths import describe_exit, silence_limit
from mmviz.bench.lines import LineReader
from mmviz.bench.messages import (
    Anew,
    Checked,
    Compared,
    Failed,
    Finished,
    Message,
    Phase,
    Progress,
    Samples,
    encode,
)
from mmviz.bench.plan import BenchPlan, CalibrationPlan, PairPlan, Plan
from mmviz.bench.rescue import RESTARTS
from mmviz.bench.results import Collector
from mmviz.bench.supervisor import (
    LEAVE_S,
    NO_RESULT,
    Doing,
    Ended,
    Kill,
    Say,
    Start,
    Supervisor,
)
from mmviz.core.shapes.network import from_widths
from mmviz.text import NOTHING, Text, own

SMALL = from_widths((4, 3, 2))
LIMIT = 10.0
DIED = "the timing process stopped with exit code 3"


def plan(*backends: str, batches: tuple[int, ...] = (1,)) -> BenchPlan:
    return BenchPlan(network=SMALL, batches=batches, backends=backends, seconds=0.1)


def begun(asked: Plan) -> Supervisor:
    """With its first child started at 0."""
    supervisor = Supervisor(asked, LIMIT)
    assert doings(supervisor) == [Start(asked)]
    return supervisor


def doings(supervisor: Supervisor, now: float = 0.0) -> list[Doing]:
    found = []
    while (doing := supervisor.next(now)) is not None:
        found.append(doing)
    return found


def say(supervisor: Supervisor, *messages: Message, now: float = 0.0) -> list[Doing]:
    supervisor.received(b"".join(map(encode, messages)), now)
    return doings(supervisor, now)


def said(found: Iterable[Doing]) -> list[Message]:
    return [doing.message for doing in found if isinstance(doing, Say)]


def timed(backend: str, batch: int = 1) -> tuple[Message, ...]:
    return (
        Phase(backend, batch, "timing"),
        Samples(backend, batch, [1.0]),
        Phase(backend, batch, "checking"),
        Checked(backend, batch, 0.0),
    )


def test_a_good_run_is_passed_on_as_it_comes() -> None:
    supervisor = begun(plan("numpy"))
    messages = (*timed("numpy"), Progress(1.0), Finished())
    assert said(say(supervisor, *messages)) == list(messages)
    supervisor.exited(0)
    assert doings(supervisor) == [Ended()]
    assert supervisor.collector is not None
    assert supervisor.collector.results().runs[0].samples_s == (1.0,)
    assert supervisor.collector.finished


def test_one_that_dies_is_named_and_the_others_are_timed() -> None:
    supervisor = begun(plan("fake:die", "numpy"))
    say(supervisor, Phase("fake:die", 1, "warming"), Progress(0.2))
    supervisor.exited(3)
    assert doings(supervisor) == [
        Say(Failed("fake:die", 1, describe_exit(3))),
        Start(plan("numpy")),
    ]
    heard = said(say(supervisor, *timed("numpy"), Progress(0.5), Finished()))
    assert Progress(0.2 + 0.8 * 0.5) in heard, "progress is that of all children"
    assert heard[-1] == Finished()
    supervisor.exited(0)
    (ended,) = doings(supervisor)
    assert isinstance(ended, Ended)
    assert str(ended.reason) == f"fake:die: {DIED}"


def test_only_the_end_of_the_last_part_is_the_end() -> None:
    supervisor = begun(plan("fake:die", "numpy", batches=(1, 2)))
    say(supervisor, Phase("fake:die", 1, "timing"))
    supervisor.exited(3)
    starts = [doing for doing in doings(supervisor) if isinstance(doing, Start)]
    assert starts == [Start(plan("numpy"))], "batch by batch"
    assert said(say(supervisor, Finished())) == []
    supervisor.exited(0)
    assert doings(supervisor) == [Start(plan("fake:die", "numpy", batches=(2,)))]


def test_children_that_never_live_are_given_up() -> None:
    supervisor = begun(plan("numpy"))
    for _ in range(RESTARTS):
        supervisor.exited(3)
        assert doings(supervisor) == [Start(plan("numpy"))]
    supervisor.exited(3)
    assert doings(supervisor) == [
        Say(Failed("numpy", 1, describe_exit(3))),
        Ended(describe_exit(3)),
    ]


def test_silence_is_a_hang_and_ends_in_a_kill() -> None:
    supervisor = begun(plan("fake:hang", "numpy"))
    say(supervisor, Phase("fake:hang", 1, "timing"), now=3.0)
    assert supervisor.deadline == 3.0 + LIMIT
    supervisor.tick(12.9)
    assert doings(supervisor) == []
    supervisor.tick(13.0)
    assert doings(supervisor) == [Kill()]
    assert said(say(supervisor, Samples("numpy", 1, [1.0]))) == [], "it is not heard any more"
    supervisor.tick(1e9)
    assert doings(supervisor) == [], "one kill is enough"
    supervisor.exited(-9)
    failed, start = doings(supervisor)
    assert isinstance(failed, Say)
    assert isinstance(failed.message, Failed)
    assert str(failed.message.reason) == "the timing process hung: it said nothing for 10.0 s"
    assert start == Start(plan("numpy"))


def test_one_that_does_not_leave_is_killed_without_a_word() -> None:
    supervisor = begun(plan("numpy"))
    say(supervisor, *timed("numpy"), Finished(), now=1.0)
    supervisor.tick(1.0 + LEAVE_S)
    assert doings(supervisor) == [Kill()]
    supervisor.exited(-9)
    assert doings(supervisor) == [Ended()]


@pytest.mark.parametrize(
    "line",
    [
        b"hello\n",
        b"\xff\xfe\x00\n",
        b"{}\n",
        encode(Samples("stranger", 1, [1.0])),
        encode(Samples("numpy", 7, [1.0])),
        encode(Compared()),
        encode(Failed("numpy", 1, own("x"))).replace(b'["own","x"]', b'["other","x"]'),
    ],
)
def test_nonsense_is_killed(line: bytes) -> None:
    supervisor = begun(plan("numpy"))
    say(supervisor, Phase("numpy", 1, "timing"))
    supervisor.received(line[:2], 0.0)
    assert doings(supervisor) == []
    supervisor.received(line[2:] + encode(Progress(0.5)), 0.0)
    assert doings(supervisor) == [Kill()]
    supervisor.exited(-9)
    failed, ended = doings(supervisor)
    assert isinstance(failed, Say)
    assert isinstance(failed.message, Failed)
    words = "the timing process said what is no message: "
    assert str(failed.message.reason) == f"{words}{line[:60]!r}"
    assert isinstance(ended, Ended)
    assert ended.reason


def test_nothing_is_heard_after_a_cancel() -> None:
    supervisor = begun(plan("numpy"))
    supervisor.received(b"".join(map(encode, timed("numpy"))), 0.0)
    assert isinstance(supervisor.next(0.0), Say)
    supervisor.cancel()
    supervisor.cancel()
    assert doings(supervisor) == [Kill()]
    assert supervisor.cancelled
    supervisor.exited(-9)
    assert doings(supervisor) == [Ended()]
    assert supervisor.collector is not None
    assert supervisor.collector.results().runs[0].samples_s == (1.0,), "what was measured stays"


def test_a_cancel_before_anything_starts_no_child() -> None:
    supervisor = Supervisor(plan("numpy"))
    supervisor.cancel()
    assert doings(supervisor) == [Ended()]
    supervisor.cancel()
    assert doings(supervisor) == []


def test_a_cancel_between_two_children_starts_no_other() -> None:
    supervisor = begun(plan("fake:die", "numpy"))
    say(supervisor, Phase("fake:die", 1, "timing"))
    supervisor.exited(3)
    supervisor.cancel()
    assert doings(supervisor) == [Ended()]


def test_no_child_to_be_had() -> None:
    supervisor = begun(plan("numpy"))
    supervisor.unstartable("no such file")
    (ended,) = doings(supervisor)
    assert isinstance(ended, Ended)
    assert str(ended.reason) == "the timing process could not be started: no such file"
    assert not supervisor.startable


def test_no_second_child_to_be_had_leaves_what_the_first_measured() -> None:
    supervisor = begun(plan("fake", "fake:die", "numpy"))
    say(supervisor, *timed("fake"), Phase("fake:die", 1, "timing"))
    supervisor.exited(3)
    doings(supervisor)
    supervisor.unstartable("too many")
    *failures, ended = doings(supervisor)
    assert isinstance(ended, Ended)
    assert "could not be started: too many" in str(ended.reason)
    assert [message.backend for message in said(failures) if isinstance(message, Failed)] == [
        "numpy"
    ]
    assert supervisor.has_samples
    assert supervisor.collector is not None
    first, _, last = supervisor.collector.results().runs
    assert first.samples_s
    assert "too many" in str(last.failure)


def test_stderr_tells_why() -> None:
    supervisor = begun(CalibrationPlan(cores=1, asked_at=0.0))
    supervisor.complained(b"x" * 9_000 + b"\nTraceback\nOSError: no room\n")
    supervisor.exited(1)
    (ended,) = doings(supervisor)
    assert isinstance(ended, Ended)
    assert str(ended.reason).endswith("exit code 1: OSError: no room")


def test_a_calibration_that_finds_nothing_and_a_pair_that_fails() -> None:
    supervisor = begun(CalibrationPlan(cores=1, asked_at=0.0))
    say(supervisor, Finished())
    supervisor.exited(0)
    assert doings(supervisor) == [Ended(Text(NO_RESULT))]
    pair = PairPlan(networks=(SMALL, SMALL), batches=(1, 2), backend="numpy")
    for failure in (NOTHING, own("it broke")):
        supervisor = begun(pair)
        compared = Compared(([1.0], [2.0]), failure)
        say(supervisor, compared, Finished())
        supervisor.exited(0)
        assert doings(supervisor) == [Ended(failure)]
        assert supervisor.found == compared


@given(st.lists(st.integers(1, 40), max_size=20))
def test_however_the_bytes_are_cut(cuts: list[int]) -> None:
    supervisor = begun(plan("numpy"))
    stream = b"".join(map(encode, (*timed("numpy"), Finished())))
    for cut in cuts:
        supervisor.received(stream[:cut], 0.0)
        stream = stream[cut:]
    supervisor.received(stream, 0.0)
    assert said(doings(supervisor)) == [*timed("numpy"), Finished()]


PANIC = """
thread '<unnamed>' (20003) panicked at src/lib.rs:605:5:
Error in wgpuQueueSubmit: Validation Error

Caused by:
  {what}

stack backtrace:
   0: __rustc::rust_begin_unwind
Fatal Python error: Aborted
"""


@pytest.mark.parametrize(
    ("code", "stderr", "words"),
    [
        (-9, "", "the timing process died: killed by signal 9 (out of memory?)"),
        (-15, "", "the timing process died: killed by signal 15"),
        (-11, "", "the timing process died: it crashed with signal 11 (SIGSEGV)"),
        (-99, "", "the timing process died: it crashed with signal 99"),
        (0xC0000005, "", "the timing process died: it crashed with status 0xC0000005"),
        (0, "x", "the timing process ended before it was done"),
        (1, "", "the timing process stopped with exit code 1"),
        (1, "a\nb: c\n\n", "the timing process stopped with exit code 1: b: c"),
        (1, "Traceback\nMemoryError", "the timing process died: out of memory"),
        (
            -6,
            PANIC.format(what="Parent device is lost"),
            "the timing process died with its GPU, whose driver was reset or whose card is gone: "
            "update the driver of the graphics card",
        ),
        (
            -6,
            PANIC.format(what="a bug"),
            "the timing process died: it crashed with signal 6 (SIGABRT): a bug",
        ),
        (
            0xC0000409,
            PANIC.format(what="a bug").replace("stack backtrace", "note: run with"),
            "the timing process died: it crashed with status 0xC0000409: a bug",
        ),
    ],
)
def test_exits_in_words(code: int, stderr: str, words: str) -> None:
    assert str(describe_exit(code, stderr)) == words


def test_more_work_may_be_silent_for_longer() -> None:
    small = silence_limit(plan("numpy"))
    large = BenchPlan(network=from_widths((9216, 4096)), batches=(4096,), backends=("numpy",))
    assert 60 <= small < silence_limit(large)


@given(st.lists(st.binary(max_size=30).filter(lambda b: b"\n" not in b)), st.data())
def test_lines_come_out_as_they_went_in_however_they_are_cut(
    lines: list[bytes], data: st.DataObject
) -> None:
    stream = b"".join(line + b"\n" for line in lines)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    reader, found = LineReader(longest=1_000), []
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        found += reader.feed(stream[start:end])
    assert found == lines


def test_an_endless_line_takes_no_memory_and_the_next_one_is_heard() -> None:
    reader = LineReader(longest=10)
    assert list(reader.feed(b"a" * 8)) == []
    for _ in range(5):
        assert list(reader.feed(b"b" * 8)) == []
    assert sum(map(len, reader._parts)) == 0
    assert list(reader.feed(b"b\nnext\n")) == [b"next"]


# --- paused, and taken up again ----------------------------------------------------------------


def test_a_run_that_is_paused_ends_its_child_and_goes_on_with_the_rest() -> None:
    supervisor = begun(plan("numpy", batches=(1, 2)))
    say(supervisor, *timed("numpy"), Progress(0.5), Phase("numpy", 2, "timing"))
    supervisor.pause()
    assert doings(supervisor) == [Kill()]
    assert supervisor.paused
    supervisor.exited(-9)
    assert doings(supervisor) == [], "nothing starts, and nobody is to blame"
    supervisor.go_on()
    assert doings(supervisor) == [Start(plan("numpy", batches=(2,)))]
    heard = said(say(supervisor, *timed("numpy", 2), Progress(0.5), Finished()))
    assert Progress(0.75) in heard, "what was done counts"
    supervisor.exited(0)
    assert doings(supervisor) == [Ended()]


def test_what_a_pause_cut_off_is_timed_anew() -> None:
    supervisor = begun(plan("numpy"))
    say(supervisor, Phase("numpy", 1, "timing"), Samples("numpy", 1, [9.0]))
    supervisor.pause()
    doings(supervisor)
    supervisor.exited(-9)
    assert doings(supervisor) == [Say(Anew("numpy", 1))]
    supervisor.go_on()
    doings(supervisor)
    say(supervisor, *timed("numpy"), Finished())
    assert supervisor.collector is not None
    assert supervisor.collector.run("numpy", 1).samples_s == (1.0,)


def test_going_on_before_the_child_is_gone_waits_for_it() -> None:
    supervisor = begun(plan("numpy"))
    say(supervisor, Phase("numpy", 1, "timing"))
    supervisor.pause()
    supervisor.go_on()
    assert doings(supervisor) == [Kill()]
    supervisor.exited(-9)
    assert doings(supervisor) == [Start(plan("numpy"))]


def test_a_pause_before_the_first_child_holds_it_back() -> None:
    supervisor = Supervisor(plan("numpy"), LIMIT)
    supervisor.pause()
    assert doings(supervisor) == []
    supervisor.go_on()
    assert doings(supervisor) == [Start(plan("numpy"))]


def test_a_run_that_is_paused_can_be_cancelled() -> None:
    supervisor = begun(plan("numpy"))
    supervisor.pause()
    doings(supervisor)
    supervisor.exited(-9)
    supervisor.cancel()
    assert doings(supervisor) == [Ended()]


def test_a_child_that_died_before_the_pause_is_blamed_after_it() -> None:
    supervisor = begun(plan("fake:die", "numpy"))
    say(supervisor, Phase("fake:die", 1, "timing"))
    supervisor.exited(3)
    supervisor.pause()
    assert said(doings(supervisor)) == [Failed("fake:die", 1, describe_exit(3))]
    supervisor.go_on()
    assert doings(supervisor) == [Start(plan("numpy"))]


def test_a_pause_when_all_is_done_ends_the_run() -> None:
    supervisor = begun(plan("numpy"))
    say(supervisor, *timed("numpy"), Progress(1.0))
    supervisor.pause()
    doings(supervisor)
    supervisor.exited(-9)
    assert doings(supervisor) == [Say(Finished()), Ended()]


def test_only_a_timing_run_is_paused() -> None:
    asked = CalibrationPlan(cores=1, asked_at=0.0)
    supervisor = begun(asked)
    supervisor.pause()
    assert not supervisor.paused
    assert doings(supervisor) == []


def test_a_run_that_was_kept_unfinished_is_taken_up_where_it_ended() -> None:
    asked = plan("numpy", "loop", batches=(1, 2))
    before = Collector(asked)
    for message in (*timed("numpy"), *timed("loop"), *timed("numpy", 2)):
        before.add(message)
    supervisor = Supervisor(asked, LIMIT, before)
    assert supervisor.done == 0.75
    assert doings(supervisor) == [Start(plan("loop", batches=(2,)))]
    say(supervisor, *timed("loop", 2), Finished())
    supervisor.exited(0)
    assert doings(supervisor) == [Ended()]
    assert all(run.max_error == 0.0 for run in before.results().runs)


def test_of_a_run_that_was_kept_whole_nothing_is_timed_again() -> None:
    asked = plan("numpy")
    before = Collector(asked)
    for message in timed("numpy"):
        before.add(message)
    assert doings(Supervisor(asked, LIMIT, before)) == [Say(Finished()), Ended()]
