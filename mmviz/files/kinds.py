"""What a file is, by its content: a network, a list of products, or something else by its name."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from mmviz.errors import InputError
from mmviz.files.encodings import MARKED, decoded, encoding_of
from mmviz.files.table import QUOTED, told_mark
from mmviz.text import N_, Text

HEAD = 65_536  # bytes that are looked at
RECORDING = "recording.json"  # the first member of a recording's archive
LISTED = (".csv", ".tsv", ".txt")  # how the names of lists end

_ABOVE, _SHORT = 100, 1_000  # lines of a log that may name columns, their characters
_SHEET = N_("save the sheet as CSV, with columns m, n and k")
_MODEL = N_(
    "write its widths, such as 784-128-10, its layers as TOML, or its products as CSV with columns "
    "m, n and k"
)
_UNPACK = N_("unpack it first")
_COMPARE = N_("mmviz FILE opens it, mmviz diff compares it")
_TOML = N_(
    "write the same as TOML, with inputs and [[layers]], or its products as CSV with columns m, n "
    "and k"
)
_LIST = N_("write its products as CSV, with columns m, n and k")
_NEITHER = N_("a network is a TOML file, a list of products a CSV file")

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"\x89HDF\r\n\x1a\n", N_("an HDF5 file, as Keras saves models"), _MODEL),
    (b"GGUF", N_("a GGUF model"), _MODEL),
    *(
        (b"\x80" + bytes((n,)), N_("a Python pickle, as PyTorch saves models"), _MODEL)
        for n in range(2, 6)
    ),
    (b"\x93NUMPY", N_("a NumPy array"), _NEITHER),
    (b"PAR1", N_("a Parquet table"), N_("save it as CSV, with columns m, n and k")),
    (b"ARROW1", N_("an Arrow table"), N_("save it as CSV, with columns m, n and k")),
    (b"SQLite format 3\0", N_("an SQLite database, as profilers write"), _NEITHER),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", N_("an old Excel or Word file"), _SHEET),
    (b"\x1f\x8b", N_("a gzip file"), _UNPACK),
    (b"BZh", N_("a bzip2 file"), _UNPACK),
    (b"\xfd7zXZ\0", N_("an xz file"), _UNPACK),
    (b"\x28\xb5\x2f\xfd", N_("a Zstandard file"), _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", N_("a 7-Zip archive"), _UNPACK),
    (b"Rar!", N_("a RAR archive"), _UNPACK),
    (b"{\\rtf", N_("an RTF document"), _NEITHER),
    (b"%PDF-", N_("a PDF file"), _NEITHER),
    (b"\x89PNG\r\n", N_("a picture"), _NEITHER),
    (b"\xff\xd8\xff", N_("a picture"), _NEITHER),
    (b"GIF8", N_("a picture"), _NEITHER),
    (b"II*\0", N_("a picture"), _NEITHER),
    (b"MM\0*", N_("a picture"), _NEITHER),
    (b"\x7fELF", N_("a program"), _NEITHER),
    (b"MZ\x90", N_("a program"), _NEITHER),
)
_ZIPPED = (  # names that stand in an archive; the first that is there tells
    (b"xl/", N_("an Excel file"), _SHEET),
    (b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", N_("an OpenDocument file"), _SHEET),
    (b"model.weights.h5", N_("a Keras model"), _MODEL),
    (b"/data.pkl", N_("a PyTorch model"), _MODEL),
    (b"word/", N_("a Word file"), _NEITHER),
    (b".npy", N_("NumPy arrays"), _NEITHER),
    (b"PK", N_("a ZIP archive"), _UNPACK),
)
_ONNX = re.compile(rb"\x08[\x01-\x20](?:\x12(.)|[\x1a\x22\x28\x32\x3a\x42\x72])", re.DOTALL)
# No pattern may look at a sign more than a few times: files are anybody's.
_HEADER = re.compile(r"\[\[?[\w.\"' \t-]++\]\]?[ \t]*+(#.*)?")
_SETTING = re.compile(r"(\"[^\"]*+\"[ \t]*+|'[^']*+'[ \t]*+|[\w.\- \t]++)=(?!=)")
_YAML = re.compile(r"---[ \t]*+(#.*)?|%YAML.*|([\w\"'. -]++):([ \t].*)?|[ \t]*+-([ \t].*)?")
_JSON = re.compile(r"\{|\[[ \t]*+([\[{\"0-9-]|true|false|null|\]|$)")
_PROTOTXT = re.compile(r"^[ \t]*+\w++:?[ \t]*+\{[ \t\r]*+$", re.MULTILINE)
_SUMMARY = re.compile(
    r"Layer \(type|^\w++\([ \t\r]*+\n[ \t]*+\(\w++\): \w++\(|\bin_features=\d++, out_features=\d",
    re.MULTILINE,
)
_PYTHON = re.compile(r"(import|from) \w+|(class|def) \w++[^:\n]*+:|#!.*python")


def is_recording(head: bytes) -> bool:
    """Whether a file that begins so is a recording of mmviz, sound or not."""
    name = RECORDING.encode()
    return head.startswith(b"PK\x03\x04") and head[30 : 30 + len(name)] == name


def check(head: bytes, where: str | Text, instead: str = "") -> None:
    """Raises InputError, beginning `where:`, for what is known to be another kind of file.

    instead: what to do, a msgid; else what suits a network or a list.
    """
    found = _bytes(head) or _text(decoded(head), encoding_of(head).startswith("utf-8"))
    if found:
        what, otherwise = found
        raise InputError(
            N_("{where}: this is {what}; {instead}"),
            where=where,
            what=Text(what),
            instead=Text(instead or otherwise),
        )


def is_list(head: bytes, where: str | Text, suffix: str, columns: Callable[[str], bool]) -> bool:
    """Whether it is a list of products, else a network in TOML; raises InputError for what is not.

    suffix: of the file's name. columns: whether a line names the columns of a list.
    """
    lines = _lines(decoded(head), _ABOVE)
    line = lines[0] if lines else ""
    if not _bytes(head) and (told_mark(line + "\t") or columns(line)):  # a tab at its end is cut
        return True
    check(head, where)
    if _like_toml(line):
        return False
    return suffix.lower() in LISTED or any(columns(x) for x in lines if len(x) <= _SHORT)


def _bytes(head: bytes) -> tuple[str, str] | None:
    """What is no text, and what to do instead."""
    for magic, what, instead in _MAGIC:
        if head.startswith(magic):
            return what, instead
    if is_recording(head):
        return N_("a recording of mmviz"), _COMPARE
    if head.startswith(b"PK\x03\x04"):
        return next((what, instead) for name, what, instead in _ZIPPED if name in head)
    if head[4:8] == b"TFL3":
        return N_("a TensorFlow Lite model"), _MODEL
    if head[8:9] == b"{" and head[3:8] == b"\0\0\0\0\0":  # the length of what follows
        return N_("a safetensors file, which holds weights"), _MODEL
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return N_("a picture"), _NEITHER
    if head[257:262] == b"ustar":
        return N_("a tar archive"), _UNPACK
    if b"\0" in head and encoding_of(head).startswith("utf-8"):
        return _protobuf(head) or (N_("no text"), _NEITHER)
    return _protobuf(head)


def _protobuf(head: bytes) -> tuple[str, str] | None:
    """ONNX begins with its version and, mostly, who made it; another model with other fields."""
    found = _ONNX.match(head)
    if not found:
        return None
    length = found[1][0] if found[1] else 0
    maker = head[found.end() : found.end() + length]
    if length < 128 and maker.isascii() and maker.decode().isprintable():
        return N_("an ONNX model"), _MODEL
    return N_("a model saved as protocol buffers"), _MODEL


def _text(text: str, utf8: bool) -> tuple[str, str] | None:
    """Text of another kind, and what to do instead."""
    line = _first(text)
    if _like_toml(line):
        return None if utf8 else (N_("text in UTF-16"), N_("save it as UTF-8"))
    if _JSON.match(line):
        return _json(text)
    if line.startswith("<"):
        return N_("XML or HTML"), _NEITHER
    if _SUMMARY.search(text):
        return N_("the printed summary of a model"), _MODEL
    if _PROTOTXT.search(text) and _YAML.fullmatch(line):
        return N_("protocol buffers as text, as Caffe writes"), _MODEL
    if all(f" -{side} " in f" {line}" for side in "mnk"):
        return N_("the command line of a benchmark"), _LIST
    if _YAML.fullmatch(line) and sum(not _YAML.fullmatch(x) for x in _lines(text)) < 2:
        return N_("YAML"), _TOML
    if _PYTHON.match(line) or _PYTHON.match(text):
        return N_("a Python program"), _MODEL
    return None


def _like_toml(line: str) -> bool:
    return bool(_HEADER.fullmatch(line) or _SETTING.match(line))


def _json(text: str) -> tuple[str, str]:
    if '"nbformat"' in text or '"cell_type"' in text:
        return N_("a Jupyter notebook"), _MODEL
    if '"class_name"' in text or '"architectures"' in text:
        return N_("the JSON of a model"), _MODEL
    return N_("JSON"), _TOML


def _first(text: str) -> str:
    """The first line that is neither empty nor a comment."""
    return next(iter(_lines(text, 1)), "")


def _lines(text: str, most: int = 10) -> list[str]:
    """The first lines that are neither empty nor a comment."""
    lines = (line.strip(f"{MARKED} \t") for line in re.split(r"[\r\n]", text))
    return list(
        islice((line for line in lines if line and line[0] != "#" and not QUOTED.match(line)), most)
    )
