"""Nothing that a file says, or is called, steers the terminal: in words, in JSON or in CSV."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.files.devices import own_folder
from mmviz.text import STEERING

NASTY = "\x1b[2J\x9b31m\u202e\u2028<b>=1"
QUOTED = json.dumps(NASTY)  # as TOML has it, too
DEVICE = f"""name = "evil"
kind = "gpu"
units = 4
bandwidth_gbs = 1000
launch_us = {{ value = 4, source = {QUOTED} }}
price_hour = 1.0
about = {QUOTED}
source = {QUOTED}
unit_name = {QUOTED}
currency = {QUOTED}
compute_capability = {QUOTED}
[peaks_tflops]
float32 = 10
[calibration.float32]
rows = 3
source = {QUOTED}
remark = {QUOTED}
constants = {{ t0 = 1e-6, cell = 1, side = 1, edge = 1, wave = 1e-7, share = 0.5, hit = 0.5,
  join = 1e-6, smooth = 2, heat = 0.1 }}
""".replace("0.5,\n  join", "0.5, join")
COMMANDS = {
    "plan": ("plan", "NETWORK"),
    "plan in JSON": ("plan", "NETWORK", "--json"),
    "advise": ("advise", "NETWORK"),
    "advise in JSON": ("advise", "NETWORK", "--json"),
    "schedule": ("schedule", "NETWORK"),
    "schedule in JSON": ("schedule", "NETWORK", "--json"),
    "sweep": ("sweep", "NETWORK", "--batch", "1:8"),
    "sweep in JSON": ("sweep", "NETWORK", "--batch", "1:8", "--json", "-"),
    "sweep in CSV": ("sweep", "NETWORK", "--batch", "1:8", "--csv", "-"),
    "prices": ("plan", "--gemms", "LIST"),
    "a list": ("plan", "LIST"),
}
ALONE = {
    "devices": ("devices",),
    "devices in JSON": ("devices", "--json"),
    "no such network": ("plan", f"{NASTY}.toml"),
    "no such device": ("plan", "mlp", "--device", NASTY),
    "no such option": ("plan", "mlp", f"--{NASTY}"),
    "no such command": (NASTY, "x"),
    "no such dtype": ("plan", "mlp", "--dtype", NASTY),
    "no such backend": ("bench", "mlp", "--backends", NASTY),
    "no such folder": ("bench", "mlp", "--csv", f"{NASTY}/x.csv"),
    "no such language": ("--language", NASTY, "devices"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder and files whose names are no better than what they say."""
    folder = tmp_path / "\x1b[31m\u202e"
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this system has no such names")
    (folder / "dev\x9b.toml").write_text(DEVICE, encoding="utf-8")
    net = "inputs = 8\n[[layers]]\nunits = 4\n"
    (folder / "net\x9b.toml").write_text(net, encoding="utf-8")
    rows = f'm,n,k,name,"{NASTY[:6]}"\n8,8,8,=a,"@{NASTY[:6]}"\n'
    (folder / "list\x9b.csv").write_text(rows, encoding="utf-8")
    return folder


def harmless(text: str) -> bool:
    return STEERING.search(text.replace("\n", "").replace("\t", "")) is None


@pytest.mark.parametrize("kind", COMMANDS)
def test_of_hostile_files(mmviz: Callable[..., object], folder: Path, kind: str) -> None:
    files = {"NETWORK": folder / "net\x9b.toml", "LIST": folder / "list\x9b.csv"}
    words = [str(files.get(word, word)) for word in COMMANDS[kind]]
    code, out, err = mmviz(*words, "--device", str(folder / "dev\x9b.toml"))
    assert code == 0
    assert ("is not used" in err) == (kind == "a list")
    assert harmless(out + err), ascii(out + err)
    assert folder.parent.name not in out  # nobody is told where the files lie
    if "JSON" in kind:
        json.loads(out)
    if kind == "prices":
        assert "'=a" in out
        assert "'@" in out


@pytest.mark.parametrize("kind", ALONE)
def test_of_hostile_words(mmviz: Callable[..., object], kind: str) -> None:
    own_folder().mkdir(parents=True)
    (own_folder() / "mine.toml").write_text(DEVICE, encoding="utf-8")
    (own_folder() / "bad\x9b.toml").write_text(DEVICE, encoding="utf-8")
    code, out, err = mmviz(*ALONE[kind])
    assert code == (0 if kind.startswith("devices") else 2)
    assert harmless(out), ascii(out)
    assert harmless(err), ascii(err)
    assert out + err
