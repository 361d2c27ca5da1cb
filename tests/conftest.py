"""What every test of mmviz stands on. Needs neither Qt nor pytest-qt to be imported."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest
from hypothesis.configuration import set_hypothesis_home_dir

# Before anything loads Qt; MMVIZ_TEST_PLATFORM=xcb shows the windows on a real display.
os.environ["QT_QPA_PLATFORM"] = os.environ.get("MMVIZ_TEST_PLATFORM", "offscreen")

pytest_plugins = ["qt_gate", "leaks", "xvfb", "windows", "timing_child"]

# A loaded machine is slow, not wrong: no deadline. On CI the same examples every time, so that no
# landing fails by chance; MMVIZ_EXAMPLES=1000 asks for so many new ones, there too.
EXAMPLES = os.environ.get("MMVIZ_EXAMPLES", "")
hypothesis.settings.register_profile(
    "mmviz",
    deadline=None,
    max_examples=int(EXAMPLES or 60),
    derandomize=bool(os.environ.get("CI")) and not EXAMPLES,
    print_blob=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
set_hypothesis_home_dir(Path(tempfile.gettempdir()) / "mmviz-hypothesis")
hypothesis.settings.load_profile("mmviz")


@pytest.fixture(autouse=True)
def user_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where settings and data of the user would go: an empty folder of this test alone."""
    home = tmp_path_factory.mktemp("user")
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    for name in ("APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home / name.lower()))
    return home
