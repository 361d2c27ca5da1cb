"""Lists of products are read whole, in pieces of any size, and refused by line and column."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.network import MAX_COUNT, from_widths
from mmviz.core.shapes.products import MAX_PRODUCTS, Products
from mmviz.errors import InputError
from mmviz.files import network_writer, networks
from mmviz.files.network_writer import dump_list
from mmviz.files.networks import NetworkFile, read_file
from mmviz.files.ordinary import BLOCK, Cancelled
from mmviz.files.products import MAX_LINE, ListRows, parse, read_rows

SIDES = st.integers(1, MAX_COUNT)


def rows_of(folder: Path, text: str | bytes, chunk: int = 3) -> list[ListRows]:
    path = folder / "list.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read_rows(path, chunk))


def test_columns_in_any_order_with_others_carried_along(tmp_path: Path) -> None:
    text = '# from a paper\n\nN, id, m,K,name,Count\n2,a,1,3,"q, k, v",12\n# half\n5,b,4,06,,1\n'
    (rows,) = rows_of(tmp_path, text, 100)
    assert rows.header == ("N", "id", "m", "K", "name", "Count")
    assert rows.cells == [["2", "a", "1", "3", "q, k, v", "12"], ["5", "b", "4", "06", "", "1"]]
    assert rows.lines == [4, 6]
    found = [x.tolist() for x in (rows.m, rows.n, rows.k, rows.count)]
    assert found == [[1, 4], [2, 5], [3, 6], [12, 1]]
    assert rows.names == ["q, k, v", ""]
    assert all(x.dtype == np.int64 for x in (rows.m, rows.n, rows.k, rows.count))


def test_count_is_one_where_there_is_none(tmp_path: Path) -> None:
    (rows,) = rows_of(tmp_path, "m,n,k\r\n1,2,3\r\n,,\r\n")
    assert rows.count.tolist() == [1]
    assert rows.names == [""]


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path: Path, start: str) -> None:
    assert rows_of(tmp_path, f"{start}m,n,k\n1,2,3")[0].header == ("m", "n", "k")


@given(st.lists(st.tuples(SIDES, SIDES, SIDES), min_size=1, max_size=20), st.integers(1, 7))
def test_pieces_are_the_list(
    tmp_path_factory: pytest.TempPathFactory, shapes: list[tuple[int, int, int]], chunk: int
) -> None:
    text = "m,n,k\n" + "".join(f"{m},{n},{k}\n" for m, n, k in shapes)
    parts = rows_of(tmp_path_factory.mktemp("lists"), text, chunk)
    assert all(1 <= len(part.m) <= chunk for part in parts)
    found = [
        shape
        for part in parts
        for shape in zip(part.m.tolist(), part.n.tolist(), part.k.tolist(), strict=True)
    ]
    assert found == shapes
    assert [line for part in parts for line in part.lines] == list(range(2, len(shapes) + 2))


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "1e-3", "1_0", "²", "", "x", "1000000001"])
@pytest.mark.parametrize("column", ["m", "n", "k", "count"])
def test_a_wrong_number_is_named_by_line_and_column(
    tmp_path: Path, value: str, column: str
) -> None:
    row = {"m": "8", "n": "8", "k": "8", "count": "8", column: value}
    text = f"m,n,k,count\n# a remark\n1,1,1,1\n{','.join(row.values())}\n"
    with pytest.raises(
        InputError, match=rf"list.csv, line 4, column {column} must be a whole number"
    ):
        rows_of(tmp_path, text)


def test_a_number_of_thousands_of_digits(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="line 2, column n"):
        rows_of(tmp_path, f"m,n,k\n1,{'9' * 5000},1\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names no columns"),
        ("# only a remark\n", "names no columns"),
        ("m,n,k\n", "has no product"),
        ("1,2,3\n", "line 1: numbers without a row above them that names the columns"),
        ("m;n;x\n1;2;3\n", "line 1: the first row must name the columns m, n and k"),
        ("m;n;x\n1;2;3\n", "found is 'm;n;x', parted by semicolons"),
        ("m,n,k,M\n1,2,3,4\n", "line 1: two columns are named m"),
        ("m,n,k\n1,2\n", "line 2: 2 cells in a row, but 3 columns"),
        ("m,n,k\n1,2,3,4\n", "line 2: 4 cells in a row, but 3 columns"),
        ('m,n,k,name\n1,2,3,a\n1,2,3,"b\n1,2,3,c\n', "line 3: not a row of CSV"),
        ('m,n,k,name\n1,2,3,"a"b\n', "line 2: not a row of CSV"),
        (b"m,n,k\n1,2,3\xff\n", "line 2, column k must be a whole number"),
        ("m,n,k\n1,2," + "3" * MAX_LINE, "line 2: longer than 100\u202f000 characters"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    with pytest.raises(InputError) as raised:
        rows_of(tmp_path, text)
    assert said in str(raised.value)
    assert "list.csv" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_rows_before_a_wrong_one_are_handed_out(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("m,n,k\n1,2,3\n4,5,6\n0,0,0\n")
    rows = read_rows(path, 3)
    assert next(rows).m.tolist() == [1, 4]
    with pytest.raises(InputError, match="line 4, column m"):
        next(rows)


def test_a_folder_or_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it is a folder"):
        next(read_rows(tmp_path))
    with pytest.raises(InputError, match="No such file"):
        next(read_rows(tmp_path / "none.csv"))


def test_a_list_with_remarks_is_parsed() -> None:
    text = b"""# name: A layer
# Just a remark: of no special kind
#source:  a paper, 2020
m,n,k,count,name
1,2,3,4,first
5,6,7,1,
# name: too late
"""
    products, remarks, notes = parse(text, "x/list.csv")
    assert not notes
    first = Gemm("first", "product", 1, 2, 3, 0, 4)
    assert products == Products("A layer", (first, Gemm("product 2", "product", 5, 6, 7, 1)))
    assert remarks == {"source": "a paper, 2020"}


def test_without_a_name_it_bears_that_of_the_file() -> None:
    assert parse(b"m,n,k\n1,2,3\n", "some/where/convs.csv")[0].name == "convs"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"# name: " + b"x" * 61 + b"\nm,n,k\n1,2,3\n", "line 1: name must be one line"),
        (b"m,n,k,name\n1,2,3,a\x07b\n", "line 2, column name must be one line"),
        (b"m,n,k\n" + b"1,2,3\n" * (MAX_PRODUCTS + 1), "more than 10\u202f000 products"),
        (b"m,n,k\n\xff,2,3\n", "line 2, column m must be a whole number"),
    ],
)
def test_what_cannot_be_looked_at_is_refused(text: bytes, said: str) -> None:
    with pytest.raises(InputError, match=f"^x.csv.*{said}"):
        parse(text, "x.csv")


words = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=20)


COUNTS = st.tuples(st.integers(1, 4_000), st.integers(1, 4_000), st.sampled_from(["", "g", "h"]))


@given(
    st.lists(st.tuples(words, SIDES, SIDES, SIDES, COUNTS), min_size=1, max_size=8), words, words
)
def test_any_list_survives_a_round_trip(
    rows: list[tuple[str, int, int, int, tuple[int, int, str]]], name: str, source: str
) -> None:
    of = {group: count for *_, (count, _, group) in rows if group}  # one count for a launch
    gemms = (
        Gemm(title, "product", m, n, k, i, of.get(group, count), stack, group)
        for i, (title, m, n, k, (count, stack, group)) in enumerate(rows)
    )
    products = Products(name, tuple(gemms))
    data = dump_list(products, {"source": source, "about": ""})
    found = parse(data, "x.csv")
    assert (found.products, found.remarks) == (products, {"source": source})


def gpt2_flop(tokens: int, layers: int, width: int, vocabulary: int) -> int:
    """2 FLOP a weight and token (12·width² weights a layer) and 4·tokens·width of attention."""
    weights = 12 * layers * width**2 + vocabulary * width
    return tokens * (2 * weights + 4 * layers * tokens * width)


PARAMETERS = 6_738_415_616  # of LLaMA-7B: with its embedding, which is looked up, and its norms
PUBLISHED = {
    "gpt2-small": (gpt2_flop(1024, 12, 768, 50257), 337),
    "llama-7b-decode": (
        8 * (2 * (PARAMETERS - 32_000 * 4096 - 65 * 4096) + 4 * 32 * 1024 * 4096),
        2 * 8 * 32 * 32 + 4 * 32 + 1,
    ),
    "attention": (2 * 8192 * 4 * 1024**2 + 8 * 4 * 1024**2 * 1024, 1 + 128 + 128 + 1),
    "mixtral-8x7b": (
        512 * 2 * (32 * (4096 * (6144 + 4096 + 8) + 2 * 3 * 4096 * 14_336) + 32_000 * 4096)
        + 32 * 4 * 512**2 * 4096,
        32 * (1 + 32 + 32 + 1 + 1 + 8 + 8) + 1,
    ),
    "resnet50": (2 * 4_089_184_256, 54),  # multiply-adds as fvcore counts torchvision's resnet50
}


@pytest.mark.parametrize("preset", PUBLISHED)
def test_shipped_lists_compute_what_is_published(preset: str) -> None:
    file = networks.read_preset(preset)
    assert isinstance(file.network, Products)
    found = sum(gemm.total_flop for gemm in file.network.gemms), file.network.computed()
    assert found == PUBLISHED[preset]
    assert file.about.endswith(".")
    assert file.source


@pytest.mark.parametrize("preset", PUBLISHED)
def test_shipped_lists_survive_being_saved(preset: str, tmp_path: Path) -> None:
    file = networks.read_preset(preset)
    network_writer.save(file, tmp_path / "own.CSV")
    again = networks.find(str(tmp_path / "own.CSV"))
    assert (again.network, again.about, again.source) == (file.network, file.about, file.source)
    assert (again.id, again.batch) == ("", None)


def test_each_kind_is_saved_under_its_own_suffix(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"saved as \.csv"):
        network_writer.save(networks.read_preset("gpt2-small"), tmp_path / "own.toml")
    with pytest.raises(InputError, match=r"saved as \.toml"):
        network_writer.save(NetworkFile("", from_widths([4, 2])), tmp_path / "own.csv")
    assert not list(tmp_path.iterdir())


def test_a_list_may_name_a_device_that_exists(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("# device: a100\nm,n,k\n1,2,3\n")
    assert networks.find(str(path)).device == "a100"
    path.write_text("# device: abacus\nm,n,k\n1,2,3\n")
    with pytest.raises(InputError, match=r"x.csv: unknown device 'abacus'"):
        networks.find(str(path))


def test_a_list_is_held_a_megabyte_at_a_time_and_told_of(tmp_path: Path) -> None:
    """Lines of 100 kB: 10,000 of them, the most lines of a chunk, would be a gigabyte."""
    path = tmp_path / "wide.csv"
    note = "x" * 90_000
    path.write_text("m,n,k,note\n" + f"1,2,3,{note}\n" * 40 + f"# {note}\n" * 40)
    told: list[tuple[int, int]] = []
    chunks = list(read_rows(path, tick=lambda *both: told.append(both)))
    assert sum(len(rows.m) for rows in chunks) == 40
    assert max(len(rows.m) for rows in chunks) <= BLOCK // 90_000 + 1
    size = path.stat().st_size
    assert [whole for _, whole in told] == [size] * len(told)
    assert len(told) >= size // (BLOCK + MAX_LINE)  # comments are told of, too
    assert told[-1] == (size, size)
    with pytest.raises(InputError, match="larger than 1\u202f000 bytes"):
        next(read_rows(path, max_bytes=1_000))


def test_reading_is_cancelled_by_a_tick(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text("m,n,k\n" + "1,2,3\n" * 30_000)

    def tick(done: int, whole: int) -> None:
        if done > whole / 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(read_rows(path, tick=tick))
    with pytest.raises(Cancelled):
        read_file(path, tick)


def test_who_has_a_longer_list_hears_what_prices_it() -> None:
    with pytest.raises(
        InputError, match=r"^long: more than 10\u202f000 .*; mmviz plan --gemms prices"
    ):
        parse(b"m,n,k\n" + b"1,2,3\n" * (MAX_PRODUCTS + 1), "long")
