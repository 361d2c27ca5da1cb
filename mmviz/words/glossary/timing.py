"""How long it takes: what a time is made of, and how it is measured."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

TIMING = Group(
    "timing",
    N_("How long"),
    (
        Term(
            "setup",
            N_("setup"),
            N_("what is priced: workload, batch, training, device, number format, tile, order"),
            seen=(),
            types=("Setup",),
        ),
        Term(
            "flops",
            N_("FLOP/s"),
            N_("how many of them in a second"),
            seen=("FLOP/s", "kFLOP/s", "MFLOP/s", "GFLOP/s", "TFLOP/s", "PFLOP/s"),
        ),
        Term(
            "peak",
            N_("peak"),
            N_("the most FLOP/s the datasheet promises"),
            seen=("peak", "where the peak goes"),
        ),
        Term(
            "bandwidth",
            N_("bandwidth"),
            N_("bytes that memory delivers in a second"),
        ),
        Term(
            "intensity",
            N_("arithmetic intensity"),
            N_("FLOP for each byte moved, each matrix moved once"),
            seen=("arithmetic intensity", "intensity", "FLOP per byte", "FLOP/B"),
        ),
        Term(
            "roofline",
            N_("roofline"),
            N_("the most FLOP/s possible at each intensity: first bandwidth, then the peak"),
        ),
        Term(
            "ridge",
            N_("ridge (point)"),
            N_("the intensity at which memory and arithmetic take equally long"),
            seen=("ridge", "ridge point"),
        ),
        Term(
            "membound",
            N_("memory-bound"),
            N_("moving the bytes takes longer than the arithmetic"),
            seen=("memory-bound", "memory bound"),
        ),
        Term(
            "compbound",
            N_("compute-bound"),
            N_("the arithmetic takes longer than moving the bytes"),
            seen=("compute-bound", "compute bound"),
        ),
        Term(
            "limiter",
            N_("limiter"),
            N_("what most of the predicted time goes to"),
            seen=("limiter", "limited by"),
        ),
        Term(
            "tilequant",
            N_("tile quantization"),
            N_("work on cells past the edge, because tiles come whole"),
        ),
        Term(
            "wavequant",
            N_("wave quantization"),
            N_("units idle in the last wave, because waves come whole"),
        ),
        Term(
            "alignment",
            N_("alignment"),
            N_("whether rows begin where the hardware can load whole pieces"),
        ),
        Term(
            "efficiency",
            N_("kernel efficiency"),
            N_(
                "how much of the peak a kernel reaches while all units compute; fitted to measured "
                "products"
            ),
        ),
        Term(
            "learned",
            N_("learned from timings"),
            N_(
                "what measured products take beyond all causes, or less; read off a grid over time "
                "and sides that never lets more work take less time"
            ),
        ),
        Term(
            "tileeff",
            N_("tile efficiency"),
            N_("the share of the computed cells that are cells of Y, not past its edge"),
            seen=("tile efficiency", "tile eff."),
        ),
        Term(
            "waveeff",
            N_("wave efficiency"),
            N_("the share of the slots' time, all waves together, in which they have a tile"),
            seen=("wave efficiency", "wave eff."),
        ),
        Term(
            "constants",
            N_("constants"),
            N_(
                "the numbers of the time model that no datasheet gives, fitted to measured products"
            ),
        ),
        Term(
            "close",
            N_("too close to call"),
            N_("two figures that are nearer to each other than their errors allow to tell apart"),
            seen=("too close to call", "no verdict"),
        ),
        Term(
            "noisy",
            N_("noisy"),
            N_("samples of one run that differ much, as when other programs were running"),
            seen=("noisy", "a little noisy"),
        ),
        Term(
            "advice",
            N_("shape advice"),
            N_("neighbouring batches and widths that would take less time, and why"),
        ),
        Term(
            "thread",
            N_("thread"),
            N_("a line of work that a core follows; more of them than cores take turns"),
            seen=("thread", "threads"),
        ),
        Term(
            "kernel",
            N_("kernel"),
            N_("the program a GPU runs for one product"),
            seen=("kernel", "kernels"),
        ),
        Term(
            "launch",
            N_("launch"),
            N_("the time to get a kernel started, whatever it computes"),
            seen=("launch", "launches"),
        ),
        Term(
            "graph",
            N_("CUDA graph"),
            N_("a list of launches prepared once and replayed with less waiting"),
            seen=("CUDA graph", "CUDA graphs"),
        ),
        Term(
            "calibration",
            N_("calibration"),
            N_("fitting the constants of the time model to measured products of a device"),
            seen=("calibration", "calibrate", "calibrated", "uncalibrated"),
        ),
        Term(
            "budget",
            N_("budget"),
            N_("the longest a pass may take, 33 ms at 30 pictures a second"),
        ),
        Term(
            "error",
            N_("error (±)"),
            N_("how far predictions were off on average, on measured products kept out of the fit"),
            seen=("error", "error unknown"),
        ),
        Term(
            "backend",
            N_("backend"),
            N_("who multiplies here: a loop in Python, NumPy, a GPU's library"),
            seen=("backend", "backends"),
            types=("Backend",),
        ),
        Term(
            "numpy",
            N_("NumPy"),
            N_("Python's library for whole arrays; its products run in BLAS on all cores"),
        ),
        Term(
            "cupy",
            N_("CuPy"),
            N_("a GPU's arrays in Python; its products run in cuBLAS on an NVIDIA GPU"),
        ),
        Term(
            "torch",
            N_("PyTorch"),
            N_("the library most networks are trained with; computes on CPUs and on GPUs"),
        ),
        Term(
            "onnxruntime",
            N_("ONNX Runtime"),
            N_("a library that trained networks are deployed with: inference alone"),
        ),
        Term(
            "forloops",
            N_("Python for-loops"),
            N_(
                "every multiplication written out in Python, as a beginner would; slow, but each "
                "step can be seen"
            ),
        ),
        Term(
            "blas",
            N_("BLAS"),
            N_("the library of tuned matrix products that NumPy calls, such as OpenBLAS"),
            seen=("BLAS", "OpenBLAS"),
        ),
        Term(
            "sample",
            N_("sample"),
            N_("one timed pass"),
            seen=("sample", "samples"),
        ),
        Term(
            "run",
            N_("run"),
            N_("all samples of one plan with the machine they came from"),
            seen=(),
            types=("Run",),
        ),
        Term(
            "sweep",
            N_("sweep"),
            N_("the time of a pass at every batch, or every width, of a range"),
        ),
        Term(
            "race",
            N_("race"),
            N_("two setups computed on one clock, side by side"),
            seen=(),
        ),
        Term(
            "earlier",
            N_("earlier run, journal"),
            N_("a run as it was kept on disk while it was measured, one file each"),
            seen=(),
            types=("KeptRun", "Journal"),
        ),
        Term(
            "load",
            N_("load"),
            N_(
                "what went on beside a run: cores that others took, threads that waited for one; "
                "what reads it"
            ),
            seen=(),
            types=("Load", "Meter"),
        ),
        Term(
            "quota",
            N_("quota"),
            N_(
                "how many cores a container may keep busy; used up, it is held back until the "
                "period ends"
            ),
        ),
        Term(
            "hindrance",
            N_("hindrance"),
            N_("what kept a run from having the machine to itself, said beside it"),
            seen=(),
        ),
        Term(
            "step_of_time",
            N_("steps"),
            N_(
                "a device without a calibrated time model has no seconds: its time is counted in "
                "k-steps"
            ),
            seen=("steps", "in steps"),
        ),
        Term(
            "visit",
            N_("visit, block"),
            N_("a few milliseconds in which a calibration times a product; some calls in a row"),
            seen=(),
        ),
        Term(
            "latency",
            N_("latency"),
            N_("how long until one answer is there"),
        ),
        Term(
            "throughput",
            N_("throughput"),
            N_("how many answers in a second"),
        ),
        Term(
            "p50",
            N_("p50 (median)"),
            N_("half of the passes took no longer"),
            seen=("p50", "median"),
        ),
        Term(
            "p99",
            N_("p99"),
            N_("99 of 100 passes took no longer"),
        ),
        Term(
            "since",
            N_("since last run"),
            N_(
                "whether a backend takes longer than in an earlier run: faster, slower, the same, "
                "or ambiguous where the noise is too wide to tell"
            ),
            seen=("since last run", "ambiguous"),
        ),
        Term(
            "distribution",
            N_("distribution"),
            N_("how often a pass took how long; the longest bar is the most frequent time"),
        ),
    ),
)
