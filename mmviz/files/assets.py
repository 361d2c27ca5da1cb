"""Where the data mmviz ships lies: presets, devices, icons.

In a checkout (and so in an editable install) `assets/` is a neighbour of the package; a wheel
carries it inside the package. Nobody else may ask where a shipped file is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from mmviz.errors import Unavailable
from mmviz.text import N_, Text

_PACKAGE = Path(__file__).resolve().parent.parent


def find(package: Path) -> Path:
    """The assets folder that belongs to the package folder `package`.

    Raises Unavailable where there is none. A folder `assets` beside the package counts only in
    a checkout (beside `pyproject.toml`): in site-packages such a neighbour is somebody else's.
    """
    inside = package / "assets"
    if inside.is_dir():
        return inside
    beside = package.parent / "assets"
    if beside.is_dir() and (package.parent / "pyproject.toml").is_file():
        return beside
    raise Unavailable(
        Text(
            N_(
                "the installation of mmviz in {package} is incomplete: its assets folder is missing"
            ),
            package=str(package),
        ),
        N_("install mmviz again"),
    )


@cache
def assets_dir() -> Path:
    """The folder with everything mmviz ships; raises Unavailable where it is missing."""
    return find(_PACKAGE)


def asset(*parts: str) -> Path:
    """The path of one shipped file or folder: `asset("presets", "alexnet.toml")`.

    Whether it exists is for the reader to find out, with a sentence about what it looked for.
    """
    return assets_dir().joinpath(*parts)
