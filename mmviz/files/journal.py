"""The last timing runs, kept on disk while they are measured: a killed mmviz loses one moment.

Each run is a file of its own in the user's data folder, so that two windows do not meet: a line
that says what was timed and when, then the timing child's own messages, then how it ended. What is
read is bounded; a line that is not understood is left out and counted.
"""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

import msgspec

from mmviz.bench.belonging import belongs
from mmviz.bench.crossing import restored
from mmviz.bench.messages import Estimate, Message, Phase, Progress, Samples, decode, encode
from mmviz.bench.plan import BenchPlan, as_workload
from mmviz.bench.rescue import share_done
from mmviz.bench.results import Collector, Results
from mmviz.core.shapes.dtype import check_dtype
from mmviz.core.shapes.network import check_count
from mmviz.core.shapes.workload import Workload
from mmviz.errors import InputError, reason_of
from mmviz.files import folders
from mmviz.files.holding import held, hold
from mmviz.files.ordinary import Tick, check_text, no_tick
from mmviz.files.toml import read_bounded
from mmviz.text import N_, NOTHING, Text

MOST_RUNS = 50  # kept; the oldest go first
MOST_BYTES = 100_000_000  # of all of them
RUN_BYTES = 50_000_000  # of one: three backends for ten minutes each, a sample a millisecond
MOST_LINES = 200_000  # of one, and MOST_VALUES: commas
MOST_VALUES = 2_500_000
HEAD_BYTES = 4_000_000  # of the line that says what was timed
HEAD_INNER = 12_000  # lists and objects of it: a list of MAX_PRODUCTS has most
TAIL_BYTES = 10_000  # in which the line is found that says how it ended
_LINES = 100  # read between two ticks: about a millisecond of work
_NAME = re.compile(r"[0-9]{8}-[0-9]{12}-[0-9a-f]{8}\.jsonl")
_LATEST = 32_503_680_000  # seconds since 1970: the year 3000

DAMAGED = N_("{path} is no run that mmviz kept")
INTERRUPTED = Text(N_("mmviz itself ended before this run did"))


class Head(msgspec.Struct, frozen=True, kw_only=True, tag="run"):
    """What was timed, and when it began: seconds since 1970."""

    version: int = 1
    when: float
    plan: BenchPlan


class Over(msgspec.Struct, frozen=True, tag="over"):
    """How it ended: why it broke, NOTHING where it did not, and the share of it that was done."""

    ended: Text = NOTHING
    done: float = 1.0

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "ended", restored(self.ended))
        msgspec.structs.force_setattr(self, "done", min(max(self.done, 0.0), 1.0))


UNTOLD = Over(INTERRUPTED, 0.0)


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that is kept: its file, and what is known of it without reading all of it.

    over: how it ended; INTERRUPTED where nothing was written of that, or somebody writes still.
    """

    path: Path
    head: Head
    over: Over = UNTOLD

    @property
    def unfinished(self) -> bool:
        """Whether something is left to be timed."""
        return self.over.done < 1.0


@dataclass(frozen=True, slots=True)
class Record:
    """A kept run, read. unread: how many lines of it were not understood. collector: its samples,
    from which the run can be taken up again.
    """

    head: Head
    collector: Collector
    over: Over
    unread: int

    @property
    def results(self) -> Results:
        """All its samples."""
        return self.collector.results()


_head_decoder = msgspec.json.Decoder(Head, dec_hook=as_workload)
_over_decoder = msgspec.json.Decoder(Over)


def place() -> Path:
    """The folder of the kept runs of this user, whether it is there or not."""
    return folders.data() / "runs"


class Journal:
    """Keeps one run of `plan`, begun at `when`; its file is made with the first sample. `path`: of
    a run that was kept unfinished and is taken up again.

    `add` and `end` raise InputError where the samples cannot be kept (any more): once, and from
    then on do nothing.
    """

    def __init__(self, plan: BenchPlan, when: float, path: Path | None = None) -> None:
        plan = msgspec.structs.replace(plan, network=lean(plan.network))
        self._when = when
        self._before = msgspec.json.encode(Head(when=when, plan=plan)) + b"\n"
        if path is not None:
            self._before = b"\n"  # the last line may have been cut off
        self._file: BinaryIO | None = None
        self._size = 0
        self._broken = False
        self.path = path

    @property
    def full(self) -> bool:
        """Whether this one run grew too large, whatever becomes of others."""
        return self._size > RUN_BYTES

    @property
    def keeps(self) -> bool:
        """Whether all samples that came so far are kept."""
        return self._file is not None and not self._broken

    def add(self, message: Message) -> None:
        """Keep what it says, unless it is only about progress."""
        if self._broken or isinstance(message, Progress | Phase):
            return
        line = encode(message)
        if self._file is not None:
            self._write(line)
        elif self.path is not None or isinstance(message, Samples | Estimate):
            self._begin()
            self._write(self._before + line)
        else:
            self._before += line

    def end(self, ended: Text, done: float) -> None:
        """The run is over, and so is the file."""
        if self._file is None:
            return
        try:
            if not self._broken:
                self._write(msgspec.json.encode(Over(ended, done)) + b"\n")
        finally:
            with contextlib.suppress(OSError):
                self._file.close()
            self._broken = True

    def _begin(self) -> None:
        try:
            folder = place()
            folder.mkdir(parents=True, exist_ok=True)
            moment = datetime.datetime.fromtimestamp(self._when, datetime.UTC)
            if self.path is None:
                _make_room(folder, MOST_RUNS - 1)
                name = f"{moment:%Y%m%d-%H%M%S%f}-{secrets.token_hex(4)}.jsonl"
                self.path = folder / name
                self._file = open(self.path, "xb", buffering=0)  # noqa: SIM115  # until `end`
            else:
                self._file = open(self.path, "ab", buffering=0)  # noqa: SIM115  # until `end`
                self._size = self._file.tell()
            hold(self._file)
        except (OSError, ValueError, OverflowError) as error:
            raise self._break(self.path or place(), error) from None
        except InputError:
            self._broken = True
            raise

    def _write(self, data: bytes) -> None:
        assert self._file is not None
        self._size += len(data)
        path = Path(self._file.name)
        if self.full:
            self._broken = True
            raise InputError(
                N_("{path} has {most:size}, which is full: the rest of this run is not in it"),
                path=str(path),
                most=RUN_BYTES,
            )
        try:
            while data:
                data = data[self._file.write(data) or 0 :]
        except OSError as error:
            raise self._break(path, error) from None

    def _break(self, path: Path, error: Exception) -> InputError:
        self._broken = True
        reason = reason_of(error)
        return InputError(N_("cannot write {path}: {reason}"), path=str(path), reason=reason)


def kept_runs() -> tuple[tuple[KeptRun, ...], tuple[Path, ...]]:
    """The runs that are kept, the last one first; and the files that are not understood."""
    found, damaged = [], []
    for path in reversed(_files(place())):
        try:
            with open(path, "rb") as file:
                head = _head(file.readline(HEAD_BYTES), path)
                found.append(KeptRun(path, head, _last(file)))
        except (InputError, OSError):
            damaged.append(path)
    return tuple(found), tuple(damaged)


def forget(kept: KeptRun) -> None:
    """Delete its file; one that is gone already is no error. Raises InputError elsewhere."""
    try:
        kept.path.unlink(missing_ok=True)
    except OSError as error:
        why = reason_of(error)
        raise InputError(N_("cannot delete {path}: {why}"), path=str(kept.path), why=why) from None


def read(path: Path, tick: Tick = no_tick) -> Record:
    """A kept run with all its samples; raises InputError where it is none, or too large."""
    data = read_bounded(path, RUN_BYTES, tick)
    if data.count(b"\n") > MOST_LINES or data.count(b",") > MOST_VALUES:
        raise InputError(DAMAGED, path=str(path))
    lines = (line for line in io.BytesIO(data) if line.endswith(b"\n"))  # others were cut off
    whole, done = len(data), 0
    head = _head(next(lines, b""), path)
    collector, over, unread = Collector(head.plan), UNTOLD, 0
    for number, line in enumerate(lines):
        if number % _LINES == 0:
            tick(done, whole)
        done += len(line)
        found = _line(line, head.plan)
        if isinstance(found, Over):
            over = found
        elif found is None:
            unread += bool(line.strip())
        else:
            over = UNTOLD  # it was taken up again
            collector.add(found)
    if over is UNTOLD:  # nobody wrote how far it came: what is there tells
        share = share_done(head.plan, collector)
        over = Over(INTERRUPTED, share) if share < 1 else Over()
    return Record(head, collector, over, unread)


def _last(file: BinaryIO) -> Over:
    """How a run ended, as its last line says."""
    file.seek(max(0, os.fstat(file.fileno()).st_size - TAIL_BYTES))
    *_, line = file.read().rstrip(b"\n").rsplit(b"\n", 1)
    try:
        return _over_decoder.decode(line)
    except (ValueError, RecursionError):
        return UNTOLD


def _line(line: bytes, plan: BenchPlan) -> Message | Over | None:
    try:
        message = decode(line)
    except ValueError:
        try:
            return _over_decoder.decode(line)
        except (ValueError, RecursionError):
            return None
    return message if belongs(message, plan) else None


def _head(line: bytes, path: Path) -> Head:
    """The first line; raises InputError for anything else."""
    try:
        inner = line.count(b"{") + line.count(b"[")
        if not line.startswith(b'{"type":"run"') or inner > HEAD_INNER:
            raise ValueError
        head = _head_decoder.decode(line)
        workload = head.plan.network
        parts = [layer.name for layer in workload.layers] or [x.name for x in workload.lower()]
        for name in (workload.name, *parts, *head.plan.backends):
            check_text(name, Text(N_("a name")))
        for batch in head.plan.batches:
            check_count(batch, Text(N_("batch")))
        check_dtype(head.plan.dtype)
        if not 0 <= head.when <= _LATEST or not head.plan.batches or not head.plan.backends:
            raise ValueError
    except (ValueError, RecursionError, InputError):
        raise InputError(DAMAGED, path=str(path)) from None
    return head


def _make_room(folder: Path, most: int) -> None:
    """Let the oldest go until at most so many are left, and room for one as large as can be; never
    one that another mmviz writes, which took an old one up again.
    """
    paths = _files(folder)
    sizes = {path: _size(path) for path in paths}
    for path in tuple(paths):
        if len(paths) <= most and sum(sizes[p] for p in paths) <= MOST_BYTES - RUN_BYTES:
            return
        if not held(path):
            paths.remove(path)
            with contextlib.suppress(OSError):  # another window may have been faster
                path.unlink()


def _size(path: Path) -> int:
    with contextlib.suppress(OSError):
        return path.stat().st_size
    return 0


def _files(folder: Path) -> list[Path]:
    """The files of kept runs, the oldest first: their names begin with when they did."""
    return sorted(_named(folder))


def _named(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if _NAME.fullmatch(entry.name) and entry.is_file(follow_symlinks=False):
                yield folder / entry.name


def lean(workload: Workload) -> Workload:
    """A network without numbers that were given one by one: they may be many, and time is not
    theirs.
    """
    network = workload.layered
    if network is None:
        return workload
    layers = tuple(replace(layer, weights=None, bias=None) for layer in network.layers)
    return replace(network, examples=None, layers=layers)
