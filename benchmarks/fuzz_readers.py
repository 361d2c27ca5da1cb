"""The readers `fuzz.py` tries: each reads bytes as its kind of file and goes on as mmviz would.

True: it was read. False: refused in one printable line. Anything else escapes.
"""

from __future__ import annotations

import contextlib
import functools
import math
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import fuzz_learning  # lies beside this file
import msgspec
import numpy as np
import tomli_w

from mmviz.bench import messages
from mmviz.bench.child import decode_plan, encode_plan
from mmviz.bench.plan import BenchPlan
from mmviz.bench.results import Collector
from mmviz.bench.supervisor import Say, Start, Supervisor
from mmviz.bench.sweep_runs import SweepPlan
from mmviz.core.device.device import Device
from mmviz.core.recording.modelling import modelled_pass
from mmviz.core.recording.recording import Recording
from mmviz.core.recording.slots import slots_of
from mmviz.core.shapes.dtype import BYTES
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import Dense, Network, from_widths
from mmviz.core.shapes.workload import Workload
from mmviz.core.time.price import price
from mmviz.core.time.setup import Setup
from mmviz.errors import InputError
from mmviz.files import (
    calibration,
    journal,
    network_writer,
    networks,
    packed,
    run_files,
    runs,
    settings,
    sweep_log,
    this_machine,
)
from mmviz.files.assets import asset
from mmviz.files.device_writer import dump
from mmviz.files.devices import parse_device, read_device
from mmviz.files.exam import read_exam
from mmviz.files.recordings import chrome_reading, chrome_trace, columns, npz
from mmviz.files.timings import read_timings
from mmviz.state import settings as stored
from mmviz.state.clock.live import Live
from mmviz.units import THIN
from mmviz.words import device as device_words
from mmviz.words.speech import speak

Reader = Callable[[bytes], bool]
Made = tuple[Reader, tuple[bytes, ...]]

_home = Path()


def at_home_in(folder: Path) -> None:
    """Files are written below `folder`, and so are those of the user mmviz would read."""
    global _home
    _home = folder
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())


def _refusing(read: Callable[[bytes], None]) -> Reader:
    def tried(data: bytes) -> bool:
        try:
            read(data)
        except InputError as error:
            said = str(error)
            assert said, "says nothing"
            assert said.replace(THIN, " ").isprintable(), f"not one printable line: {said!r}"
            assert len(said) < 2_000, f"no one reads {len(said)} characters"
            return False
        return True

    return tried


def _priced(workload: Workload, device: Device) -> None:
    """Every number of it in every format, and its words."""
    for dtype in BYTES:
        cost = price(Setup(workload, device, dtype=dtype))
        assert cost.predicted_s is None or 0 < cost.predicted_s < math.inf, cost.predicted_s
        str(cost.basis)


def device() -> Made:
    workload = from_widths((784, 2048, 10))

    def read(data: bytes) -> None:
        found = parse_device(data, "mine", "mine.toml")
        str(device_words.about(found))
        _priced(workload, found)
        again = parse_device(dump(found), "mine", "mine.toml")
        assert again.peaks == found.peaks, "written and read again it is another"
        assert again.tiles == found.tiles, "written and read again it is another"

    files = (*asset("devices").glob("*.toml"),)
    return _refusing(read), tuple(file.read_bytes() for file in sorted(files))


def _packed() -> networks.NetworkFile:
    """A network with more numbers of its own than are written to be read."""
    drawn = np.random.default_rng(1).standard_normal((40, 30))
    layer = Dense(30, "relu", "a", GivenMatrix.of(drawn), (0.1,) * 30)
    many = Network("many", 40, (layer,), GivenMatrix.of(np.round(drawn.T, 1)))
    return networks.NetworkFile("", many, 30)


def network() -> Made:
    a100 = read_device("a100")

    def read(data: bytes) -> None:
        file = networks.parse(data, "mine.toml")
        assert networks.parse(network_writer.dump(file), "mine.toml") == file, "saved it is another"
        if len(file.network.layers) < 100:
            _priced(file.network, a100)

    own = tuple(f.read_bytes() for f in sorted(asset("presets").glob("*.toml")))
    return _refusing(read), (*own, network_writer.dump(_packed()))


def listed() -> Made:
    a100 = read_device("a100")

    def read(data: bytes) -> None:
        file = networks.parse_list(data, "mine.csv")
        again = networks.parse_list(network_writer.dump(file), "mine.csv")
        assert again.network == file.network, "saved it is another"
        _priced(file.network, a100)

    trials = (b"m,n,k,count,name\n1024,2304,768,12,qkv\n1,1,1,1,\n", b"k,m,n\n3,2,1\n")
    own = tuple(file.read_bytes() for file in sorted(asset("presets").glob("*.csv")))
    return _refusing(read), (*own, *trials)


def timings() -> Made:
    def read(data: bytes) -> None:
        path = _home / "timings.csv"
        path.write_bytes(data)
        read_timings(path)

    rows = "".join(f"{i},{2 * i},{3 * i},{0.01 * i},x\n" for i in range(1, 40))
    return _refusing(read), (b"m,n,k,time_ms,note\n" + rows.encode(), b"time_ms,k,n,m\n1,2,3,4\n")


def examined() -> Made:
    def read(data: bytes) -> None:
        path = _home / "exam.csv"
        path.write_bytes(data)
        for question in read_exam(path):
            assert math.isfinite(question.expected)
            _ = question.arguments
            with contextlib.suppress(InputError, ZeroDivisionError):
                question.answer({"total": {"tiles": 4, "waves": 0}, "products": [{"tiles": 2}]})

    rows = asset("exam", "exam.csv").read_bytes().splitlines(keepends=True)
    return _refusing(read), (b"".join(rows[:5]), rows[0] + rows[-1])


_CALIBRATION = {
    "version": calibration.VERSION, "cores": 2, "threads": 2, "took_s": 9.1,
    "call_s": 8.8e-7, "cache": 33_554_432,
    "copies": [[1, 134_217_728, 0.019], [2, 134_217_728, 0.012]],
    "rows": [
        ["float32", threads, side, side, side, side**3 * 1e-11, side**3 * 1.1e-11, 21, side == 96]
        for threads in (1, 2) for side in (64, 96, 512)
    ],
    "machine": {
        "cpu": "a CPU", "cores": 2, "logical_cores": 4, "memory": 2**34, "system": "Linux",
        "blas": {"library": "openblas", "version": "0.3", "architecture": "SkylakeX", "threads": 2},
        "variables": {"OMP_NUM_THREADS": "2"}, "versions": {"numpy": "2.0"},
    },
    "fitted": [{
        "dtype": "float32", "threads": 2, "rows": 28, "kept": 14, "error": 0.1, "error_long": 0.08,
        "constants": {"t0": 1e-6, "one": 2e-11, "all": 1e-11, "wake": 1e-6, "near": 1e-11},
    }],
}  # fmt: skip


def calibrated() -> Made:
    bare = this_machine.this_machine()
    workload = from_widths((784, 2048, 10))

    def read(data: bytes) -> None:
        path = _home / "calibration.toml"
        path.write_bytes(data)
        measured = calibration.read(path)
        assert measured is not None
        str(calibration.differences(measured, measured.machine, measured.cores))
        [str(remark) for remark in measured.remarks()]
        _priced(workload, this_machine.calibrated(bare, measured))

    return _refusing(read), (tomli_w.dumps(_CALIBRATION).encode(),)


def kept() -> Made:
    def read(data: bytes) -> None:
        path = _home / "settings.toml"
        path.write_bytes(data)
        found = settings.read(path)
        if found is not None and found.session is not None:
            stored._opened(found.session)

    look = {"theme": "dark", "speed": 1.0, "layouts": {"picture": "b:QUJD"}, "geometry": "a:AAAA"}
    tiny = networks.read_preset("two-by-two")
    edited = dump(read_device("h100")).decode()
    listed = b"m,n,k,count,name\n64,32,16,2,a\n1,1,1,1,b\n"
    own = networks.parse_list(listed, "its list")
    sweep = {"axis": "batch", "layer": 0, "batches": [1, 64], "widths": [1, 64], "value": "pass"}
    sessions = (
        {"preset": "alexnet", "batch": 128, "device": "h100", "edited": edited, "sweep": sweep},
        {"network": settings.network_table(tiny), "batch": 2, "device": "lanes-16"},
        {"network": settings.network_table(own), "device": "a100", "tile": [64, 64]},
        {"network": settings.network_table(_packed()), "batch": 30, "device": "h100"},
        {"preset": "mlp", "device": "h100", "edits": {"figures": {"units": 9}, "unknown": ["L2"]}},
    )
    tables = ({"version": 1, **look, "session": session} for session in sessions)
    return _refusing(read), tuple(packed.dumps(table).encode() for table in tables)


def message() -> Made:
    names = ("numpy", "loop")
    plan = BenchPlan(network=from_widths((4, 3)), batches=(1, 8), backends=names)

    def read(data: bytes) -> bool:
        supervisor = Supervisor(plan)
        started = supervisor.next(0.0)
        assert isinstance(started, Start)
        supervisor.received(data + b"\n", 0.0)
        supervisor.exited(0)
        live = Live(plan)
        while (doing := supervisor.next(1.0)) is not None:
            str(getattr(doing, "reason", ""))
            if isinstance(doing, Say):
                live.hear(doing.message)
                str(live.doing)
        assert supervisor.collector is not None
        for run in supervisor.collector.results().runs:
            str(run.failure or "")
        try:
            messages.decode(data)
        except ValueError:
            return False
        return True

    said = (
        messages.Phase(names[0], 1, "timing"),
        messages.Samples(names[0], 8, [1e-3, 2e-3, 1.5e-3], 3),
        messages.Estimate(names[1], 1, 12.5, 0.01),
        messages.Checked(names[0], 8, 1e-7),
        messages.Failed(names[1], 1, messages.Text("{a} of {b:seconds}", a="x", b=2.5)),
        messages.Progress(0.5, messages.Text("{x}", x=messages.Text("memory"))),
        messages.Finished(),
    )
    return read, tuple(messages.encode(one)[:-1] for one in said)


def planned() -> Made:
    def read(data: bytes) -> bool:
        try:
            decode_plan(data)
        except (ValueError, InputError):
            return False
        return True

    plan = BenchPlan(network=from_widths((4, 3)), batches=(1, 8), backends=("numpy",))
    return read, (encode_plan(plan)[:-1],)


def catalogue() -> Made:
    def read(data: bytes) -> None:
        file = _home / "languages" / "xx.po"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
        words = speak("xx", (_home / "languages",))
        words(messages.Text(("{n:group} step", "{n:group} steps"), n=2))

    return _refusing(read), (_CATALOGUE,)


_CATALOGUE = rb"""
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#, fuzzy
msgid "paused"
msgstr "ruht"

msgid "{n:group} step"
msgid_plural "{n:group} steps"
msgstr[0] "{n:group} Schritt"
msgstr[1] "{n:group} Schritte"

#: mmviz/words/live.py
msgid "stopped"
msgstr "ange\"halten\""
"""


def other_settings() -> Made:
    """Another program's settings, which are asked whether nothing may move."""

    def read(data: bytes) -> None:
        path = _home / "settings.ini"
        path.write_bytes(data)
        settings._ini(path, "Settings", "gtk-enable-animations")

    return _refusing(read), (b"[Settings]\ngtk-enable-animations=0\nx = y\n  z\n; c\n",)


def kept_run() -> Made:
    def read(data: bytes) -> None:
        path = _home / "run.jsonl"
        path.write_bytes(data)
        found = journal.read(path)
        for run in found.results.runs:
            str(run.failure or "")
        str(found.over.ended)

    plan = BenchPlan(network=from_widths((4, 3)), batches=(1, 8), backends=("numpy", "loop"))
    head = msgspec.json.encode(journal.Head(when=1.0, plan=plan)) + b"\n"
    said = (
        messages.Samples("numpy", 8, [1e-3, 2e-3, 1.5e-3], 3),
        messages.Estimate("loop", 1, 12.5, 0.01),
        messages.Checked("numpy", 8, 1e-7),
    )
    over = msgspec.json.encode(journal.Over()) + b"\n"
    return _refusing(read), (head + b"".join(map(messages.encode, said)) + over,)


def results() -> Made:
    """What `mmviz bench --json` wrote."""

    def read(data: bytes) -> None:
        path = _home / "results.json"
        path.write_bytes(data)
        for run in run_files.read_run(path).results.runs:
            str(run.failure or "")

    collector = Collector(BenchPlan(network=from_widths((4, 3)), batches=(8,), backends=("numpy",)))
    collector.add(messages.Samples("numpy", 8, [1e-3, 2e-3, 1.5e-3], 3))
    return _refusing(read), (runs.to_json(collector.results()),)


def swept() -> Made:
    """The points of a sweep that are measured already."""
    plan = SweepPlan(from_widths((4, 3)), (1, 8), ("numpy",), widths=(3, 5))

    def read(data: bytes) -> None:
        path = _home / "sweep.jsonl"
        path.write_bytes(data)
        for collector in sweep_log.read(path, plan).values():
            collector.results()

    path = _home / "sweep.jsonl"
    path.unlink(missing_ok=True)
    log = sweep_log.SweepLog(path, plan)
    for width in plan.widths:
        log.begin(width)
        log.add(messages.Samples("numpy", 8, [1e-3, 2e-3, 1.5e-3], 3))
    log.close()
    return _refusing(read), (path.read_bytes(),)


def recorded() -> Made:
    """What a recording's file says of itself, beside columns that are sound."""
    places = {"m": (0, 0, 1, 1), "n": (0, 1, 0, 1), "unit": (0, 1, 0, 1), "core": (0, 1, 0, 1)}
    times = {"start": (0.0, 0.0, 1e-3, 1.1e-3), "end": (1e-3, 1.1e-3, 2e-3, 2e-3)}
    arrays = {
        **{name: np.array(column, "<i4") for name, column in places.items()},
        **{name: np.array(column, "<f8") for name, column in times.items()},
    }

    def read(data: bytes) -> None:
        _drawn(_read(data))

    def _read(data: bytes) -> Recording:
        path = _home / "recording.npz"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("recording.json", data)
            for name, array in arrays.items():
                archive.writestr(f"{name}.npy", columns.packed(array))
        return npz.read(path)

    return _refusing(read), (_RECORDED,)


def _drawn(found: Recording) -> None:
    """What a window asks of it, and written again."""
    for one in found.products:
        one.trace.ready()
        one.trace.at(one.trace.duration / 2).state()
        slots_of(one.trace.start, one.trace.end, one.trace.unit)
        assert all(str(unit) for unit in one.units)
    npz.as_bytes(found)
    chrome_trace.as_bytes(found)


def traced() -> Made:
    """A Chrome trace that mmviz wrote."""
    setup = Setup(from_widths((64, 100)), read_device("v100"), 100, tile=(32, 64))
    made = replace(modelled_pass(setup), command="mmviz trace " + 99 * "far/" + "one.json")

    def read(data: bytes) -> None:
        path = _home / "own.json"
        path.write_bytes(data)
        _drawn(chrome_reading.read(path))

    return _refusing(read), (chrome_trace.as_bytes(made),)


_RECORDED = msgspec.json.encode(
    {
        "version": 1, "kind": "recorded", "batch": 100, "dtype": "float32", "training": False,
        "network": {"name": "one", "inputs": 64, "layers": [{"units": 100, "activation": "relu"}]},
        "by": "cpu-tiles", "order": "static", "machine": "a CPU", "when": 1.7e9, "timer_s": 5e-8,
        "command": "mmviz trace 64-100 -o " + 99 * "far/" + "one.npz", "facts": {"numpy": "2.0"},
        "remarks": [{"msgid": "{n:group} threads", "many": "", "values": [["n", 2]]}],
        "units": [[{"msgid": "core {n:d}", "many": "", "values": [["n", n]]} for n in range(2)]],
        "computed": [{
            "rows": 4, "tile": [64, 64], "k_step": 32, "resident": 1, "order": "rows",
            "wall_s": 2.1e-3, "packing_s": 1e-4, "error": 3e-7, "cores": True, "walls_s": [2.1e-3],
            "spent": {"plain_s": 2e-3, "tiled_s": 2.1e-3, "stamped_s": 2.1e-3, "rounds": 5},
            "beside": {"others": 0.1, "waited": [0.0, 0.1]},
        }],
    }
)  # fmt: skip


def opened() -> Made:
    """Whatever a person chooses in the dialog: what it is, its content tells."""

    def read(data: bytes) -> None:
        path = _home / "chosen"
        path.write_bytes(data)
        networks.read_file(path)

    onnx = b"\x08\x07\x12\x07pytorch\x1a\x052.0.0"
    foreign = (onnx, b"PK\x03\x04 xl/workbook.xml", b"%PDF-1.4", b"a: 1\nb:\n  - c\n", b'{"a": 1}')
    tables = (b"sep=;\r\nM;N;K\r\n1;2;3\r\n", "M\tN\tK\n1\t2\t3\n".encode("utf-16"))
    printed = b"Layer (type)  Output Shape\n===\n", b"| m | n | k |\n|---|---|---|\n| 1 | 2 | 3 |\n"
    return _refusing(read), (*foreign, *tables, *printed, b"inputs = 2\n[[layers]]\nunits = 1\n")


_LEARNT = (
    *(fuzz_learning.drawings, fuzz_learning.known, fuzz_learning.lesson, fuzz_learning.rates),
    *(fuzz_learning.taught_by_steps, fuzz_learning.guesses),
)


def _learnt(made: Callable[[Path], tuple[Callable[[bytes], object], tuple[bytes, ...]]]) -> Made:
    read, seeds = made(_home)
    return _refusing(read), seeds


READERS: dict[str, Callable[[], Made]] = {
    "device": device,
    "network": network,
    "list": listed,
    "timings": timings,
    "exam": examined,
    "calibration": calibrated,
    "settings": kept,
    "message": message,
    "plan": planned,
    "catalogue": catalogue,
    "ini": other_settings,
    "journal": kept_run,
    "results": results,
    "sweep": swept,
    "recording": recorded,
    "trace": traced,
    "opened": opened,
    **{made.__name__: functools.partial(_learnt, made) for made in _LEARNT},
}
