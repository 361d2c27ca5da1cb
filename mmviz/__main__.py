"""`python -m mmviz` and the `mmviz` command."""

from __future__ import annotations

import sys

from mmviz.words.speech import ENGLISH


def main() -> None:
    """Run the command line given to this process and exit with its code."""
    try:
        from mmviz.cli import run  # takes a moment, in which Ctrl+C may come already

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        from mmviz.cli.stopping import stopped

        code = stopped(ENGLISH)  # no language is known yet
    sys.exit(code)


if __name__ == "__main__":
    main()
