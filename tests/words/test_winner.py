"""Who won a run is said by what was measured: never inside the error, never without a cause."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from mmviz.backends.base import Part, Place, What
from mmviz.bench.load import Load
from mmviz.bench.results import Results, Run
from mmviz.bench.stats import summarize
from mmviz.words.timing import Tone
from mmviz.words.winner import told, winner

SPREAD = (0.98, 0.99, 1.0, 1.01, 1.02)


LLVMPIPE = Place("llvmpipe (LLVM 15.0.6, 256 bits)", software=True, clock=True)
GEFORCE = Place("GeForce", clock=True)


def parts(**seconds: float) -> tuple[Part, ...]:
    what: dict[str, What] = {
        "forward": "forward",
        "rest": "rest",
        "launch": "launch",
        "upload": "upload",
        "download": "download",
    }
    return tuple(Part(what[name], 0, value) for name, value in seconds.items())


def timed(
    backend: str,
    p50: float,
    *,
    n: int = 40,
    batch: int = 33,
    estimated: bool = False,
    parts: tuple[Part, ...] = (),
    fingerprint: float | None = None,
    place: Place | None = None,
) -> Run:
    samples = (p50,) if estimated else tuple(p50 * SPREAD[i % 5] for i in range(n))
    return Run(
        backend,
        batch,
        samples,
        estimated,
        summarize(samples),
        parts=parts,
        fingerprint=fingerprint,
        place=place,
    )


def results(runs: Sequence[Run]) -> Results:
    return Results(
        network="64-48-10",
        dtype="float32",
        training=False,
        seed=1,
        machine=None,
        runs=tuple(runs),
    )


NUMPY = timed("numpy", 8e-6, parts=parts(forward=5e-6, rest=2e-6))
LOOP = timed("loop", 3.2e-3)


def wgpu(place: Place = GEFORCE) -> Run:
    found = parts(launch=1.5e-4, forward=2e-4, rest=3e-5)
    return timed("wgpu", 2e-4, parts=found, place=place)


def test_the_fastest_won_by_so_many_times_for_a_cause_that_was_measured() -> None:
    said = str(winner(results((LOOP, NUMPY, wgpu()))))
    assert said == (
        "NumPy won: 8.00 µs a pass, 25.0 × as fast as wgpu, 400 × as fast as Python for-loops; "
        "a launch of nothing alone takes wgpu 150 µs, longer than a whole pass of NumPy"
    )


def test_a_software_adapter_is_never_a_gpu() -> None:
    said = str(winner(results((LOOP, NUMPY, wgpu(LLVMPIPE)))))
    assert "25.0 × as fast as wgpu (software, no GPU)" in said
    said = str(winner(results((NUMPY, timed("wgpu", 2e-4, place=LLVMPIPE)))))
    assert said.endswith("; wgpu computes on this CPU, too, by a graphics driver")
    said = str(winner(results((NUMPY, timed("wgpu", 1e-6, place=LLVMPIPE)))))
    assert said.startswith("wgpu (software, no GPU) won: ")


def test_products_and_all_else_are_causes_too() -> None:
    gpu = timed("wgpu", 1e-3, parts=parts(forward=9e-4, rest=1e-4))
    slow = timed("numpy", 3e-2, parts=parts(forward=2.9e-2, rest=1e-3))
    said = str(winner(results((slow, gpu))))
    assert said.startswith("wgpu won: 1.00 ms a pass, 30.0 × as fast as NumPy; ")
    assert said.endswith("the products alone take wgpu 900 µs, NumPy 29.0 ms")
    slow = timed("numpy", 3e-2, parts=parts(forward=2e-3, rest=2.8e-2))
    said = str(winner(results((slow, gpu))))
    assert said.endswith("such as bias and activation, takes wgpu 100 µs, NumPy 28.0 ms")


def test_python_multiplies_number_by_number() -> None:
    said = str(winner(results((LOOP, NUMPY))))
    assert said.endswith("; Python for-loops: number by number, without a library")


def test_an_estimate_is_about() -> None:
    said = str(winner(results((timed("loop", 7200.0, estimated=True), timed("numpy", 0.034)))))
    assert "about 210 000 × as fast as Python for-loops (estimated)" in said.replace("\u202f", " ")

    soft = Run("wgpu", 33, (7.0,), True, summarize((7.0,)), place=LLVMPIPE)
    said = str(winner(results((soft, timed("numpy", 0.034)))))
    assert "as fast as wgpu (software, no GPU · estimated)" in said


def test_within_the_error_nobody_won() -> None:
    said = str(winner(results((timed("numpy", 1e-3), timed("wgpu", 1.0005e-3), LOOP))))
    assert said.startswith("nobody won: NumPy and wgpu are too close to call: ")
    assert said.endswith("; NumPy is 3.20 × as fast as Python for-loops")


def test_a_little_is_told_as_a_share_with_its_error() -> None:
    said = str(winner(results((timed("numpy", 1e-3), timed("wgpu", 1.05e-3, place=GEFORCE)))))
    assert said == "NumPy won: 1.00 ms a pass, 4.76 % ± 0.67 % less than wgpu"


def test_a_handful_of_samples_tells_a_factor_of_two_and_no_less() -> None:
    few = timed("numpy", 1e-3, n=3)
    said = str(winner(results((few, timed("wgpu", 1.5e-3)))))
    assert said == "nobody won: NumPy and wgpu are too near for so few samples"
    said = str(winner(results((few, timed("wgpu", 2.5e-3)))))
    assert "about 2.5 × as fast as wgpu" in said
    said = str(winner(results((few, timed("loop", 1.5e-3, estimated=True)))))
    assert said.endswith("are too near for an estimate")


def test_where_others_computed_a_handful_of_samples_tells_little() -> None:
    crowd = Load(wall_s=1.0, core_s=2.0, others_s=1.4, ran_s=0.5, waited_s=1.4)
    few = msgspec.structs.replace(timed("numpy", 7.9e-2, n=4), load=crowd)
    soft = timed("wgpu", 6.6e-3, place=LLVMPIPE)
    assert str(winner(results((few, soft)))) == (
        "nobody won: too little is known of wgpu (software, no GPU) and NumPy: "
        "other programs were running"
    )
    many = msgspec.structs.replace(timed("numpy", 7.9e-2), load=crowd)
    said = str(winner(results((many, soft))))
    assert said.startswith("wgpu (software, no GPU) won: ")
    assert said.endswith("; but other programs were running")
    long = Run("wgpu", 33, (4.0,), True, summarize((4.0,)), place=LLVMPIPE, load=crowd)
    assert " won: " in str(winner(results((timed("numpy", 0.3), long))))
    assert "nobody" in str(winner(results((timed("numpy", 0.5), long))))


def test_another_precision_and_the_copies_are_said_with_it() -> None:
    gpu = timed("cupy", 1e-3, parts=parts(upload=2e-2, download=2e-2), fingerprint=2.9e-4)
    said = str(winner(results((gpu, timed("numpy", 3e-2)))))
    assert "; but CuPy: this ran in TF32; " in said
    assert said.endswith("; but with the copies to it and back CuPy takes 41.0 ms, and loses")
    short = timed("cupy", 1e-3, parts=parts(upload=1e-4, download=1e-4))
    assert "copies" not in str(winner(results((short, timed("numpy", 3e-2)))))


def test_of_several_batches_the_largest_is_told_or_the_one_asked_for() -> None:
    runs = (NUMPY, wgpu(), timed("numpy", 1e-3, batch=64), timed("wgpu", 1e-4, batch=64))
    found = results((*runs, timed("numpy", 1e-2, batch=128)))
    assert str(winner(found)).startswith("at batch 64 wgpu won: ")
    assert str(winner(found, 33)).startswith("NumPy won: ")


def test_who_ran_alone_won_nothing() -> None:
    assert not winner(results((LOOP,)))
    assert not winner(results(()))
    assert not winner(results((timed("numpy", 1e-3), Run("wgpu", 33, ()))))


def test_it_is_the_first_note_once_the_run_is_over() -> None:
    found = results((NUMPY, wgpu(LLVMPIPE)))
    assert told(found, ended=True)[0].tone is Tone.VERDICT
    assert all(note.tone is not Tone.VERDICT for note in told(found, ended=False))
    said = [str(note.text) for note in told(found, ended=True)]
    assert "wgpu: software, no GPU" in said


def test_parts_that_take_far_longer_than_their_pass_explain_nothing() -> None:
    quick = timed("numpy", 8e-6, parts=parts(forward=5e-6))
    for forward, why in ((0.9e-3, "the products alone take"), (2.9e-3, "computes on this CPU")):
        found = parts(launch=6e-5, forward=forward)
        slow = timed("wgpu", 7e-4, parts=found, place=LLVMPIPE)
        assert why in str(winner(results((quick, slow))))
