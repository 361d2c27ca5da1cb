"""Every reader of mmviz on mutated files: what escapes, what is slow, what is large.

    python benchmarks/fuzz.py                         # 2,000 inputs for each reader
    python benchmarks/fuzz.py --inputs 100000 --seed 3
    python benchmarks/fuzz.py --readers device,message --keep /tmp/found
    python benchmarks/fuzz.py --dear                  # the dearest of their size instead

A reader reads the input and does with it what mmviz would do next: a device is written, read again
and priced, messages are folded into a run. It may refuse, in one printable line; any other
exception is a fault. The same seed gives the same inputs. Time is that of the process, memory what
its largest size grew by, which Linux and macOS tell.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parent))

import fuzz_dear  # both lie beside this file
import fuzz_readers

NASTY = (
    *(b"nan", b"-inf", b"inf", b"1e308", b"-1e308", b"5e-324", b"1e-308", b"1e31", b"0", b"-0.0"),
    *(b"-1", b"0.5", b"1_0", b"0x7fffffffffffffff", b"9223372036854775807", b"16777216"),
    *(b"9" * 30, b"9" * 400, b"9" * 5_000, b"true", b"null", b'""', b"''", b"[]", b"{}", b"{}{}"),
    *(b"[" * 40, b"[" * 20_000, b"]" * 9, b'{"a":' * 500, b"a." * 12, b"a." * 3_000, b"=" * 9),
    *(b'"', b"'", b'"""', b"'''", b"\\", b"\\u0000", b"\\ud800", b"#", b"\n", b"\r", b"\t", b","),
    *(b";", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\x1b[31m", b"\xc2\x9b", "\u202e".encode()),
    *("\u2028".encode(), b"<b>x</b>", b"&amp;", b"=1+1", b"%s%n{0}{x!r:.3}", b"a" * 70, b"b" * 500),
    *(b"1979-05-27", b"07:32:00", b"\n[a]\n", b"\n[[a]]\n", b"\nlike = 'h100'\n", b",,,,", b"1,1,"),
)
FOUND = 8  # faults shown of one reader


@dataclass(slots=True)
class Tally:
    """What came of one reader's inputs."""

    inputs: int = 0
    read: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    largest_kb: int = 0
    slowest: bytes = b""
    largest: bytes = b""


def mutated(seeds: tuple[bytes, ...], chance: random.Random) -> bytes:
    """One of the seeds after one to eight changes."""
    data = bytearray(chance.choice(seeds))
    for _ in range(1 + int(chance.expovariate(0.7)) % 8):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + int(chance.expovariate(0.1)))
        match chance.randrange(9):
            case 0 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case 1:
                del data[at:end]
            case 2:
                data[at:at] = data[at:end] * chance.choice((1, 2, 50, 2_000))
            case 3 | 4:
                data[at:at] = chance.choice(NASTY)
            case 5 | 6:  # instead of a number or a word
                start, stop = _word(data, at)
                data[start:stop] = chance.choice(NASTY)
            case 7:
                other = chance.choice(seeds)
                cut = chance.randrange(len(other) + 1)
                data[at:] = other[cut:]
            case _ if chance.random() < 0.3:
                del data[at:]
            case _:
                first, second = _word(data, at), _word(data, chance.randrange(len(data) + 1))
                data[slice(*first)] = data[slice(*second)]
    return bytes(data)


def _word(data: bytearray, at: int) -> tuple[int, int]:
    """Where the number or word begins and ends that stands at this place, or before it."""
    signs = b"0123456789+-.eE_abcdfghijklmnopqrstuvwxyzABCDFGHIJKLMNOPQRSTUVWXYZ"
    while at and (at == len(data) or data[at] not in signs):
        at -= 1
    start = end = at
    while start and data[start - 1] in signs:
        start -= 1
    while end < len(data) and data[end] in signs:
        end += 1
    return start, end


def try_one(read: Callable[[bytes], bool], data: bytes, tally: Tally) -> str:
    """Read it and count; the traceback of a fault, "" where there is none."""
    before, began = _peak_kb(), process_time()
    said = ""
    try:
        tally.read += read(data)
    except Exception as error:  # the one thing this looks for
        frame = traceback.extract_tb(error.__traceback__)[-1]
        tally.faults[f"{type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"] += 1
        said = "".join(traceback.format_exception(error)[-4:])
    took, grown = process_time() - began, _peak_kb() - before
    tally.inputs += 1
    if took > tally.slowest_s:
        tally.slowest_s, tally.slowest = took, data
    if grown > tally.largest_kb:
        tally.largest_kb, tally.largest = grown, data
    return said


def _peak_kb() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform != "darwin" else peak // 1024


def tried(name: str, inputs: int, seed: int, keep: Path | None) -> Iterator[str]:
    """Try one reader; lines about its faults, and at last what came of all."""
    tally, chance = Tally(), random.Random(f"{name} {seed}")
    read, seeds = fuzz_readers.READERS[name]()
    for data in seeds:  # what loads or is cached once is no cost of an input
        read(data)
    known: set[str] = set()
    for _ in range(inputs):
        data = mutated(seeds, chance)
        said = try_one(read, data, tally)
        if said and said not in known and len(known) < FOUND:
            known.add(said)
            yield f"{name}: {said}"
            if keep is not None:
                (keep / f"{name}-{len(known)}.bin").write_bytes(data)
    if keep is not None:
        (keep / f"{name}-slowest.bin").write_bytes(tally.slowest)
        (keep / f"{name}-largest.bin").write_bytes(tally.largest)
    yield (
        f"{name:12} {tally.inputs:>7} inputs {tally.read:>7} read "
        f"{tally.faults.total():>5} faults   slowest {1e3 * tally.slowest_s:7.1f} ms "
        f"({len(tally.slowest)} B)   largest +{tally.largest_kb / 1024:.0f} MB"
    )
    yield from (f"    {n} × {where}" for where, n in tally.faults.most_common())


def costs(name: str) -> Iterator[str]:
    """A line about each dear input of one reader, each read in a process of its own."""
    read, seeds = fuzz_readers.READERS[name]()
    for data in seeds:
        read(data)
    for what, data in fuzz_dear.dear(name):
        ours, theirs = os.pipe()
        if not (child := os.fork()):
            tally = Tally()
            said = try_one(read, data, tally)
            result = f"{tally.slowest_s} {tally.largest_kb} {tally.read} {bool(said)}"
            os.write(theirs, result.encode())
            os._exit(0)
        os.close(theirs)
        os.waitpid(child, 0)
        seconds, kb, was_read, fault = os.read(ours, 200).decode().split() or ("nan", "0", "0", "T")
        os.close(ours)
        verdict = "a fault in it" if fault != "False" else "read" if was_read == "1" else "refused"
        yield (
            f"{name:12} {what:28} {len(data):>9} B {float(seconds):8.3f} s "
            f"{int(kb) / 1024:+8.0f} MB  {verdict}"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--readers", default=",".join(fuzz_readers.READERS))
    parser.add_argument("--inputs", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for faults and extremes")
    parser.add_argument("--dear", action="store_true", help="the dearest inputs of their size")
    options = parser.parse_args()
    if options.keep is not None:
        options.keep.mkdir(parents=True, exist_ok=True)
    faulty = False
    with tempfile.TemporaryDirectory() as folder:
        fuzz_readers.at_home_in(Path(folder))
        for name in options.readers.split(","):
            args = (name, options.inputs, options.seed, options.keep)
            for line in costs(name) if options.dear else tried(*args):
                print(line, flush=True)
                faulty = faulty or " in " in line
    return int(faulty)


if __name__ == "__main__":
    raise SystemExit(main())
