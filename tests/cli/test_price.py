"""mmviz plan --gemms: any list of products priced, and what plan says of times."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mmviz.core.time.cost import LOSSES

Mmviz = Callable[..., tuple[int, str, str]]
PRICED = ["m", "n", "k", "who", "predicted_s", "error", "tile", "waves", "bound", "predicted_kind"]


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_list_is_priced_as_plan_prices_its_products(mmviz: Mmviz, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "m,n,k,who\n128,4096,9216,a\n1,1000,4096,b\n")
    target = tmp_path / "out.csv"
    words = ("--device", "h100", "--dtype", "bfloat16")
    code, out, err = mmviz("plan", "--gemms", str(source), *words, "-o", str(target))
    assert (code, err) == (0, "")
    start = "each launch predicted on NVIDIA H100 SXM5 in bfloat16, modelled, ± "
    assert out.startswith(start)
    assert ": calibrated on" in out
    rows = list(csv.DictReader(target.read_text().splitlines()))
    assert list(rows[0]) == PRICED
    assert {row["predicted_kind"] for row in rows} == {"modelled"}
    assert [row["who"] for row in rows] == ["a", "b"]
    _, out, _ = mmviz("plan", "9216-4096", "--batch", "128", *words, "--json")
    (product,) = json.loads(out)["products"]
    assert float(rows[0]["predicted_s"]) == pytest.approx(product["predicted_s"], rel=1e-5)
    assert float(rows[0]["error"]) == pytest.approx(product["error"], rel=1e-2)
    assert rows[0]["tile"] == "{}x{}".format(*product["tile"])
    assert (int(rows[0]["waves"]), rows[0]["bound"]) == (product["waves"], product["bound"])
    assert rows[1]["bound"] == "memory"


def test_the_line_says_how_far_the_rows_are_off(mmviz: Mmviz, tmp_path: Path) -> None:
    group = "33,1408,2048,1,moe\n210,1408,2048,1,moe\n"
    text = f"m,n,k,batch,group\n512,128,64,96,\n200,3000,1333,1,\n{group}"
    source, target = write(tmp_path / "in.csv", text), tmp_path / "out.csv"
    words = ("--device", "h100", "--dtype", "bfloat16", "-o", str(target))
    _, out, _ = mmviz("plan", "--gemms", str(source), *words)
    rows = list(csv.DictReader(target.read_text().splitlines()))
    found = sorted(float(row["error"]) for row in rows if row["error"])
    least, most = (f"{100 * error:.2g}" for error in (found[0], found[-1]))
    assert f"± {least} % to {most} %, error unknown of 2 rows: " in out.replace("\u202f", " ")


def test_the_list_itself_is_never_written_over(mmviz: Mmviz, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "m,n,k\n1,1,1\n")
    code, _, err = mmviz("plan", "--gemms", str(source), "--device", "a100", "-o", str(source))
    assert code == 2
    assert "is the list itself" in err
    assert source.read_text() == "m,n,k\n1,1,1\n"


def test_without_o_rows_go_to_standard_output(mmviz: Mmviz, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "K,M,N\n64,32,16\n")
    words = ("--device", "tpu-v4", "--dtype", "bfloat16")
    code, out, _ = mmviz("plan", "--gemms", str(source), *words)
    assert code == 0
    header, row = out.splitlines()
    assert header == "K,M,N,predicted_s,error,tile,waves,bound,predicted_kind"
    assert row.startswith("64,32,16,")
    assert row.split(",")[4] == ""  # of cycles no error is known


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("alexnet",), "NETWORK has no meaning beside --gemms"),
        (("--batch", "3"), "--batch has no meaning beside --gemms"),
        (("--json",), "--json has no meaning beside --gemms"),
        (("--device", "lanes-16"), "lanes have no clock"),
        (("--device", "v100", "--dtype", "bfloat16"), "no peak in bfloat16 is known"),
    ],
)
def test_what_cannot_be_priced(
    mmviz: Mmviz, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    source = write(tmp_path / "in.csv", "m,n,k\n1,1,1\n")
    target = write(tmp_path / "out.csv", "as it was")
    code, _, err = mmviz("plan", *words, "--gemms", str(source), "-o", str(target))
    assert code == 2
    assert said in err
    assert len(err.splitlines()) == 1
    assert target.read_text() == "as it was"


def test_a_bad_row_leaves_the_old_file(mmviz: Mmviz, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "m,n,k\n" + "1,1,1\n" * 10_100 + "1,no,1\n")
    target = write(tmp_path / "out.csv", "as it was")
    code, _, err = mmviz("plan", "--gemms", str(source), "--device", "a100", "-o", str(target))
    assert code == 2
    assert "line 10102, column n" in err
    assert target.read_text() == "as it was"


def test_a_column_that_is_there_already(mmviz: Mmviz, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv", "m,n,k,Tile\n1,1,1,x\n")
    code, _, err = mmviz("plan", "--gemms", str(source), "--device", "a100")
    assert code == 2
    assert "there is a column tile already" in err


def test_plan_without_a_network_or_a_list(mmviz: Mmviz) -> None:
    assert mmviz("plan")[0] == 2
    assert "-o belongs to --gemms" in mmviz("plan", "alexnet", "-o", "x.csv")[2]


def test_a_product_says_what_its_time_is_made_of(mmviz: Mmviz) -> None:
    words = ("alexnet", "--device", "a100", "--dtype", "float16", "--training", "--json")
    found = json.loads(mmviz("plan", *words)[1])
    for product in (*found["products"], found["total"]):
        assert len(product["losses"]) == len(LOSSES)
        whole = product["at_peak_s"] + sum(product["losses"].values())
        assert whole == pytest.approx(product["predicted_s"])
        assert product["limiter"] in ("peak", *product["losses"])
        assert 0 < product["error"] < 1
    last = found["products"][2]
    assert (last["bound"], last["intensity"]) == ("memory", pytest.approx(110.4, abs=0.1))
    total = sum(product["predicted_s"] for product in found["products"])
    assert found["total"]["predicted_s"] == pytest.approx(total)


def test_the_table_ends_with_the_whole_pass(mmviz: Mmviz) -> None:
    lines = mmviz("plan", "alexnet", "--device", "a100", "--dtype", "float16")[1].splitlines()
    (at,) = (i for i, line in enumerate(lines) if line.startswith("predicted "))
    assert "calibrated" in lines[at]
    assert lines[at + 1].startswith("made of: at the peak ")
    none = mmviz("plan", "alexnet", "--device", "lanes-16")[1].splitlines()
    assert none[-1] == "predicted: no data, lanes have no clock"


def test_a_launch_that_does_not_fit_has_no_time(mmviz: Mmviz, tmp_path: Path) -> None:
    rows = tmp_path / "rows.csv"
    # 80 GB of results in bfloat16, on 24
    rows.write_text("m,n,k\n128,128,128\n200000,200000,1024\n")
    words = ("plan", "--gemms", str(rows), "--device", "rtx4090", "--dtype", "bfloat16")
    code, out, err = mmviz(*words)
    assert code == 0
    _, small, large = out.splitlines()
    assert float(small.split(",")[3]) > 0
    assert large.split(",")[3:5] == ["", ""]
    assert large.endswith(",compute,")
    assert "note: 1 launch does not fit 24.0 GB of memory, and has no time" in err
