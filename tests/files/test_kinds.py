"""What a file is, is told by its content, whatever its name says."""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import json
import pickle
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from recordings import recording

from mmviz.errors import InputError
from mmviz.files import networks, products, toml
from mmviz.files.devices import read_device
from mmviz.files.kinds import HEAD, check
from mmviz.files.recordings import npz, reading

TOML = b'name = "x"\ninputs = 2\n[[layers]]\nunits = 3\n'
KERAS = 'Model: "sequential"\n____\n Layer (type)    Output Shape    Param #\n====\n'
TORCH = "Sequential(\n  (0): Linear(in_features=784, out_features=10, bias=True)\n)\n"


def zipped(*names: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return data.getvalue()


def npy() -> bytes:
    data = io.BytesIO()
    np.save(data, np.zeros(3))
    return data.getvalue()


ONNX = bytes.fromhex("08081207") + b"pytorch" + bytes.fromhex("1a05322e312e303a80010a10")
KINDS = [
    (ONNX, "an ONNX model"),
    (b"\x08\x07\x3a\x80\x01\x0a\x10", "an ONNX model"),
    (b"\x08\x01\x12\xf5\x9e\x03\x0a\x02", "a model saved as protocol buffers"),
    (b"\x1c\0\0\0TFL3\x14\0", "a TensorFlow Lite model"),
    (b"\x89HDF\r\n\x1a\n\0\0\0", "an HDF5 file, as Keras saves models"),
    (zipped("metadata.json", "config.json", "model.weights.h5"), "a Keras model"),
    (zipped("archive/data.pkl", "archive/version"), "a PyTorch model"),
    (pickle.dumps({"a": 1}, 2), "a Python pickle, as PyTorch saves models"),
    (pickle.dumps({"a": 1}), "a Python pickle, as PyTorch saves models"),
    (struct.pack("<Q", 60) + b'{"w":{"dtype":"F32"', "a safetensors file"),
    (b"GGUF\x03\0\0\0", "a GGUF model"),
    (npy(), "a NumPy array"),
    (zipped("w.npy"), "NumPy arrays"),
    (zipped("recording.json", "m.npy"), "a recording of mmviz; mmviz FILE opens it, mmviz diff"),
    (zipped("w.npy", "recording.json"), "NumPy arrays"),
    (zipped("[Content_Types].xml", "xl/workbook.xml"), "an Excel file; save the sheet as CSV"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Word file; save the sheet as CSV"),
    (zipped("readme.md"), "a ZIP archive; unpack it first"),
    (gzip.compress(TOML), "a gzip file; unpack it first"),
    (b"\x28\xb5\x2f\xfd\x04", "a Zstandard file"),
    (b"%PDF-1.7\n%", "a PDF file"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff\xe0", "a picture"),
    (b"RIFF\x10\0\0\0WEBPVP8 ", "a picture"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF\x02", "a program"),
    (b"some\0bytes\xff", "no text"),
    (json.dumps({"inputs": 2}).encode(), "JSON; write the same as TOML"),
    (json.dumps([[1, 2], [3, 4]]).encode(), "JSON"),
    (json.dumps({"class_name": "Functional"}).encode(), "the JSON of a model"),
    (json.dumps({"cells": [], "nbformat": 4}).encode(), "a Jupyter notebook"),
    (b"name: x\nlayers:\n  - units: 3\n", "YAML; write the same as TOML"),
    (b"---\n- a\n", "YAML"),
    (KERAS.encode(), "the printed summary of a model; write its widths, such as 784-128-10"),
    (TORCH.encode(), "the printed summary of a model"),
    (b"import torch\nnn = torch.nn\n", "a Python program"),
    (b'name: "AlexNet"\nlayer {\n  name: "fc6"\n}\n', "protocol buffers as text, as Caffe"),
    (b"{\\rtf1\\ansi ", "an RTF document"),
    (b"./bench -f gemm -m 64 -n 64 -k 64\n", "the command line of a benchmark; write its products"),
    (b"-k 8 -m 64 -n 64 --lda 64\n", "the command line of a benchmark"),
    (b"<html><body>", "XML or HTML"),
    (b'<?xml version="1.0"?><net/>', "XML or HTML"),
    (b"\xff\xfe" + TOML.decode().encode("utf-16-le"), "text in UTF-16; save it as UTF-8"),
]


@pytest.mark.parametrize("suffix", [".toml", ".csv", ".onnx", ".txt", ""])
@pytest.mark.parametrize(("data", "what"), KINDS, ids=[what for _, what in KINDS])
def test_another_kind_is_named(tmp_path: Path, data: bytes, what: str, suffix: str) -> None:
    path = tmp_path / f"file{suffix}"
    path.write_bytes(data)
    with pytest.raises(InputError) as raised:
        networks.find(str(path))
    assert f"file{suffix}: this is {what}" in str(raised.value)
    path.write_bytes(data + b"x" * 5_000_000)  # also where it is too large to be read
    with pytest.raises(InputError, match="this is"):
        networks.read_file(path)


def test_a_network_and_a_list_are_told_apart_whatever_they_are_called(tmp_path: Path) -> None:
    for suffix in (".toml", ".csv", ".txt", ".list"):
        path = tmp_path / f"net{suffix}"
        path.write_bytes(2 * codecs.BOM_UTF8 + TOML)
        assert networks.read_file(path).network.layered is not None
        path.write_bytes(b"# a remark\n\n" + TOML)
        assert networks.read_file(path).network.layered is not None
        path.write_bytes(b"# a remark\nm;n;k\n1;2;3\n")
        assert networks.read_file(path).network.layered is None
        path.write_bytes(b"sep=,\nm,n,k\n1,2,3\n")
        assert networks.read_file(path).network.layered is None


def test_what_is_neither_is_refused_as_its_name_says(tmp_path: Path) -> None:
    for name, said in (("x.toml", "not valid TOML"), ("x.csv", "must name the columns m, n and k")):
        (tmp_path / name).write_text("some words\n")
        with pytest.raises(InputError, match=said):
            networks.read_file(tmp_path / name)


@pytest.mark.parametrize("name", ["x.csv", "x.log"])
def test_a_log_is_not_called_yaml_nor_a_heading_json(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("tool version: 1\ndevice: 0\n[0]:ta,tb,M,N,K\n  N,N,8,8,8\n")
    with pytest.raises(InputError, match="the columns are named in line 3: take out what stands"):
        networks.read_file(path)
    path.write_text("[m],[n],[k]\n1,2,3")
    with pytest.raises(InputError, match="name the columns" if name == "x.csv" else "not valid"):
        networks.read_file(path)


def test_a_device_is_not_read_from_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "device.toml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    with pytest.raises(InputError, match="this is a picture; a TOML file is read here"):
        read_device(str(path))


def test_a_device_and_a_network_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text('name = "x"\nkind = "gpu"\nunits = 4\n')
    with pytest.raises(InputError, match="this describes a device, not a network; give it with"):
        networks.read_file(path)
    path.write_bytes(TOML)
    with pytest.raises(InputError, match="this describes a network, not a device"):
        read_device(str(path))


KEYS = ("a", "a-b", '"a b"', "'c: d'", "1", "a.b", '"="')
VALUES = ("1", '"x"', "[1, 2]", "{a = 1}", "true", '"""Layer (type\nimport os"""')


BEGINNINGS = ("", "[t]\n", "[[t]]\n", "# m,n,k\n", "\ufeff", "['a b']\n", "[ a . b ]\n")
PAIRS = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), max_size=4)


@given(PAIRS, st.sampled_from(BEGINNINGS))
def test_nothing_that_is_toml_is_taken_for_another_kind(
    pairs: list[tuple[str, str]], begin: str
) -> None:
    text = begin + "".join(f"{key} = {value}\n" for key, value in dict(pairs).items())
    try:
        toml.loads(text.encode(), "x")
    except InputError as error:
        assert "this is" not in str(error)  # noqa: PT017  # a key twice, as a and a.b
    check(text.encode()[:HEAD], "x")


@pytest.mark.parametrize("said", [True, False])
def test_a_bias_that_is_switched_on_or_off(said: bool) -> None:
    text = TOML + f"bias = {str(said).lower()}\n".encode()
    if said:
        assert networks.parse(text, "x").network == networks.parse(TOML, "x").network
        return
    with pytest.raises(InputError, match=r"x: layers\[0\].bias: every layer adds a bias here"):
        networks.parse(text, "x")


LONG = 60_000  # signs: looked at a few times each that is nothing, with each other it is minutes


@pytest.mark.parametrize(
    "begin", ["", "[", "[[", "a(", "a", '"', "'", "-", "- ", "a:", "{", "|", "x {"]
)
@pytest.mark.parametrize(
    "sign", [" ", "\n", "\t", "-", "a", ".", "[", "(", "{", '"', "\r", "=", "|", ":"]
)
def test_no_sign_is_looked_at_over_and_over(begin: str, sign: str) -> None:
    text = begin + sign * LONG + "x"
    for data in (text, f"{text}\n" * 2, f"a{{\n{text}", f"{text}:", f"m,n,k\n{text}"):
        with contextlib.suppress(InputError):
            check(data.encode(), "x")
        with contextlib.suppress(InputError):
            products.parse(data.encode(), "x")


def test_a_recording_is_told_from_other_arrays_whatever_its_name(tmp_path: Path) -> None:
    path, arrays = tmp_path / "net.toml", tmp_path / "w.npz"
    npz.save(path, recording())
    assert reading.holds_one(path)
    with pytest.raises(InputError, match="this is a recording of mmviz; mmviz FILE opens it"):
        networks.read_file(path)
    np.savez(arrays, w=np.zeros(3))
    assert not reading.holds_one(arrays)
    with pytest.raises(InputError, match="NumPy arrays"):
        networks.read_file(arrays)
