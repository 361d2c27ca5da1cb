"""Paths a person may name: good files, bad ones, and those that cannot be."""

from __future__ import annotations

import os
import random
from pathlib import Path

TEXTS = {
    "net.toml": '[network]\nname = "n"\ninputs = 300\n[[layers]]\nname = "a"\nunits = 200\n',
    "list.csv": "name,m,n,k\na,128,128,128\nb,1,4096,4096\n",
    "ragged.csv": "name,m,n,k\na,1,1,1\nb,1,1\n",
    "lone.csv": "m,n,k\n1,1,1\n",
    "far.csv": "name,m,n,k,count\nbig,65536,65536,65536,1000000\nsmall,1,1,1,1\n",
    "huge.csv": "m,n,k\n16777216,16777216,16777216\n",
    "semicolons.csv": "m;n;k\n1;2;3\n",
    "many.csv": "m,n,k\n" + "64,64,64\n" * 3000,
    "empty.toml": "",
    "empty.csv": "",
    "broken.toml": "[[[",
    "dots.toml": "a" + ".a" * 2000 + "=1\n",
    "escape.toml": 'about = "\\u001b[31m"\n[network]\ninputs = 1\n',
    "device.toml": 'name = "own"\nkind = "lanes"\nunits = 3\n',
    "old.csv": "samples\n",
}


class Paths:
    """A folder of them; `target` is a file that may be written again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.target = folder / "target.toml"
        self._every: list[str] = []

    def make(self) -> None:
        self.folder.mkdir()
        for name, text in TEXTS.items():
            (self.folder / name).write_text(text)
        (self.folder / "binary.toml").write_bytes(bytes(range(256)) * 8)
        (self.folder / "folder.toml").mkdir()
        os.symlink(self.folder / "nowhere", self.folder / "dead.toml")
        os.mkfifo(self.folder / "pipe.toml")
        inside = ("target.toml", "binary.toml", "folder.toml", "dead.toml", "pipe.toml")
        cannot = ("", "/nowhere/at/all.toml", "/dev/full", "/proc/version", "a\0b.toml", "/")
        long = str(self.folder / ("x" * 300 + ".toml"))
        plain = ("no suffix", "result v1.2", "ünï.toml", "out.svg", "out.png", "out.csv", "o.json")
        self._every = [str(self.folder / name) for name in (*TEXTS, *inside, *plain)]
        self._every += [*cannot, long]

    def any(self, dice: random.Random) -> str:
        return dice.choice(self._every)
