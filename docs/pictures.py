"""Takes the pictures of the README: the real window, with a real run timed on this computer.

uv run python docs/pictures.py
"""

from __future__ import annotations

import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from mmviz.files import networks
from mmviz.state.picture.playback import Playback
from mmviz.state.race.ready_made import tile_race
from mmviz.state.session import Session, open_file
from mmviz.state.sweep.chart import PEAK
from mmviz.state.sweep.choice import BOTH, SweepChoice
from mmviz.ui.look.theme import THEMES
from mmviz.ui.race.window import RaceWindow
from mmviz.ui.start.app import application, build

HERE = Path(__file__).parent
PATIENCE_S = 300


def picture(name: str, session: Session, at: float, theme: str, *, run: bool = True) -> None:
    """Run the session in a window, move the playback to `at`, save docs/NAME-THEME.png."""
    app = application()
    controller = build(session, THEMES[theme])
    window = controller.window
    window.resize(1680, 1050)
    window.show()
    window.settle()
    if run:
        window.commands["run"].trigger()
    end = time.monotonic() + PATIENCE_S
    while controller.run.running and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    controller.set_playback(Playback(position=at))
    app.processEvents()
    window.grab().save(str(HERE / f"{name}-{theme}.png"))
    window.close()


def clock(name: str, session: Session, choice: SweepChoice, theme: str) -> None:
    """The sweep of the session in the Clock workspace, priced: docs/NAME-THEME.png."""
    app = application()
    window = build(replace(session, sweep=choice), THEMES[theme]).window
    window.resize(1680, 1050)
    window.show()
    window.settle()
    window.go_to("clock")
    window.docks.all["sweep"].raise_()
    end = time.monotonic() + PATIENCE_S
    while (window.sweep.chart is None or window.sweep.sweeper.working) and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)
    app.processEvents()
    window.grab().save(str(HERE / f"{name}-{theme}.png"))
    window.close()


def race(session: Session, theme: str) -> None:
    """Tile 64 against 128, in the middle: docs/race-THEME.png."""
    app = application()
    window = RaceWindow(session, THEMES[theme])
    window.resize(1680, 1050)
    window.show()
    window.start(tile_race)
    app.processEvents()
    window.seek(0.6)
    app.processEvents()
    window.grab().save(str(HERE / f"race-{theme}.png"))
    window.close()


def main() -> None:
    alexnet = replace(open_file(networks.read_preset("alexnet")), device="v100", batch=1024)
    small = open_file(networks.read_preset("two-by-two"))
    array = replace(open_file(networks.read_preset("alexnet")), device="tpu-v1", dtype="int8")
    h100 = {"device": "h100", "dtype": "bfloat16"}
    llama = replace(open_file(networks.read_preset("llama-7b-ffn")), batch=8, **h100)
    stairs = replace(alexnet, device="a100", dtype="bfloat16", batch=257)
    picture("cost", llama, 0.5, "light", run=False)  # nothing here computes in bfloat16
    clock("sweep", stairs, SweepChoice(), "dark")
    clock("heat", stairs, SweepChoice(axis=BOTH, layer=1, value=PEAK), "dark")
    picture("systolic", array, 0.31, "light", run=False)
    race(replace(alexnet, device="a100", batch=2048, dtype="float16"), "dark")
    for theme in THEMES:
        picture("alexnet", alexnet, 0.62, theme)
        picture("two-by-two", small, 0.6, theme)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:  # no run is kept, no device shown of one's own
        os.environ["XDG_DATA_HOME"] = os.environ["XDG_CONFIG_HOME"] = home
        main()
