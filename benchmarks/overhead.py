"""What the harness adds to a pass: the numpy backend's `run` beside the bare calls to NumPy.

    python benchmarks/overhead.py

Both sides compute the same layers into the same kind of buffers, in one process, interleaved block
by block; the figure is the median of the ratios, which a busy machine disturbs less than times.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter

import numpy as np

from mmviz import units
from mmviz.backends.registry import find
from mmviz.core.learning.values import Values, make_values
from mmviz.core.shapes.network import from_widths

ROUNDS = 41
BLOCK_S = 0.005
CASES = (((2, 3), 1), ((64, 64, 64), 1), ((784, 128, 10), 32), ((1024, 1024), 256))


def bare(values: Values) -> Callable[[], None]:
    """The same pass without the harness: matmul, bias, ReLU between the layers."""
    x = values.x
    layers = [
        (w, b, np.empty((len(x), w.shape[1]), np.float32))
        for w, b in zip(values.weights, values.biases, strict=True)
    ]
    last = len(layers) - 1

    def run() -> None:
        a = x
        for i, (w, b, z) in enumerate(layers):
            np.matmul(a, w, out=z)
            z += b
            if i < last:
                np.maximum(z, 0, out=z)
            a = z

    return run


def block(run: Callable[[], object], passes: int) -> float:
    began = perf_counter()
    for _ in range(passes):
        run()
    return (perf_counter() - began) / passes


def main() -> None:
    print(f"{'network':16} {'batch':>5} {'bare':>10} {'backend':>10} {'overhead':>9}")
    for widths, batch in CASES:
        network = from_widths(widths)
        values = make_values(network, batch)
        plain, prepared = bare(values), find("numpy").prepare(network, values, "float32")
        block(prepared.run, 3)
        passes = max(1, round(BLOCK_S / block(plain, 3)))
        pairs = [(block(plain, passes), block(prepared.run, passes)) for _ in range(ROUNDS)]
        without, within = (statistics.median(side) for side in zip(*pairs, strict=True))
        over = statistics.median(b / a for a, b in pairs) - 1
        print(
            f"{network.name:16} {batch:5} {units.seconds(without):>10} "
            f"{units.seconds(within):>10} {units.percent(over):>9}"
        )


if __name__ == "__main__":
    main()
