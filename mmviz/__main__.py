"""`python -m mmviz` and the `mmviz` command."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command line given to this process and exit with its code."""
    import_from_elsewhere()
    try:
        from mmviz.cli import run  # takes a moment, in which Ctrl+C may come already

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        from mmviz.cli.stopping import stopped
        from mmviz.words.speech import ENGLISH

        code = stopped(ENGLISH)  # no language is known yet
    sys.exit(code)


def import_from_elsewhere() -> None:
    """Take no module from where the user stands: a random.py or numpy.py there is not meant.

    `python -m` and a PYTHONPATH with an empty entry put that folder before all others. Who names it
    in full there means it; where mmviz itself lies in it, it comes last.
    """
    try:
        here = os.getcwd()
    except OSError:  # it is gone
        return
    if here in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        return
    sys.path[:] = [entry for entry in sys.path if entry not in ("", here)]
    if here == os.path.dirname(os.path.dirname(os.path.abspath(__file__))):
        sys.path.append(here)


if __name__ == "__main__":
    main()
