"""Lists as tools and people write them: what has one meaning is read, all else is named."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.network import MAX_COUNT, MAX_K
from mmviz.errors import InputError
from mmviz.files import networks
from mmviz.files.columns import word_of
from mmviz.files.products import Listed, parse, read_rows, rows_from
from mmviz.files.table import MARKS
from mmviz.files.timings import read_timings

Row = tuple[int, int, int, int, str]


def rows(text: str | bytes) -> list[Row]:
    found = parse(text if isinstance(text, bytes) else text.encode(), "x.csv")
    return [(g.m, g.n, g.k, g.count, g.name) for g in found.products.gemms]


def batches(text: str) -> list[tuple[int, int]]:
    return [(g.count, g.stack) for g in parse(text.encode(), "x.csv").products.gemms]


def notes(text: str) -> str:
    return "; ".join(map(str, parse(text.encode(), "x.csv").notes))


def refusal(text: str | bytes) -> str:
    with pytest.raises(InputError) as raised:
        rows(text)
    assert "\n" not in str(raised.value)
    return str(raised.value)


A = [(1024, 2304, 768, 12, "qkv"), (1024, 1024, 64, 144, "scores")]


@pytest.mark.parametrize(
    "text",
    [
        "m,n,k,count,name\n1024,2304,768,12,qkv\n1024,1024,64,144,scores\n",
        "\ufeffName;M;N;K;Anzahl\r\nqkv;1024;2304;768;12\r\nscores;1024;1024;64;144\r\n",
        "Name\tM\tN\tK\tCount\nqkv\t1024\t2304\t768\t12\nscores\t1024\t1024\t64\t144\n",
        "sep=;\nname;m;n;k;count\nqkv;1024;2304;768;12\nscores;1024;1024;64;144\n",
        '"sep=|"\nname|m|n|k|count\nqkv|1024|2304|768|12\nscores|1024|1024|64|144\n',
        "| name | m | n | k | count |\n|---|--:|--:|--:|:-:|\n| qkv | 1024 | 2304 | 768 | 12 |\n"
        "| scores | 1024 | 1024 | 64 | 144 |\n",
        "+------+\n|name|m|n|k|count|\n+------+\n|qkv|1024|2304|768|12|\n|scores|1024|1024|64|144|",
        "  name    m     n    k count\n   qkv 1024  2304  768    12\nscores 1024  1024   64   144",
        '"name", "m", "n","k","count"\n"qkv", "1,024", "2,304", 768, 12\nscores,1024,1024,64,144',
        "name,m,n,k,count\nqkv,1024.0,2.304e3,768.,12\nscores,1.024E3,1024,64,144\n",
        "name;m;n;k;repeat\nqkv;1.024;2.304;768,0;12\nscores;1024,0;1 024;64;144\n",
        "name;m;n;k;calls\nqkv;1'024;2304;768;12\nscores;1_024;1,024;64;144",
        "layer,m,n,k,count,\nqkv,1024,2304,768,12,\nscores,1024,1024,64,144\n",
        "name,m,n,k,count\rqkv,1024,2304,768,12\rscores,1024,1024,64,144\r",
        "op;m;n;k;occurrences\nqkv;1024;2304;768;12;;;\nscores;1024;1024;64;144;\n",
        "# a remark\n\n# name: x\nm,n,k,count,layer name\n1024,2304,768,12,qkv\n,,,,\n"
        "1024,1024,64,144,scores\n# the end",
        "\ufeff\ufeffname,m,n,k,count\nqkv,1024,2304,768,12\nscores,1024,1024,64,144\n",
        "sep=;;;;;\nname;m;n;k;count\nqkv;1024;2304;768;12\nscores;1024;1024;64;144\n",
        "sep=\t\nname\tm\tn\tk\tcount\nqkv\t1024\t2304\t768\t12\nscores\t1024\t1024\t64\t144\n",
        "sep=;\nname,m,n,k,count\nqkv,1024,2304,768,12\nscores,1024,1024,64,144\n",
        'name, m, n, k, count\n"qkv", 1024, 2304, "768", "12"\nscores, 1024, 1024, 64, 144\n',
        "# as NumPy writes it\n#name,m,n,k,count\nqkv,1024,2304,768,12\nscores,1024,1024,64,144\n",
        "# name m n k count\nqkv 1.024e+03 2.304e+03 768 12\nscores 1024 1024 64 1.44e2\n",
        "name,m,n,k,count\nqkv,1024,2304,768,12\nname,m,n,k,count\nscores,1024,1024,64,144\n",
        "name,m,n,k,count\n\u00a0qkv,1024,2304,768,12\n\tscores\u3000,1024,1024,64,144\n",
    ],
)
def test_the_same_list_as_many_write_it(text: str) -> None:
    assert rows(text) == A


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", codecs.BOM_UTF16_BE), ("utf-16-le", b""),
     ("utf-16-be", b""), ("utf-32-le", codecs.BOM_UTF32_LE), ("utf-8", codecs.BOM_UTF8)],
)  # fmt: skip
def test_unicode_text_of_a_spreadsheet(tmp_path: Path, encoding: str, mark: bytes) -> None:
    text = "name\tm\tn\tk\r\nGröße\t1\t2\t3\r\n"
    data = mark + text.encode(encoding)
    assert rows(data) == [(1, 2, 3, 1, "Größe")]
    path = tmp_path / "list.txt"
    path.write_bytes(data)
    assert [part.names for part in read_rows(path)] == [["Größe"]]
    assert networks.read_file(path).network.lower()[0].name == "Größe"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_list_comes_back_from_a_spreadsheet(tmp_path: Path, mark: str) -> None:
    remarks = ("name: A list", 'about: of "two", a; b', "source: x", "device: a100")
    rows = [["m", "n", "k", "count", "name"], ["1", "2", "3", "4", "'=q, r"]]
    plain, dressed = io.StringIO(), io.StringIO()
    plain.writelines(f"# {remark}\n" for remark in remarks)
    csv.writer(plain).writerows(rows)
    rows = [*([f"# {remark}"] for remark in remarks), [], *rows]
    wide = [row + [""] * (5 - len(row)) for row in rows]
    csv.writer(dressed, delimiter=mark).writerows(wide)
    path = tmp_path / "x.csv"
    path.write_text(plain.getvalue())
    found = networks.read_file(path)
    assert (found.about, found.device) == ('of "two", a; b', "a100")
    path.write_text(dressed.getvalue())
    assert networks.read_file(path) == found
    assert [part.names for part in read_rows(path)] == [["=q, r"]]


def test_names_in_an_older_encoding(tmp_path: Path) -> None:
    data = "m;n;k;name\n1;2;3;Größe €\n".encode("cp1252")
    assert rows(data) == [(1, 2, 3, 1, "Größe €")]
    (tmp_path / "l.csv").write_bytes(data)
    assert [part.names for part in read_rows(tmp_path / "l.csv")] == [["Größe €"]]


def test_a_batch_is_of_one_launch() -> None:
    text = "transA,transB,grouped_gemm,batch_count,m,n,k,alpha,us\nN,N,0,1,128,128,128,1, 7.9\n"
    text += "N,N,0,64,128,128,128,1, 31.1\n"
    assert batches(text) == [(1, 1), (1, 64)]
    assert notes(text) == (
        "m, n and k are the sides of the product, whatever transA, transB say of storage; "
        "columns grouped_gemm, alpha, us are not used"
    )


@pytest.mark.parametrize(
    "column", ["batch", "B", "b", "Batch Count", "batchCount", "BATCH", "stack"]
)
def test_a_batch_is_known_by_many_names(column: str) -> None:
    assert batches(f"m,n,k,count,{column}\n1,2,3,5,7\n") == [(5, 7)]
    assert notes(f"m,n,k,{column}\n1,2,3,1\n") == ""


def test_b_is_no_batch_beside_a_and_c() -> None:
    assert rows("m,n,k,a,b,c\n1,2,3,9,8,7\n")[0][3] == 1
    assert notes("m,n,k,a,b,c\n1,2,3,9,8,7\n") == "columns a, b, c are not used"


def test_of_two_columns_that_say_the_same_the_other_is_named() -> None:
    text = "layer,name,m,n,k,batch,batch_count\nx,y,1,2,3,8,2\n"
    assert rows(text) == [(1, 2, 3, 1, "y")]
    assert batches(text) == [(1, 2)]
    assert "columns layer, batch are not used" in notes(text)


def test_what_comments_say_of_the_pass_is_not_dropped_without_a_word() -> None:
    text = "# Batch size: 8\n# dtype = float16\n# of 2020: a paper\n# device: a100\nm,n,k\n1,2,3\n"
    assert notes(text) == "remarks Batch size, dtype are not used"
    assert notes("m,n,k\n# batch: 8\n1,2,3\n") == ""  # a comment among the rows


def test_many_unused_columns_are_named_in_part() -> None:
    text = "m,n,k," + ",".join(f"x{i}" for i in range(12)) + "\n1,2,3" + ",0" * 12 + "\n"
    assert notes(text) == "columns x0, x1, x2, x3, x4, x5, x6, x7, 4 more are not used"
    assert notes("m,n,k,time_ms\n1,2,3,4\n") == "column time_ms is not used"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1024;2304;768\n", "line 1: numbers without a row above them that names the columns"),
        ("rows;columns;depth\n1;2;3", "found is 'rows;columns;depth', parted by semicolons"),
        ("m\tn\n1\t2", "parted by tabs"),
        ("sep=~\nm~n\n", "line 2: the first row must name the columns m, n and k"),
        ("m;n;k\n1.000;2;3\n", "line 2, column m: '1.000' can mean 1000 or 1"),
        ("m;n;k\n1,000;2;3\n", "line 2, column m: '1,000' can mean 1000 or 1"),
        ("m;n;k\n2,5;2;3\n", "line 2, column m must be a whole number"),
        ("m,n,k\n1.024,2,3\n", "line 2, column m must be a whole number"),
        ("m,n,k,count\n1,024,2304,768\n", "column n: 024 after 1 looks like one number"),
        ("m,n,k\n1,024,2304,768\n", "line 2: 4 cells in a row, but 3 columns"),
        ("m,n,k,batch\n1,2,3,0\n", "line 2, column batch must be a whole number"),
        ("m,n,k,count,b\n1,2,3,16777216,2\n", "33\u202f554\u202f432 products, more"),
        ("m,n,k\n1;2;3\n", "line 2: 1 cell in a row, but 3 columns"),
        ("Shapes;;\n;;\nm;n;k\n1;2;3", "line 1: the columns are named in line 3: take out what"),
        ("Shapes of it\nthe sides m n k\n", "found is 'Shapes of it', parted by spaces"),
        ("4x5x6\n", "found is '4x5x6'"),
        ("# sides m n k\n1 2 3\n", "line 2: numbers without a row above them that names"),
        ("[m],[n],[k]\n1,2,3\n", "found is '[m],[n],[k]', parted by commas"),
        ("name,m,n,k,B,b\nx,1,2,3,4,5\n", "two columns are named b"),
        ("m,n,k,count\n1,2,3\n", "line 2: 3 cells in a row, but 4 columns"),
        (f"m,n,k\n{MAX_COUNT + 1},2,3\n", "line 2, column m must be"),
        (f"m,n,k\n1,2,{MAX_K + 1}\n", "a whole number from 1 to 1\u202f000\u202f000\u202f000"),
    ],
)  # fmt: skip
def test_what_could_be_meant_otherwise_is_asked(text: str, said: str) -> None:
    assert said in refusal(text)


def test_k_goes_to_a_thousand_million() -> None:
    assert rows(f"m,n,k\n1,2,{MAX_K}\n")[0][2] == MAX_K
    assert rows("m,n,k\n1,2,1e9\n")[0][2] == MAX_K


SIDES = st.integers(1, MAX_COUNT)
NAMES = st.text("abcdefgh_:.0123456789/", min_size=1, max_size=20)
ROWS = st.lists(st.tuples(SIDES, SIDES, SIDES, st.integers(1, 9), NAMES), min_size=1, max_size=6)


@given(ROWS, st.sampled_from(tuple(MARKS)), st.permutations(("M", "n", "K", "Count", "Layer")),
       st.sampled_from(("{}", "{}.0", '"{}"', "{:_}", " {}")), st.sampled_from(("\n", "\r\n")),
       st.sampled_from(("utf-8", "utf-8-sig", "utf-16")))  # fmt: skip
def test_any_list_in_any_dress_is_the_same(
    found: list[Row], mark: str, header: list[str], form: str, end: str, encoding: str
) -> None:
    places = dict(zip(("M", "n", "K", "Count", "Layer"), range(5), strict=True))
    if mark == " ":
        form = form.strip()
    lines = [mark.join(header)]
    for row in found:
        cells = [row[places[word]] for word in header]
        lines.append(mark.join(x if isinstance(x, str) else form.format(x) for x in cells))
    assert rows(end.join(lines).encode(encoding)) == found


@given(st.binary(max_size=200))
def test_no_bytes_end_in_another_error(data: bytes) -> None:
    for read in (lambda: parse(data, "x"), lambda: list(rows_from(_stream(data), "x"))):
        try:
            read()
        except InputError as error:
            assert "\n" not in str(error)  # noqa: PT017


@given(st.text("mnk,;|\t \n\r\"'#=0123456789.eE+-sepbatchcountname\ufeff", max_size=120))
def test_no_text_ends_in_another_error(text: str) -> None:
    try:
        found = parse(("m,n,k\n" + text).encode(), "x")
    except InputError:
        return
    assert isinstance(found, Listed)


def _stream(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(io.BytesIO(data))  # type: ignore[type-var]  # it reads like a file


def test_a_stream_stays_open() -> None:
    stream = _stream(b"m,n,k\n1,2,3\n")
    assert [part.m.tolist() for part in rows_from(stream, "x")] == [[1]]
    assert not stream.closed


def write(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("m,n,k,time_ms\n1,2,3,0.25\n", 0.25e-3),
        ("m;n;k;time_ms\n1;2;3;0,25\n", 0.25e-3),
        ("m;n;k;time_ms\n1;2;3;1,2500\n", 1.25e-3),
        ("m\tn\tk\tms\n1\t2\t3\t1.250\n", 1.25e-3),
        ("m,n,k,us\n1,2,3, 7.9\n", 7.9e-6),
        ('m,n,k,time_us\n1,2,3,"1,250"\n', 1250e-6),
        ("m,n,k,time_s\n1,2,3,1e-3\n", 1e-3),
        ("M,N,K,Time (us),min_ms\n1,2,3,4,9\n", 4e-6),
        ("M,N,K,Kernel Duration [µs]\n1,2,3,4\n", 4e-6),
        ("m,n,k,s,latency_ns\n1,2,3,4,500\n", 5e-7),
        ("m,n,k,ms,time_ms\n1,2,3,4,5\n", 5e-3),
    ],
)
def test_times_as_people_write_them(tmp_path: Path, text: str, seconds: float) -> None:
    assert read_timings(write(tmp_path / "t.csv", text)).rows.seconds.tolist() == [
        pytest.approx(seconds, rel=1e-12)
    ]


@pytest.mark.parametrize(
    ("one", "other", "ms"), [("1,250", "0,5", 1.25), ("1,250", "2.5", 1250), ("1.250", "0,5", 1250)]
)
def test_one_time_says_what_a_comma_is_in_all(
    tmp_path: Path, one: str, other: str, ms: float
) -> None:
    path = write(tmp_path / "t.csv", f"m\tn\tk\tms\n1\t2\t3\t{one}\n1\t2\t3\t{other}\n")
    assert read_timings(path).rows.seconds[0] == pytest.approx(ms / 1e3, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("m,n,k,time\n1,2,3,4\n", "needs one column time_ms"),
        ("m,n,k,s\n1,2,3,4\n", "needs one column time_ms"),
        ("m,n,k,ms,us\n1,2,3,4,5\n", "columns 'ms' and 'us' are both times"),
        ("m,n,k,time_ms,time_ms\n1,2,3,4,5\n", "are both times: name one time_ms"),
        ("m,n,k,count,us\n1,2,3,64,4\n", "line 2: a time of 64 launches"),
        ("dtype,m,n,k,ms\nx,1,2,3,4\ny,1,2,3,4\n", "column dtype names 'x' and 'y'"),
        ("m;n;k;ms\n1;2;3;1,250\n", "line 2, column ms: '1,250' can mean 1250 or 1.25"),
        ("m,n,k,ms\n1,2,3,-4\n", "line 2, column ms must be milliseconds above 0, not '-4'"),
        ("m,n,k,us\n1,2,3,nan\n", "line 2, column us must be a time above 0, not 'nan'"),
        ("m,n,k,us\n1,2,3,1e400\n", "line 2, column us must be"),
    ],
)
def test_times_that_are_not_of_one_product_on_one_device(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        read_timings(write(tmp_path / "t.csv", text))


def test_words_of_columns() -> None:
    cells = (" M ", '"Batch Count"', "layer-name", "[0]:transA")
    assert [word_of(cell) for cell in cells] == ["m", "batch_count", "layer_name", "transa"]
    assert rows("[0]:m,n,k\n 1,2,3\n") == [(1, 2, 3, 1, "product 1")]


def test_a_group_is_known_and_says_how_it_is_timed() -> None:
    text = "name,m,n,k,group\na,1,2,3,g\nb,4,5,6,g\nc,7,8,9,\n"
    found = parse(text.encode(), "x.csv").products.gemms
    assert [(gemm.name, gemm.group) for gemm in found] == [("a", "g"), ("b", "g"), ("c", "")]
    said = "group: products of one launch are priced together, and timed one after another"
    assert notes(text) == said
    assert notes("name,m,n,k,group\na,1,2,3,\n") == ""
    assert rows("m,n,k,group\n1,2,3\n") == [(1, 2, 3, 1, "product 1")]  # its end may be missing
