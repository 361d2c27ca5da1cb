"""What each recording that comes with mmviz is called, by the name of its file."""

from __future__ import annotations

from mmviz.text import N_, Text

ABOUT = {
    "cpu-alexnet-128": Text(N_("AlexNet's three layers, batch 128, on 2 cores")),
    "cpu-alexnet-128-training": Text(N_("a training step of AlexNet's layers, on 2 cores")),
    "cpu-2048-quiet": Text(N_("{side:group}³ in tiles of 256, nothing else running"), side=2048),
    "cpu-2048-busy": Text(N_("{side:group}³ in tiles of 256, one core kept busy"), side=2048),
}

KEPT_BUSY = N_("another program kept core {core:d} busy on purpose, from before it to its end")
