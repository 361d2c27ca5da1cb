"""Where and when a tile is computed: devices, tiles, waves and orders."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

HARDWARE = Group(
    "hardware",
    N_("Where and when"),
    (
        Term(
            "device",
            N_("device"),
            N_(
                "a model of hardware, with the source of every figure: a GPU, a CPU or an array "
                "that need not be here"
            ),
            seen=("device", "devices"),
            types=("Device",),
        ),
        Term(
            "machine",
            N_("machine"),
            N_("the real computer mmviz runs on"),
            seen=("machine", "this machine", "this computer"),
            types=("Machine",),
        ),
        Term(
            "gpu",
            N_("GPU"),
            N_("a processor of many SMs, made to do the same with many numbers at once"),
            seen=("GPU", "GPUs"),
        ),
        Term(
            "cpu",
            N_("CPU"),
            N_("the processor of a computer: a few fast cores, each of which does anything"),
            seen=("CPU", "CPUs"),
        ),
        Term(
            "cuda",
            N_("CUDA"),
            N_("NVIDIA's way to run programs on its GPUs"),
        ),
        Term(
            "datasheet",
            N_("datasheet"),
            N_("what the maker of a device publishes about it"),
            seen=("datasheet", "datasheets"),
        ),
        Term(
            "unit",
            N_("unit"),
            N_("what computes a tile at a time: a lane, a core, an SM, a systolic array"),
            seen=("unit", "units over time"),
        ),
        Term(
            "lane",
            N_("lane"),
            N_("the part of a unit that works on one sum at a time"),
            seen=("lane", "lanes"),
        ),
        Term(
            "core",
            N_("core"),
            N_("a processor of a CPU; it works on its own tile"),
            seen=("core", "cores"),
        ),
        Term(
            "sm",
            N_("SM"),
            N_("one of the processors of a GPU; it works on one or a few tiles at a time"),
            seen=("SM", "SMs"),
        ),
        Term(
            "tensorcore",
            N_("tensor core"),
            N_(
                "the part of an SM that multiplies small matrices in few bits at once; it has the "
                "highest peak"
            ),
            seen=("tensor core", "tensor cores"),
        ),
        Term(
            "tile",
            N_("tile"),
            N_("a rectangle of Y that one unit computes"),
            seen=("tile", "tiles"),
        ),
        Term(
            "tiling",
            N_("tiling"),
            N_("a product cut into tiles on a device, with an order"),
            seen=("tiling", "tilings"),
            types=("Tiling",),
        ),
        Term(
            "kstep",
            N_("k-step"),
            N_("a stretch of the sums, walked at once"),
            seen=("k-step", "k-steps", "k-steps per tile"),
        ),
        Term(
            "slot",
            N_("slot"),
            N_("room for one tile at work; units times tiles that fit on each"),
            seen=("slot", "slots"),
        ),
        Term(
            "resident",
            N_("resident tiles"),
            N_("tiles that share one unit at the same time"),
            seen=("resident tiles", "resident tile", "resident"),
        ),
        Term(
            "wave",
            N_("wave"),
            N_(
                "as many tiles as there are slots, computed at the same time; waves = ceil(tiles / "
                "slots)"
            ),
            seen=("wave", "waves"),
        ),
        Term(
            "idle",
            N_("idle"),
            N_("has nothing to do although the product is not finished"),
        ),
        Term(
            "busy",
            N_("busy"),
            N_("the share of the slots' time in which they compute"),
        ),
        Term(
            "occupied",
            N_("occupied"),
            N_("has a fold of a product in it, also while it fills and drains"),
        ),
        Term(
            "order",
            N_("order"),
            N_("which tile comes when, and to whom it is dealt: rows, swizzle, stream-K …"),
            seen=("order", "orders"),
            types=("Order",),
        ),
        Term(
            "swizzle",
            N_("swizzle"),
            N_("an order in narrow bands, so that tiles computed together share rows and columns"),
        ),
        Term(
            "splitk",
            N_("split-K"),
            N_("each tile's sum cut into parts that are computed side by side and added up"),
            seen=("split-K", "split-k"),
        ),
        Term(
            "streamk",
            N_("stream-K"),
            N_("all k-steps of all tiles shared out evenly, tiles cut where a share ends"),
            seen=("stream-K", "stream-k"),
        ),
        Term(
            "piece",
            N_("piece"),
            N_("a part of a tile's sum, where it is cut along k"),
            seen=("piece", "pieces", "parts"),
        ),
        Term(
            "systolic",
            N_("systolic array"),
            N_("a grid of multipliers that hand numbers on to their neighbours"),
            seen=("systolic array", "systolic arrays", "systolic"),
        ),
        Term(
            "wstat",
            N_("weight-stationary"),
            N_("the weights stay in the array, the inputs flow through"),
            seen=("weight-stationary", "weight stationary"),
        ),
        Term(
            "ostat",
            N_("output-stationary"),
            N_("the sums stay in the array, inputs and weights flow through"),
            seen=("output-stationary", "output stationary"),
        ),
        Term(
            "istat",
            N_("input-stationary"),
            N_("the inputs stay in the array, the weights flow through"),
            seen=("input-stationary", "input stationary"),
        ),
        Term(
            "multiplier",
            N_("multiplier"),
            N_(
                "a place in a systolic array: each cycle it multiplies two numbers and adds to a "
                "sum"
            ),
            seen=("multiplier", "multipliers"),
        ),
        Term(
            "fold",
            N_("fold"),
            N_("a part of a product that fills a systolic array once; fold comes after fold"),
            seen=("fold", "folds"),
        ),
        Term(
            "cycle",
            N_("cycle"),
            N_("a tick of the hardware's clock"),
            seen=("cycle", "cycles"),
        ),
        Term(
            "dataflow",
            N_("dataflow"),
            N_("which of the three matrices sits still in a systolic array"),
            seen=("dataflow", "dataflows"),
        ),
        Term(
            "reuse",
            N_("reuse"),
            N_("how often a number that was loaded is used before it is loaded again"),
        ),
        Term(
            "loads",
            N_("loads of A and B"),
            N_("how many numbers the units read of the two matrices, with tiles and without"),
        ),
        Term(
            "ladder",
            N_("ladder"),
            N_("one layer computed in ever better ways, rung by rung: each loads less per sum"),
            seen=(),
        ),
        Term(
            "trace",
            N_("trace"),
            N_("a table of tiles: which, on which unit, from when to when"),
            seen=("trace", "traces"),
            types=("Trace",),
        ),
        Term(
            "frame",
            N_("frame"),
            N_("what a trace is at one instant"),
            seen=(),
            types=("Frame",),
        ),
    ),
)
