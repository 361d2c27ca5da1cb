"""The words of a timing run: every figure knows where it comes from."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from mmviz.backends.base import Part, Place
from mmviz.backends.registry import Entry
from mmviz.bench.load import Load
from mmviz.bench.machine import OWN_VARIABLES, Blas, Machine
from mmviz.bench.results import Run
from mmviz.bench.stats import FEW, summarize
from mmviz.files.devices import read_device
from mmviz.state.clock.rows import IDS, TimingRow, rows
from mmviz.units import exponent
from mmviz.words.timing import Tone, here, long_name, machine_line, missing, notes

MACHINE = Machine(
    cpu="A CPU",
    cores=2,
    logical_cores=4,
    memory=8_000_000_000,
    system="Linux",
    blas=Blas("openblas", "0.3.29", "Haswell", 2),
    variables=dict(OWN_VARIABLES),
    gpu=None,
    versions={},
)


def timed(backend: str, *samples: float, batch: int = 4, error: float | None = 1e-7) -> Run:
    return Run(backend, batch, samples, False, summarize(samples), error)


def estimated(backend: str, seconds: float, batch: int = 4) -> Run:
    return Run(backend, batch, (seconds,), True, summarize((seconds,)))


def failed(backend: str, reason: str, batch: int = 4) -> Run:
    return Run(backend, batch, (), failure=reason)


def cell(row: TimingRow, column: str) -> str:
    return str(row.cells[IDS.index(column)])


def test_measured_rows_give_figures_with_units_and_the_ratio_to_the_slowest() -> None:
    runs = [timed("numpy", *(0.2,) * FEW), timed("fake", *(0.05,) * FEW)]
    slow, fast = rows(runs, {4: 10**9}, None)
    assert cell(slow, "p50") == "200 ms"
    assert cell(slow, "p99") == "200 ms"
    assert cell(slow, "GFLOP/s") == "5.00"
    assert cell(slow, "× slowest") == "1.00"
    assert cell(fast, "× slowest") == "4.00"
    assert cell(fast, "error") == "1.0e-7"


def test_a_ratio_within_chance_is_too_close() -> None:
    """Medians 1 % apart whose samples lie 10 % around them."""
    samples = [1 + (i - FEW) / (10 * FEW) for i in range(2 * FEW + 1)]
    runs = [timed("numpy", *samples), timed("fake", *(0.99 * x for x in samples))]
    slow, near = rows(runs, {4: 10**9}, None)
    assert cell(near, "× slowest") == "too close"
    assert cell(slow, "× slowest") == "1.00"
    apart = [timed("numpy", *samples), timed("fake", *(0.5 * x for x in samples))]
    assert cell(rows(apart, {4: 10**9}, None)[1], "× slowest") == "2.00"
    few = [timed("numpy", *samples[:3]), timed("fake", *samples[1:4])]
    assert cell(rows(few, {4: 10**9}, None)[0], "× slowest") != "too close", "no error is known"


def test_the_ratio_is_to_the_slowest_of_a_batch_and_about_where_that_is_an_estimate() -> None:
    runs = [
        estimated("loop", 3600.0, batch=1),
        timed("numpy", 0.1, batch=1),
        timed("numpy", 0.8, batch=2),
        timed("fake", 0.2, batch=2),
    ]
    ratios = [cell(row, "× slowest") for row in rows(runs, {}, None)]
    assert ratios == ["1.00", "≈ 36\u202f000", "1.00", "≈ 4.00"], "of one sample each"


def test_few_samples_have_no_99_percent() -> None:
    few, many = rows([timed("numpy", *(0.2,) * (FEW - 1)), timed("fake", *(0.2,) * FEW)], {}, None)
    assert (cell(few, "p99"), cell(many, "p99")) == ("—", "200 ms")


def test_that_loops_compute_in_float64_is_told_beside_float32() -> None:
    runs = [timed("numpy", *STEADY), timed("loop", *STEADY)]
    remark = (Tone.REMARK, "Python for-loops: computes in float64")
    assert remark in told(runs)
    assert remark not in told(runs, dtype="float64")
    assert remark not in told(runs[:1])
    assert told([*runs, timed("loop", *STEADY, batch=8)]).count(remark) == 1


def test_an_estimate_says_so_and_claims_no_p99() -> None:
    (row,) = rows([estimated("loop", 14_400.0)], {4: 10**9}, None)
    assert cell(row, "p50") == "est. 4 h"
    assert cell(row, "p99") == "—"
    assert row.estimated
    assert "estimated" in str(row.help)


def test_nothing_known_is_no_data_never_a_zero() -> None:
    (row,) = rows([failed("numpy", "out of memory")], {4: 10**9}, None)
    assert tuple(map(str, row.cells[2:])) == ("no data", *["—"] * 6)
    assert str(row.help) == "out of memory"
    (row,) = rows([timed("numpy", 0.1)], {}, None)
    assert cell(row, "GFLOP/s") == "—", "an unknown FLOP count gives no rate"


def test_the_share_of_the_peak_says_whose_peak_it_is() -> None:
    here = replace(read_device("v100"), peaks=(("float32", 1e11),))
    run = timed("numpy", *(0.2,) * FEW)
    (row,) = rows([run], {4: 10**10}, None, "float32", here)
    assert cell(row, "of peak") == "50 %"
    assert str(dict(row.tips)["of peak"]) == (
        "50 % of 100 GFLOP/s, the calibrated peak of this machine"
    )
    (row,) = rows([run], {4: 10**10}, None, "bfloat16", here)
    assert cell(row, "of peak") == "—", "not calibrated in this format"
    gpu = msgspec.structs.replace(run, place=Place("NVIDIA A100-SXM4-80GB"))
    (row,) = rows([gpu], {4: 195 * 10**9}, None, "float32", here)
    assert cell(row, "of peak") == "5.0 %"
    assert "the datasheet's peak of NVIDIA A100" in str(dict(row.tips)["of peak"])
    other = msgspec.structs.replace(run, place=Place("a GPU nobody knows"))
    (row,) = rows([other], {4: 10**10}, None, "float32", here)
    assert cell(row, "of peak") == "—"


def test_a_software_adapter_is_named_so_and_stands_beside_the_peak_of_the_cpu() -> None:
    here = replace(read_device("v100"), peaks=(("float32", 1e11),))
    run = msgspec.structs.replace(
        timed("wgpu", *(0.2,) * FEW), place=Place("llvmpipe", software=True)
    )
    (row,) = rows([run], {4: 10**9}, None, "float32", here)
    assert cell(row, "backend") == "wgpu · software, no GPU"
    assert cell(row, "of peak") == "5.0 %"
    assert str(row.help).endswith("software, no GPU")


def test_the_precision_it_ran_in_stands_out_where_it_is_not_the_one_asked_for() -> None:
    run = timed("numpy", *(0.2,) * FEW)
    for e, dtype, said, odd in (
        (3e-7, "float32", "float32", False),
        (2.9e-4, "float32", "TF32", True),
        (2.9e-4, "float16", "float16", False),
        (2.4e-3, "float32", "bfloat16", True),
        (5e-3, "float16", "float16 sums", True),
        (1e-16, "float32", "float64", False),
    ):
        found = msgspec.structs.replace(run, fingerprint=e)
        (row,) = rows([found], {4: 10**9}, None, dtype)
        assert cell(row, "ran in") == said
        assert ("ran in" in row.odd) == odd, e
        assert exponent(e) in str(dict(row.tips)["ran in"])
        noted = [str(n.text) for n in notes([found], dtype, None, ended=True)]
        assert any("NumPy: this " in text for text in noted) == odd


def test_cold_copied_and_launch_are_numbers_of_their_own_in_the_tip() -> None:
    run = msgspec.structs.replace(
        timed("wgpu", *(0.2,) * FEW),
        cold=(0.3, 0.31, 0.32),
        copied=(0.4,),
        on_gpu=(0.19,),
        parts=(Part("launch", 0, 1e-4),),
    )
    (row,) = rows([run], {4: 10**9}, None, "float32")
    told = str(row.help).splitlines()
    assert "with cold caches 310 ms" in told
    assert "with copies 400 ms" in told
    assert "a launch 100 µs" in told
    assert "by the GPU's own clock 190 ms" in told


def test_names_tell_the_library_that_multiplies_once_it_is_known() -> None:
    assert str(long_name("numpy", MACHINE)) == "NumPy · OpenBLAS"
    assert str(long_name("numpy", None)) == "NumPy"
    assert str(long_name("loop", MACHINE)) == "Python for-loops"
    assert str(long_name("torch", MACHINE)) == "PyTorch · ATen"
    assert str(long_name("onnxruntime", MACHINE)) == "ONNX Runtime", "it is its own library"
    assert str(long_name("stranger", None)) == "stranger"


def test_errors_are_short() -> None:
    assert [exponent(e) for e in (3.14e-4, 0.0, 2.0, 1e-10)] == [
        "3.1e-4",
        "0",
        "2.0e0",
        "1.0e-10",
    ]


def told(runs: list[Run], dtype: str = "float32", **variables: str) -> list[tuple[Tone, str]]:
    machine = Machine(
        **{
            **{name: getattr(MACHINE, name) for name in MACHINE.__struct_fields__},
            "variables": {**OWN_VARIABLES, **variables},
        }
    )
    return [(note.tone, str(note.text)) for note in notes(runs, dtype, machine, ended=True)]


STEADY = (0.1,) * 40


def test_all_agree() -> None:
    runs = [timed("numpy", *STEADY, error=3.1e-7), timed("fake", *STEADY, error=1e-8)]
    assert told(runs) == [(Tone.AGREED, "all agree with float64 to 3.1e-7 ✓")]


def test_a_backend_that_was_not_checked_is_not_among_those_that_agree() -> None:
    runs = [estimated("loop", 60.0), timed("numpy", *STEADY), timed("fake", *STEADY)]
    assert told(runs)[0] == (Tone.AGREED, "NumPy and fake agree with float64 to 1.0e-7 ✓")


def test_who_does_not_agree_is_named_and_what_agrees_depends_on_the_dtype() -> None:
    runs = [timed("numpy", *STEADY, error=3e-3), timed("fake", *STEADY)]
    (agreed, text), (tone, wrong) = told(runs)
    assert (agreed, tone) == (Tone.AGREED, Tone.FAILURE)
    assert text.startswith("fake agrees")
    assert wrong.startswith("NumPy does not agree with float64: off by 3.0e-3")
    assert told(runs, dtype="float16") == [(Tone.AGREED, "all agree with float64 to 3.0e-3 ✓")]


def test_fluctuation_is_told_in_words_by_the_spread_of_the_samples() -> None:
    for spread, words in (
        (0.04, None),
        (0.15, "a little noisy"),
        (0.5, "noisy"),
    ):
        samples = [0.1 * (1 + spread * (i % 2)) for i in range(40)]
        texts = [text for tone, text in told([timed("numpy", *samples)]) if tone is Tone.WARNING]
        assert [words in text for text in texts] == ([True] if words else []), spread


def test_a_noisy_run_says_what_made_it_so_where_that_was_seen() -> None:
    noisy = timed("numpy", *(0.1, 0.2) * 20)
    half = "NumPy: noisy: half the samples differ by more than 67 %"
    for load, said in (
        (None, half),
        (Load(wall_s=1.0, core_s=2.0, others_s=0.1), half),
        (Load(wall_s=1.0, core_s=2.0, others_s=1.0), f"{half}; other programs were running"),
        (Load(wall_s=0.1, core_s=0.2, others_s=0.1), half),  # too short to be counted
        (Load(wall_s=1.0, core_s=2.0, waited_s=1.0, ran_s=1.0), f"{half}; its threads waited"),
    ):
        run = msgspec.structs.replace(noisy, load=load)
        (found,) = [text for tone, text in told([run]) if text.startswith("NumPy: noisy")]
        assert found == said if said.endswith(("%", "running")) else found.startswith(said)


def test_few_samples_are_told_but_only_when_no_more_will_come() -> None:
    runs = [timed("numpy", 0.1, 0.1)]
    assert (Tone.WARNING, "NumPy: only 2 samples; more seconds tell more") in told(runs)
    assert all(
        "only" not in str(note.text) for note in notes(runs, "float32", MACHINE, ended=False)
    )


def test_failures_are_told_in_words_and_their_batch_if_there_are_several() -> None:
    runs = [failed("numpy", "out of memory", batch=2048), timed("numpy", *STEADY, batch=1)]
    assert (Tone.FAILURE, "NumPy at batch 2\u202f048: no data, out of memory") in told(runs)


def test_a_variable_that_steers_blas_is_named_with_the_core_it_runs_as() -> None:
    texts = [text for _, text in told([], OPENBLAS_CORETYPE="Haswell", OMP_NUM_THREADS="2")]
    assert texts == [
        "OPENBLAS_CORETYPE=Haswell is set: OpenBLAS runs Haswell kernels",
        "OMP_NUM_THREADS=2 is set: OpenBLAS runs on 2 threads",
    ]
    assert told([]) == [], "what mmviz itself sets is no warning"


def test_provenance() -> None:
    assert str(here([timed("numpy", 0.1)])) == "measured here"
    assert str(here([estimated("loop", 1.0)])) == "estimated here"
    both = here([estimated("loop", 1.0), timed("numpy", 0.1)])
    assert str(both) == "measured and estimated here"
    assert str(here([failed("numpy", "x")])) == "no data"


def test_the_machine_in_one_line() -> None:
    expected = "A CPU · 2 cores · OpenBLAS 0.3.29, Haswell kernels, 2 threads"
    assert str(machine_line(MACHINE)) == expected
    assert str(machine_line(None)) == "machine: no data"


def test_a_missing_backend_has_a_reason_and_a_remedy() -> None:
    entry = Entry("cupy", "CuPy", ("float32",), False, "no GPU was found", "plug one in")
    assert str(missing(entry)) == "CuPy cannot run here: no GPU was found; plug one in"
