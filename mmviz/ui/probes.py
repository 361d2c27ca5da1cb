"""What Qt will find on this Linux machine, asked without making a QApplication.

Each probe asks the thing itself (dynamic linker, X server, fontconfig): a list of names alone
would be wrong for the next Qt. Only `plugin_files` needs Qt, and it imports nothing but QtCore.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path

from mmviz.text import N_, NOTHING, Text


def lacking_library(path: str) -> str:
    """The library that keeps `path` (a soname or a file) from loading; empty where it loads.

    Where the linker gives another reason than a missing file, `path` itself is named.
    """
    try:
        ctypes.CDLL(path)
    except OSError as error:
        return library_in(str(error)) or Path(path).name
    return ""


def library_in(message: str) -> str:
    """The library that the dynamic linker's `message` calls missing, else an empty text."""
    found = re.match(r"(\S+\.so[.\d]*): cannot open shared object file", message)
    return Path(found[1]).name if found else ""


def plugin_files(platform: str) -> list[Path]:
    """The files of Qt's own plugin for `platform`; raises ImportError where Qt is missing."""
    core = importlib.import_module("PyQt6.QtCore")
    folder = Path(core.QLibraryInfo.path(core.QLibraryInfo.LibraryPath.PluginsPath))
    return sorted((folder / "platforms").glob(f"libq{platform}*.so"))


def x_refusal(display: str) -> Text:
    """Why the X display named `display` cannot be used; NOTHING where it answers."""
    if not display:
        return Text(N_("there is no display (DISPLAY is not set)"))
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return NOTHING  # reported among the libraries
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    if xcb.xcb_connection_has_error(connection):
        return Text(N_("the display {name} does not answer"), name=display)
    # Left open on purpose: Xvfb resets when its last client leaves, just when Qt is to connect.
    return NOTHING


def wayland_refusal(env: Mapping[str, str]) -> Text:
    """Why the Wayland display of these variables cannot be used; NOTHING where it answers."""
    if env.get("WAYLAND_SOCKET"):
        return NOTHING  # an open descriptor, which only the one client may use
    name = env.get("WAYLAND_DISPLAY") or "wayland-0"
    path = os.path.join(env.get("XDG_RUNTIME_DIR", ""), name)  # an absolute name stands alone
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(path)
        except (OSError, ValueError):
            return Text(N_("the Wayland display {name} does not answer"), name=name)
    return NOTHING


def has_font(language: str = "") -> bool:
    """Whether fontconfig, where Qt looks for its fonts, knows any scalable one; with a language as
    it names them ("zh-cn") one that has its signs.
    """
    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return True  # reported among the libraries, and its package brings a font
    for function in ("FcNameParse", "FcObjectSetCreate", "FcFontList"):
        getattr(fontconfig, function).restype = ctypes.c_void_p
    fontconfig.FcObjectSetAdd.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    fontconfig.FcFontList.argtypes = [ctypes.c_void_p] * 3
    properties = fontconfig.FcObjectSetCreate()
    fontconfig.FcObjectSetAdd(properties, b"family")
    wanted = ":scalable=true" + (f":lang={language}" if language else "")
    fonts = fontconfig.FcFontList(None, fontconfig.FcNameParse(wanted.encode()), properties)
    # struct FcFontSet begins with the int nfont; its few bytes live as long as the process
    return bool(fonts) and ctypes.c_int.from_address(fonts).value > 0
