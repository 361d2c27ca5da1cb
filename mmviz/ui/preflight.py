"""Can a window open here? Found out before QApplication exists, because that aborts the process.

`check` looks at this machine (`survey`) and raises one line (`refusal`) that names everything in
the way at once and ends with the one command that removes it. Until then no Qt is imported.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mmviz.errors import Unavailable
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.ui import probes

_MODULES = ("PyQt6.QtCore", "PyQt6.QtGui", "PyQt6.QtWidgets", "PyQt6.QtSvg")
_DISTRIBUTIONS = ("PyQt6", "pyqtgraph")

# Shared library -> package, from the NEEDED entries of PyQt6's wheels. The names hold on Debian 12
# and 13 and on Ubuntu 22.04 and 24.04, where libglib2.0-0t64 provides libglib2.0-0.
_GUI = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libstdc++.so.6": "libstdc++6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
_XCB = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
_WAYLAND = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
}
_OF_PLATFORM = {"xcb": _XCB, "wayland": _WAYLAND}
_PACKAGES = _GUI | _XCB | _WAYLAND

_APT = "apt-get"
_XVFB = {"xvfb-run": "xvfb", "xauth": "xauth"}  # the first calls the second, a mere recommendation

NO_DISPLAY = Text(N_("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"))

# Language -> as fontconfig names it, and a small package with a font that has all its signs.
_SCRIPTS = {
    "zh_CN": ("zh-cn", "fonts-wqy-microhei"),
    "zh_TW": ("zh-tw", "fonts-wqy-microhei"),
    "ja": ("ja", "fonts-vlgothic"),
    "ko": ("ko", "fonts-nanum"),
}

WINDOW = N_("the window cannot open: {reasons}")


@dataclass(frozen=True, slots=True)
class Findings:
    """What stands between this machine and a window; the default is nothing."""

    absent: str = ""  # a Python package that is not installed
    broken: Text = NOTHING  # why Qt's modules cannot be imported, beyond missing libraries
    libraries: tuple[str, ...] = ()  # shared libraries that cannot be loaded
    display: Text = NOTHING  # why no display can be reached
    platform: str = ""  # what QT_QPA_PLATFORM asks for and this Qt does not have
    font: bool = True  # fontconfig knows a scalable font


@dataclass(frozen=True, slots=True)
class Tools:
    """What the remedy may count on."""

    apt: bool
    root: bool
    xvfb: bool  # xvfb-run and what it calls


def check(offscreen: bool, refused: str = WINDOW) -> None:
    """Return if a QApplication can be made, else raise Unavailable: one line and its remedy.

    `offscreen` says that the caller has chosen Qt's offscreen platform: then neither a display nor
    a platform plugin's libraries are asked for. `refused`: what
    cannot be, for its `reasons`. Imports PyQt6; makes no QApplication.
    """
    findings = survey(offscreen)
    if findings != Findings():
        raise refusal(findings, tools_here(), refused)


def survey(offscreen: bool) -> Findings:
    """Look at this machine. Outside Linux only the import is tried: nothing else aborts there."""
    for name in _DISTRIBUTIONS:
        if importlib.util.find_spec(name) is None:
            return Findings(absent=name)
    broken, libraries = _try_imports()
    if broken or not sys.platform.startswith("linux"):
        return Findings(broken=broken, libraries=libraries)
    shown = Findings() if offscreen else _try_platforms(os.environ, loadable=not libraries)
    return Findings(
        libraries=tuple(dict.fromkeys(libraries + shown.libraries)),
        display=shown.display,
        platform=shown.platform,
        font=probes.has_font(),
    )


def refusal(findings: Findings, tools: Tools, refused: str = WINDOW) -> Unavailable:
    """The one line for `findings` on a machine with `tools`; a command comes last, to be copied."""
    reasons = (
        _about(N_("{names} is not installed"), findings.absent),
        findings.broken,
        _libraries(findings.libraries),
        _about(N_("this Qt has no platform {names!r:.60}"), findings.platform),
        findings.display,
        NOTHING if findings.font else Text(N_("no font is installed")),
    )
    why = Text(refused, reasons=joined(reasons, "commas"))
    return Unavailable(why, _remedy(findings, tools))


def _remedy(findings: Findings, tools: Tools) -> Text:
    packages = packages_for(findings, tools)
    steps = [
        Text(N_("install mmviz again")) if findings.absent else NOTHING,
        Text(N_("unset QT_QPA_PLATFORM")) if findings.platform else NOTHING,
        Text(N_("start it in a desktop session or with xvfb-run -a"))
        if findings.display
        else NOTHING,
        _about(
            N_("install what holds {names}"),
            _listed([name for name in findings.libraries if name not in _PACKAGES]),
        ),
        _installing(packages, tools) if packages and not tools.apt else NOTHING,
    ]
    said = joined(steps, "commas")
    if not packages or not tools.apt:
        return said
    if not said:
        return _installing(packages, tools)
    return Text(N_("{steps}, after: {command}"), steps=said, command=_command(packages, tools))


def _installing(packages: Sequence[str], tools: Tools) -> Text:
    if not tools.apt:
        return _about(N_("install what Debian calls {names}"), _listed(packages))
    return Text(N_("run: {command}"), command=_command(packages, tools))


def _command(packages: Sequence[str], tools: Tools) -> str:
    apt = _APT if tools.root else f"sudo {_APT}"
    # A fresh container has no package lists: without the update nothing would be found.
    return f"{apt} update && {apt} install -y {' '.join(packages)}"


def packages_for(findings: Findings, tools: Tools) -> tuple[str, ...]:
    """The Debian packages that clear `findings`, sorted."""
    packages = {_PACKAGES[name] for name in findings.libraries if name in _PACKAGES}
    if not findings.font:
        packages.add("fonts-dejavu-core")
    if findings.display and not tools.xvfb:
        packages.update(_XVFB.values())
    return tuple(sorted(packages))


def font_package(language: str) -> str:
    """The Debian package with a font for this language, "" where there is a font here."""
    if language not in _SCRIPTS or not sys.platform.startswith("linux"):
        return ""  # Windows and macOS bring their own
    name, package = _SCRIPTS[language]
    return "" if probes.has_font(name) else package


def lacking_font(language: str) -> Text:
    """Why a window cannot speak this language here, with the command that lets it; NOTHING where
    it can.
    """
    package = font_package(language)
    if not package:
        return NOTHING
    said = N_("no font here has the signs of {language}: {remedy}")
    remedy = _installing((package,), tools_here())
    return Text(said, language=language, remedy=remedy)


def platforms(env: Mapping[str, str]) -> tuple[str, ...]:
    """The platform plugins that Qt will try on Linux with these variables; none: no display.

    QT_QPA_PLATFORM decides alone. Otherwise Qt tries all that fit and takes the first that starts.
    """
    named = env.get("QT_QPA_PLATFORM", "")
    if named:
        return tuple(part.partition(":")[0] for part in named.split(";"))
    found = ["xcb"] if env.get("DISPLAY") else []
    signs = (env.get("WAYLAND_DISPLAY"), env.get("WAYLAND_SOCKET"))
    if any(signs) or env.get("XDG_SESSION_TYPE") == "wayland":
        found.append("wayland")
    return tuple(found)


def _try_imports() -> tuple[Text, tuple[str, ...]]:
    """Why Qt cannot be imported, and the libraries it lacks: both empty where it can."""
    for module in _MODULES:
        try:
            importlib.import_module(module)
        except ImportError as error:
            lacking = probes.library_in(str(error))
            if lacking:  # the linker names only the first one; look for all, to ask once
                return NOTHING, _lacking(_GUI, lacking)
            reason = " ".join(str(error).split())
            said = N_("{module} cannot be imported ({reason})")
            return Text(said, module=module, reason=reason), ()
    return NOTHING, ()


def _try_platforms(env: Mapping[str, str], loadable: bool) -> Findings:
    """Why no platform can show anything; nothing where one can.

    `loadable` says that Qt itself loads, so that its plugins can be tried and not only guessed at.
    """
    wanted = platforms(env)
    if not wanted:  # the way out is Xvfb, which needs the xcb plugin
        return Findings(display=NO_DISPLAY, libraries=_platform_libraries("xcb", loadable))
    tried = [_try_platform(name, env, loadable) for name in wanted]
    return Findings() if Findings() in tried else tried[0]


def _try_platform(name: str, env: Mapping[str, str], loadable: bool) -> Findings:
    kind = name.partition("-")[0]  # wayland-egl is a wayland
    libraries = _platform_libraries(kind, loadable)
    if libraries:
        return Findings(libraries=libraries)
    if kind == "xcb":
        return Findings(display=probes.x_refusal(env.get("DISPLAY", "")))
    if kind == "wayland":
        return Findings(display=probes.wayland_refusal(env))
    elsewhere = env.get("QT_QPA_PLATFORM_PLUGIN_PATH") or env.get("QT_PLUGIN_PATH")
    known = not loadable or elsewhere or probes.plugin_files(kind)
    return Findings(platform="" if known else name)


def _platform_libraries(kind: str, loadable: bool) -> tuple[str, ...]:
    """The libraries that the platform plugin lacks."""
    known = _OF_PLATFORM.get(kind, {})
    if not loadable:
        return _lacking(known)
    for plugin in probes.plugin_files(kind):
        lacking = probes.lacking_library(str(plugin))
        if lacking:
            return _lacking(known, lacking)
    return ()


def _lacking(sonames: Iterable[str], also: str = "") -> tuple[str, ...]:
    """Those of `sonames` that do not load, and the one that is known not to."""
    found = [name for name in sonames if probes.lacking_library(name)]
    return tuple(dict.fromkeys([*found, also] if also else found))


def tools_here() -> Tools:
    """What this machine offers for a remedy."""
    return Tools(
        apt=shutil.which("apt-get") is not None,
        root=hasattr(os, "geteuid") and os.geteuid() == 0,
        xvfb=all(shutil.which(name) for name in _XVFB),
    )


def _libraries(names: tuple[str, ...]) -> Text:
    """A bare machine lacks two dozen; the command names their packages anyway."""
    listed = _listed(names)
    if len(names) > 3:
        rest = Text(P_("{n} more library", "{n} more libraries"), n=len(names) - 1)
        listed = Text(N_("{one} and {other}"), one=names[0], other=rest)
    return _about(N_("{names} cannot be loaded"), listed)


def _listed(names: Sequence[str]) -> Text:
    """'a, b and c'."""
    if len(names) < 2:
        return own("".join(names))
    return Text(N_("{one} and {other}"), one=", ".join(names[:-1]), other=names[-1])


def _about(msgid: str, names: str | Text) -> Text:
    """The sentence about `names`; NOTHING without any."""
    return Text(msgid, names=names) if names else NOTHING
