"""The look at the machine before QApplication: sentences from fakes, facts from real processes."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from mmviz.errors import Unavailable
from mmviz.text import NOTHING, own
from mmviz.ui import preflight, probes
from mmviz.ui.preflight import NO_DISPLAY, Findings, Tools, platforms, refusal

ROOT = Path(__file__).parents[2]
DESKTOP = Tools(apt=True, root=False, xvfb=True)
CONTAINER = Tools(apt=True, root=True, xvfb=False)
FEDORA = Tools(apt=False, root=False, xvfb=True)
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux aborts in QApplication")


def line(findings: Findings, tools: Tools) -> str:
    return str(refusal(findings, tools))


@pytest.mark.parametrize(
    ("findings", "tools", "expected"),
    [
        (
            Findings(libraries=("libEGL.so.1",)),
            DESKTOP,
            "the window cannot open: libEGL.so.1 cannot be loaded; "
            "run: sudo apt-get update && sudo apt-get install -y libegl1",
        ),
        (
            Findings(libraries=("libglib-2.0.so.0", "libgthread-2.0.so.0", "libEGL.so.1")),
            CONTAINER,
            "the window cannot open: libglib-2.0.so.0, libgthread-2.0.so.0 and libEGL.so.1 "
            "cannot be loaded; run: apt-get update && apt-get install -y libegl1 libglib2.0-0",
        ),
        (
            Findings(libraries=("libxcb-cursor.so.0",), display=NO_DISPLAY, font=False),
            CONTAINER,
            "the window cannot open: libxcb-cursor.so.0 cannot be loaded, there is no display "
            "(neither DISPLAY nor WAYLAND_DISPLAY is set), no font is installed; start it in a "
            "desktop session or with xvfb-run -a, after: apt-get update && apt-get install -y "
            "fonts-dejavu-core libxcb-cursor0 xauth xvfb",
        ),
        (
            Findings(display=NO_DISPLAY),
            DESKTOP,
            f"the window cannot open: {NO_DISPLAY}; "
            "start it in a desktop session or with xvfb-run -a",
        ),
        (
            Findings(font=False),
            DESKTOP,
            "the window cannot open: no font is installed; "
            "run: sudo apt-get update && sudo apt-get install -y fonts-dejavu-core",
        ),
        (
            Findings(libraries=("libEGL.so.1", "libGL.so.1")),
            FEDORA,
            "the window cannot open: libEGL.so.1 and libGL.so.1 cannot be loaded; "
            "install what Debian calls libegl1 and libgl1",
        ),
        (
            Findings(libraries=("libodd.so.3", "libGL.so.1")),
            CONTAINER,
            "the window cannot open: libodd.so.3 and libGL.so.1 cannot be loaded; install what "
            "holds libodd.so.3, after: apt-get update && apt-get install -y libgl1",
        ),
        (
            Findings(absent="PyQt6"),
            DESKTOP,
            "the window cannot open: PyQt6 is not installed; install mmviz again",
        ),
        (
            Findings(broken=own("PyQt6.QtGui cannot be imported (GLIBC_2.99 not found)")),
            DESKTOP,
            "the window cannot open: PyQt6.QtGui cannot be imported (GLIBC_2.99 not found)",
        ),
        (
            Findings(platform="foo"),
            DESKTOP,
            "the window cannot open: this Qt has no platform 'foo'; unset QT_QPA_PLATFORM",
        ),
    ],
)
def test_one_line_names_everything_and_ends_with_the_command(
    findings: Findings, tools: Tools, expected: str
) -> None:
    assert line(findings, tools) == expected


def test_two_dozen_libraries_are_counted_but_all_their_packages_named() -> None:
    names = tuple(preflight._XCB)
    text = line(Findings(libraries=names), CONTAINER)
    assert f"{names[0]} and {len(names) - 1} more libraries cannot be loaded" in text
    assert set(preflight._XCB.values()) <= set(text.split())


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, ()),
        ({"DISPLAY": ""}, ()),
        ({"DISPLAY": ":0"}, ("xcb",)),
        ({"WAYLAND_DISPLAY": "wayland-1"}, ("wayland",)),
        ({"WAYLAND_SOCKET": "7"}, ("wayland",)),
        ({"XDG_SESSION_TYPE": "wayland"}, ("wayland",)),
        ({"XDG_SESSION_TYPE": "x11"}, ()),
        ({"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-1"}, ("xcb", "wayland")),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, ("offscreen",)),
        ({"QT_QPA_PLATFORM": "vnc:port=5901;xcb"}, ("vnc", "xcb")),
    ],
)
def test_the_platforms_qt_will_try(env: Mapping[str, str], expected: tuple[str, ...]) -> None:
    assert platforms(env) == expected


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "libEGL.so.1"),
        ("/usr/lib/libz.so.1: cannot open shared object file: Permission denied", "libz.so.1"),
        ("libstdc++.so.6: cannot open shared object file: …", "libstdc++.so.6"),
        ("/lib/libstdc++.so.6: version `GLIBCXX_3.4.99' not found", ""),
        ("No module named 'PyQt6.QtGui'", ""),
    ],
)
def test_the_missing_library_in_the_linkers_words(message: str, expected: str) -> None:
    assert probes.library_in(message) == expected


class FakeMachine:
    """Stands in for the probes: which libraries are missing, which displays are dead."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.missing: set[str] = set()
        self.x = self.wayland = NOTHING
        monkeypatch.setattr(
            probes, "lacking_library", lambda name: name if name in self.missing else ""
        )
        monkeypatch.setattr(probes, "plugin_files", lambda kind: [Path(f"libq{kind}.so")])
        monkeypatch.setattr(probes, "x_refusal", lambda _display: self.x)
        monkeypatch.setattr(probes, "wayland_refusal", lambda _env: self.wayland)

    def tries(self, loadable: bool = True, **env: str) -> Findings:
        return preflight._try_platforms(env, loadable)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> FakeMachine:
    return FakeMachine(monkeypatch)


def test_a_dead_x_display_beside_a_living_wayland_is_no_obstacle(machine: FakeMachine) -> None:
    machine.x = own("dead")
    assert machine.tries(DISPLAY=":0", WAYLAND_DISPLAY="w") == Findings()
    machine.wayland = own("dead as well")
    assert machine.tries(DISPLAY=":0", WAYLAND_DISPLAY="w") == Findings(display=own("dead"))


def test_the_xcb_libraries_count_only_where_xcb_would_be_used(machine: FakeMachine) -> None:
    machine.missing = {"libqxcb.so", "libxcb-cursor.so.0"}
    lacking = Findings(libraries=("libxcb-cursor.so.0", "libqxcb.so"))
    assert machine.tries(DISPLAY=":0") == lacking
    assert machine.tries(WAYLAND_DISPLAY="w") == Findings()
    assert machine.tries(QT_QPA_PLATFORM="offscreen") == Findings()


def test_without_a_display_the_way_out_is_xvfb_with_all_it_needs(machine: FakeMachine) -> None:
    machine.missing = {"libxcb-cursor.so.0"}
    assert machine.tries(loadable=False) == Findings(
        display=NO_DISPLAY, libraries=("libxcb-cursor.so.0",)
    )


# --- in real processes -------------------------------------------------------------------------

CHECK = """
import sys
from mmviz.ui.preflight import check
from mmviz.errors import Unavailable
assert not [name for name in sys.modules if name.startswith("PyQt6")]
try:
    check(offscreen=%r)
except Unavailable as refusal:
    print(refusal)
    sys.exit(2)
"""


def real(offscreen: bool, code: str = "", **env: str) -> tuple[int, str]:
    """Exit status and output of the check, or of `code`, with no display but that of `env`."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")
    }
    done = subprocess.run(
        [sys.executable, "-c", code or CHECK % offscreen],
        env=clean | env,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.strip()


@linux
@pytest.mark.qt
def test_offscreen_needs_no_display() -> None:
    assert real(offscreen=True) == (0, "")


@linux
@pytest.mark.qt
def test_a_shell_without_a_display_is_told_so() -> None:
    status, output = real(offscreen=False)
    assert status == 2
    assert str(NO_DISPLAY) in output
    assert "xvfb-run -a" in output


@linux
@pytest.mark.qt
def test_a_display_that_nobody_serves_is_named() -> None:
    status, output = real(offscreen=False, DISPLAY=":987")
    assert status == 2
    assert "\n" not in output
    # where libqxcb's own libraries are missing, they are named first
    assert ":987" in output or "libxcb" in output


@linux
@pytest.mark.qt
def test_a_wayland_display_that_nobody_serves_is_refused(tmp_path: Path) -> None:
    status, output = real(False, WAYLAND_DISPLAY="mmviz-none", XDG_RUNTIME_DIR=str(tmp_path))
    assert status == 2
    assert "mmviz-none" in output or "libwayland" in output


@linux
@pytest.mark.qt
def test_an_unknown_platform_is_refused() -> None:
    status, output = real(offscreen=False, QT_QPA_PLATFORM="nowhere")
    assert (status, "'nowhere'" in output, "unset QT_QPA_PLATFORM" in output) == (2, True, True)


@linux
@pytest.mark.qt
def test_a_machine_without_fonts_is_told_which_package(tmp_path: Path) -> None:
    empty = tmp_path / "fonts.conf"
    empty.write_text('<?xml version="1.0"?><fontconfig></fontconfig>')
    status, output = real(offscreen=True, FONTCONFIG_FILE=str(empty))
    assert status == 2
    assert "no font is installed" in output
    assert "fonts-dejavu-core" in output


@linux
@pytest.mark.qt
def test_a_library_that_cannot_be_loaded_is_named_with_its_package(tmp_path: Path) -> None:
    missing = tmp_path / "PyQt6"
    missing.mkdir()
    (missing / "__init__.py").write_text(
        "raise ImportError('libEGL.so.1: cannot open shared object file: No such file')"
    )
    status, output = real(offscreen=True, PYTHONPATH=str(tmp_path))
    assert status == 2
    assert "libEGL.so.1 cannot be loaded" in output
    assert output.endswith("libegl1")


def test_a_broken_pyqt_is_quoted(tmp_path: Path) -> None:
    broken = tmp_path / "PyQt6"
    broken.mkdir()
    (broken / "__init__.py").write_text("raise ImportError('wrong ELF\\nclass')")
    status, output = real(offscreen=True, PYTHONPATH=str(tmp_path))
    assert (status, output) == (
        2,
        "the window cannot open: PyQt6.QtCore cannot be imported (wrong ELF class)",
    )


def test_an_absent_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "pyqtgraph" else 1)
    with pytest.raises(Unavailable, match="pyqtgraph is not installed; install mmviz again"):
        preflight.check(offscreen=True)


@linux
@pytest.mark.qt
def test_a_display_that_answers_is_enough(xvfb: str) -> None:
    assert real(offscreen=False, DISPLAY=xvfb) == (0, "")


@linux
@pytest.mark.qt
def test_after_the_check_qt_connects(xvfb: str) -> None:
    """The check must not be the last client to leave: then the server would reset under Qt."""
    code = CHECK % False + (
        "from PyQt6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\n"
        "label = QLabel('hello')\n"
        "label.show()\n"
        "app.processEvents()\n"
        "print(app.platformName(), label.isVisible())"
    )
    assert real(offscreen=False, code=code, DISPLAY=xvfb) == (0, "xcb True")


@linux
def test_a_living_wayland_socket_answers(tmp_path: Path) -> None:
    env = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "mmviz-test"}
    assert "does not answer" in str(probes.wayland_refusal(env))
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "mmviz-test"))
        server.listen()
        assert probes.wayland_refusal(env) == NOTHING


@linux
def test_every_package_in_the_table_is_one_word() -> None:
    assert all(name.islower() and " " not in name for name in preflight._PACKAGES.values())
