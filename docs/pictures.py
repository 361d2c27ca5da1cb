"""Takes the pictures of the README: the real window, with a real run timed on this computer.

uv run python docs/pictures.py
"""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from mmviz.files import networks
from mmviz.state.playback import Playback
from mmviz.state.session import Session, open_file
from mmviz.ui.look.theme import THEMES
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.start.app import application, build

HERE = Path(__file__).parent
PATIENCE_S = 300


def picture(name: str, session: Session, at: float, theme: str) -> None:
    """Run the session in a window, move the playback to `at`, save docs/NAME-THEME.png."""
    app = application()
    controller = build(session, THEMES[theme])
    window = controller.window
    window.resize(1680, 1050)
    window.show()
    window.settle()
    window.commands["run"].trigger()
    end = time.monotonic() + PATIENCE_S
    while controller.run.worker.running and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    controller.set_playback(Playback(position=at))
    app.processEvents()
    window.grab().save(str(HERE / f"{name}-{theme}.png"))
    window.close()


def race(session: Session, theme: str) -> None:
    """Tile 64 against 128, in the middle: docs/race-THEME.png."""
    app = application()
    window = RaceWindow(session, THEMES[theme])
    window.resize(1680, 1050)
    window.show()
    app.processEvents()
    window.seek(0.6)
    app.processEvents()
    window.grab().save(str(HERE / f"race-{theme}.png"))
    window.close()


def main() -> None:
    alexnet = replace(open_file(networks.read_preset("alexnet")), device="v100", batch=1024)
    small = open_file(networks.read_preset("two-by-two"))
    array = replace(open_file(networks.read_preset("alexnet")), device="tpu-v1")
    picture("systolic", array, 0.31, "light")
    race(replace(alexnet, device="a100", batch=2048, dtype="float16"), "dark")
    for theme in THEMES:
        picture("alexnet", alexnet, 0.62, theme)
        picture("two-by-two", small, 0.6, theme)


if __name__ == "__main__":
    main()
