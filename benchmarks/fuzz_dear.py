"""Inputs that are as dear to read as their size allows, for the readers of `fuzz_readers.py`."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator

MB = 999_900  # a little less than what is refused at once
PLAIN = {"device": MB, "calibration": MB, "network": MB, "settings": 4 * MB}  # TOML that is parsed
WHOLE = {"network": 24 * MB, "settings": 28 * MB}  # with what is packed in it


def dear(reader: str) -> Iterator[tuple[str, bytes]]:
    """Names and inputs for the reader of that name, made one after another: they are large."""
    if reader in PLAIN:
        yield from _toml(PLAIN[reader])
        yield from _packed(WHOLE.get(reader, PLAIN[reader]))
    elif reader in ("list", "timings", "opened"):
        yield from _table(4 * MB, b"m,n,k,time_ms\n" if reader == "timings" else b"m,n,k\n")
    elif reader == "message":
        yield from _json(16 * MB)
    elif reader == "journal":
        yield from _journal(40 * MB)
    elif reader == "catalogue":
        yield from _catalogue(4 * MB)
    elif reader == "ini":
        yield from _ini(MB)


def _toml(n: int) -> Iterator[tuple[str, bytes]]:
    many = "".join(f"a{i}=1\n" for i in range(49_000)).encode()
    yield "as many keys as may be", many
    yield "keys", b"".join(b"a%d=1\n" % i for i in range(n // 9))
    yield "as many tables as may be", b"".join(b"[a%d]\n" % i for i in range(49_000))
    yield "tables of tables", b"[[a]]\n" * (n // 6)
    yield "whole numbers", b"a=[" + b"1," * min(399_000, n // 2) + b"]"
    yield "numbers", b"a=[" + b"0.5," * min(399_000, n // 4) + b"]"
    yield "lists", b"a=[" + b"[]," * min(399_000, n // 3) + b"]"
    yield "tables in a list", b"a=[" + b"{}," * min(399_000, n // 3) + b"]"
    yield "texts", b"a=[" + b'"",' * min(399_000, n // 3) + b"]"
    yield "dates", b"a=[" + b"1979-05-27," * min(399_000, n // 11) + b"]"
    yield "one text", b'a="' + b"x" * n + b'"'
    yield "escapes", b'a="' + b"\\n" * (n // 2) + b'"'
    yield "a text of lines", b'a="""' + b"\\\n" * (n // 2) + b'"""'
    yield "an open text", b'a="""' + b'\\"""' * (n // 4)
    yield "quotes", b"a=" + b'"' * n
    yield "quotes a line", b"'\n" * (n // 2)
    yield "comments", b"#\n" * (n // 2)
    yield "line ends", b"\n" * n
    yield "spaces", b" " * n
    yield "a bracket and spaces", b"[" + b" " * n + b"x"
    yield "parts of a key", b".".join([b"a"] * (n // 2)) + b"=1"
    yield "keys of 16 parts", (b".".join([b"a"] * 16) + b"%d=1\n") % 1 * (n // 40)
    parts = (b".".join([b"a"] * 15) + b".b%d=1\n" % i for i in range(3_300))
    yield "as many parts as may be", b"[" + b".".join([b"a"] * 16) + b"]\n" + b"".join(parts)
    yield "brackets", b"a=" + b"[" * n
    yield "nested", b"a=" + b"{b=" * 32 + b"1" + b"}" * 32
    yield "digits", b"a=0x" + b"f" * n
    yield "a long key", b"a" * n + b"=1"
    yield "equals", b"=" * n


def _packed(n: int) -> Iterator[tuple[str, bytes]]:
    yield "one literal", b"a='" + b"x" * (n - 5) + b"'"
    yield "literals", b"a=[" + b"''," * ((n - 5) // 3) + b"]"
    yield "literals of some length", b"a=[" + (b"'" + b"x" * 100 + b"',") * ((n - 5) // 103) + b"]"
    head = b"inputs=1000\n[[layers]]\nunits=2000\nweights='1000x2000 "
    bomb = base64.b64encode(zlib.compress(b"\0" * 200 * MB, 9))
    yield "zeros to unfold", head + bomb[: n - 200] + b"'\n"
    most = base64.b64encode(zlib.compress(b"\0" * 16 * MB, 9))
    yield "two million numbers", head + most + b"'\n"
    bias = b"inputs=1\n[[layers]]\nunits=2000000\nbias='1x2000000 "
    yield "two million of a bias", bias + most + b"'\n"


def _table(n: int, head: bytes) -> Iterator[tuple[str, bytes]]:
    columns = head.count(b",")
    row = b",".join([b"1"] * (columns + 1)) + b"\n"
    yield "rows", head + row * min(9_999, n // len(row))
    yield "too many rows", head + row * (n // len(row))
    yield "wide rows", head + (b"," * 99_000 + b"\n") * (n // 99_001)
    wide = b",".join(b"c%d" % i for i in range(12_000))
    yield "many columns", wide + b"," + head + (b"," * 12_000 + row) * (n // 12_006)
    yield "comments", b"#\n" * (n // 2)
    yield "comments after the first row", head + b"#\n" * (n // 2)
    yield "line ends", head + b"\n" * (n - 6)
    yield "quotes", head + b'"' * n
    yield "an open quote a line", head + b'"1,\n' * (n // 4)
    yield "dashes", head + (b"-" * 99_000 + b"x\n") * (n // 99_002)
    yield "spaces", head + (b" " * 99_000 + b"x\n") * (n // 99_002)
    yield "a bracket and spaces", b"[" + b" " * 99_000 + b"x\n"
    yield "a long line", head + b"1" * n
    yield "long numbers", head + (b"9" * 30_000 + row[1:]) * (n // 30_006)
    yield "minus and long numbers", head + (b"-" + b"9" * 30_000 + b"x" + row[1:]) * (n // 30_007)
    yield "two bytes a sign", (head + row * (n // 20)).decode().encode("utf-16")
    yield "no UTF-8", head + (b"\xff" * 99_000 + b"\n") * (n // 99_001)
    yield "a summary", b"a(\n" + b"\n" * n
    yield "a class", b"class " + b"a" * n
    yield "zeros", b"\0" * n


def _json(n: int) -> Iterator[tuple[str, bytes]]:
    head = b'{"type":"samples","backend":"numpy","batch":8,"seconds":['
    yield "samples", head + b",".join([b"1"] * 499_000) + b"]}"
    yield "too many samples", head + b"1," * (n // 2 - 40) + b"1]}"
    yield "one text", b'{"type":"' + b"x" * (n - 40) + b'"}'
    yield "brackets", b'{"type":' + b"[" * n
    yield "nested", b'{"type":' + b"[" * 9_000 + b"]" * 9_000 + b"}"
    text = b'{"type":"failed","backend":"numpy","batch":8,"reason":{"msgid":"{x:lines}","many":"",'
    yield "parts of a text", text + b'"values":[["x",[' + b"1," * 499_000 + b"1]]]}}"
    yield "lists of a text", text + b'"values":[["x",[' + b"[]," * 9_000 + b"[]]]]}}"
    yield "wide", text.replace(b"x:lines", b"x:99999999999") + b'"values":[["x",1]]}}'


def _journal(n: int) -> Iterator[tuple[str, bytes]]:
    yield "lines", b"{}\n" * (n // 3)
    yield "one line", b"x" * n
    sample = b'{"type":"samples","backend":"numpy","batch":8,"seconds":['
    line = sample + b"1," * 400_000 + b"1]}\n"
    yield "samples", _HEAD + line * ((n - len(_HEAD)) // len(line))
    yield "no message", _HEAD + b"\n" * (n - 1_000)


_HEAD = (
    b'{"type":"run","when":1.0,"plan":{"type":"time","network":{"name":"x","inputs":4,"layers":'
    b'[{"units":3}]},"batches":[1,8],"backends":["numpy","loop"]}}\n'
)


def _catalogue(n: int) -> Iterator[tuple[str, bytes]]:
    one = b'msgid "%d"\nmsgstr "x"\n'
    yield "texts", b"".join(one % i for i in range(n // 28))
    yield "one text of lines", b'msgid "a"\n' + b'""\n' * (n // 4) + b'msgstr "x"\n'
    yield "escapes", b'msgid "a"\nmsgstr "' + b"\\n" * (n // 2 - 20) + b'"\n'
    yield "an open text", b'msgid "' + b'\\"' * (n // 2 - 9)
    yield "comments", b"#\n" * (n // 2)
    rule = b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=%s;"\n'
    yield "a rule of plurals", rule % (b"(" * 900)
    yield "heads", (rule % b"n").ljust(70) * (n // 71)
    yield "spaces", b"msgid" + b" " * (n - 9) + b"x"


def _ini(n: int) -> Iterator[tuple[str, bytes]]:
    yield "keys", b"[a]\n" + b"".join(b"a%d=1\n" % i for i in range(n // 9))
    yield "one key of lines", b"[a]\nx=1\n" + b" y\n" * (n // 3)
    yield "sections", b"".join(b"[a%d]\n" % i for i in range(n // 8))
    yield "spaces", b"[a]\nx" + b" " * (n - 9)
    yield "comments", b"#\n" * (n // 2)
