"""Run as a file, `python -P …/boot.py mmviz.bench.worker PID`: starts the timing child.

It finds the very package that started it, installed or not, by where this file is. Whatever else
lies there comes last: a `random.py` beside a checkout, where the user may stand, is not meant.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location

NAME = "mmviz"


def main() -> None:
    """Load the package and hand over to the module that is named."""
    home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path.append(os.path.dirname(home))  # last of all: what else mmviz needs may lie there
    start = os.path.join(home, "__init__.py")
    spec = spec_from_file_location(NAME, start, submodule_search_locations=[home])
    assert spec is not None
    assert spec.loader is not None
    package = sys.modules[NAME] = module_from_spec(spec)
    spec.loader.exec_module(package)
    import_module(sys.argv[1]).main(int(sys.argv[2]))


if __name__ == "__main__":
    main()
