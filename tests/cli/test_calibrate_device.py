"""mmviz calibrate --device D --timings F.csv: constants fitted to measured products."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mmviz.core.shapes.columns import Shapes
from mmviz.core.time.constants import CONSTANT_NAMES, constants_of
from mmviz.core.time.wave_time import predict
from mmviz.files.devices import read_device

Mmviz = Callable[..., tuple[int, str, str]]


def timings(path: Path, count: int = 60, scale: float = 1.0) -> Path:
    """Times as the H100 model makes them, `scale` times as long."""
    random = np.random.default_rng(3)
    m, n, k = (random.choice([16, 128, 1024, 4096], count) for _ in "mnk")
    device = read_device("h100")
    constants = constants_of(device, "bfloat16")
    seconds = predict(Shapes.of(m, n, k), device, "bfloat16", constants).seconds * scale
    rows = zip(m.tolist(), n.tolist(), k.tolist(), (seconds * 1e3).tolist(), strict=True)
    path.write_text("m,n,k,time_ms\n" + "".join(f"{a},{b},{c},{t:.9g}\n" for a, b, c, t in rows))
    return path


def test_a_fit_is_kept_and_used(mmviz: Mmviz, tmp_path: Path) -> None:
    source = timings(tmp_path / "mine.csv", scale=1.5)
    target = tmp_path / "mine.toml"
    words = ("--device", "h100", "--timings", str(source), "-o", str(target))
    code, out, err = mmviz("calibrate", *words, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert set(CONSTANT_NAMES) <= set(found["constants"])
    assert found["rows"] == found["held_out"] == 60
    device = read_device(str(target))
    fitted = device.calibration("bfloat16")
    assert fitted is not None
    assert (fitted.rows, fitted.own, fitted.error) == (found["rows"], True, found["error"])
    assert dict(fitted.constants) == pytest.approx(found["constants"])
    assert device.name == "NVIDIA H100 SXM5 (calibrated)"
    shape = ("4096-4096", "--batch", "4096", "--dtype", "bfloat16", "--json")
    before = json.loads(mmviz("plan", *shape, "--device", "h100")[1])["total"]["predicted_s"]
    after = json.loads(mmviz("plan", *shape, "--device", str(target))[1])["total"]["predicted_s"]
    assert after > 1.2 * before


def test_without_o_it_becomes_an_own_device(mmviz: Mmviz, tmp_path: Path) -> None:
    words = ("--device", "h100", "--timings", str(timings(tmp_path / "mine.csv")))
    code, out, _ = mmviz("calibrate", *words)
    assert code == 0
    assert out.splitlines()[-1] == "use it as --device h100-calibrated"
    assert "rows kept out" in out
    assert read_device("h100-calibrated").name == "NVIDIA H100 SXM5 (calibrated)"


@pytest.mark.parametrize(
    ("text", "words", "said"),
    [
        ("m,n,k\n1,1,1\n", (), "needs one column time_ms"),
        ("m,n,k,time_ms\n1,1,1,fast\n", (), "line 2, column time_ms must be milliseconds"),
        ("m,n,k,time_ms\n1,1,1,-1\n", (), "line 2, column time_ms"),
        ("m,n,k,time_ms\n1,1,1,1\n", (), "at least 20 rows, not 1"),
        ("m,n,k,time_ms\n1,1,1,1\n", ("--device", "tpu-v4"), "needs to be a GPU"),
        ("m,n,k,time_ms\n1,1,1,1\n", ("--device", "v100"), "with a peak in bfloat16"),
    ],
)
def test_what_cannot_be_fitted(
    mmviz: Mmviz, tmp_path: Path, text: str, words: tuple[str, ...], said: str
) -> None:
    source = tmp_path / "mine.csv"
    source.write_text(text)
    asked = words or ("--device", "h100")
    code, _, err = mmviz("calibrate", *asked, "--timings", str(source))
    assert code == 2
    assert said in err
    assert len(err.splitlines()) == 1


def test_options_of_a_fit_need_timings(mmviz: Mmviz) -> None:
    assert "-o belongs to --timings" in mmviz("calibrate", "-o", "x.toml")[2]
    assert "give --timings FILE.csv" in mmviz("calibrate", "--device", "h100")[2]
