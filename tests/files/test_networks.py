"""Presets are what they claim, own files round-trip, and hostile ones are refused in a sentence."""

from __future__ import annotations

import contextlib
import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.given import GivenMatrix
from mmviz.core.shapes.network import ACTIVATIONS, MAX_GIVEN, Dense, Network, from_widths
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.files import network_writer, networks, packed
from mmviz.files.network_writer import MAX_PLAIN
from mmviz.files.networks import MAX_NETWORK, NetworkFile
from mmviz.files.toml import MAX_BYTES

SHAPES = {
    "one-neuron": ((4, 1), 1),
    "two-neurons": ((4, 2), 1),
    "two-by-two": ((4, 2), 2),
    "sigmoid-101": ((2, 3), 1),
    "digits": ((784, 10), None),
    "digits-hidden": ((784, 128, 10), None),
    "mlp": ((784, 512, 512, 10), None),
    "pilotnet": ((1164, 100, 50, 10, 1), 1),
    "alexnet": ((9216, 4096, 4096, 1000), 128),
    "alexnet-fc8": ((4096, 1000), 128),
    "vgg16": ((25088, 4096, 4096, 1000), None),
    "bert-ffn": ((768, 3072, 768), None),
    "llama-7b-ffn": ((4096, 22016, 4096), None),
    "gpt2-vocab": ((768, 50257), None),
    "gpt2-vocab-padded": ((768, 50304), None),
}


LISTS = ("attention", "gpt2-small", "llama-7b-decode", "mixtral-8x7b", "resnet50")


def test_the_presets_in_their_order() -> None:
    assert networks.preset_ids() == (*SHAPES, *LISTS)


@pytest.mark.parametrize("preset", SHAPES)
def test_presets_have_the_published_shapes_a_sentence_and_a_source(preset: str) -> None:
    file = networks.read_preset(preset)
    widths, batch = SHAPES[preset]
    network = file.network
    assert (network.inputs, *(layer.units for layer in network.layers)) == widths
    assert batch is None or file.batch == batch
    assert file.about.endswith(".")
    assert file.source


def test_llama_halves_through_swiglu() -> None:
    network = networks.read_preset("llama-7b-ffn").network
    assert network.layers[0].activation == "swiglu"
    assert network.widths == (4096, 11008, 4096)


def test_pilotnet_has_a_budget_of_33_ms() -> None:
    assert networks.read_preset("pilotnet").budget_s == pytest.approx(0.033)


def test_the_sigmoid_layer_is_given_to_the_last_number() -> None:
    network = networks.read_preset("sigmoid-101").network
    assert [*network.examples] == [(200.0, 17.0)]
    assert [*network.layers[0].weights] == [(1.0, -3.0, 5.0), (-2.0, 4.0, -6.0)]
    assert network.layers[0].bias == (-1.0, 1.0, 2.0)


@pytest.mark.parametrize("preset", SHAPES)
def test_presets_survive_a_round_trip(preset: str, tmp_path: Path) -> None:
    file = networks.read_preset(preset)
    network_writer.save(file, tmp_path / "own.toml")
    again = networks.read_file(tmp_path / "own.toml")
    assert again.network == file.network
    assert (again.batch, again.about, again.source) == (file.batch, file.about, file.source)
    assert again.budget_s == (file.budget_s and pytest.approx(file.budget_s))


names = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=20)


@given(
    name=names,
    inputs=st.integers(1, 2**24),
    layers=st.lists(
        st.builds(
            Dense,
            units=st.integers(1, 2**23).map(lambda n: 2 * n),
            activation=st.sampled_from(ACTIVATIONS),
            name=names,
        ),
        min_size=1,
        max_size=5,
    ),
    batch=st.none() | st.integers(1, 2**24),
)
def test_any_network_survives_a_round_trip(
    name: str, inputs: int, layers: list[Dense], batch: int | None
) -> None:
    file = NetworkFile("", Network(name, inputs, tuple(layers)), batch)
    assert networks.parse(network_writer.dump(file), "here") == file


def test_find_takes_a_preset_a_file_or_widths(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    network_writer.save(NetworkFile("", from_widths([3, 2], "mine")), path)
    assert networks.find("alexnet").id == "alexnet"
    assert networks.find(str(path)).network.name == "mine"
    assert networks.find("9216-4096-4096-1000").network.widths == (9216, 4096, 4096, 1000)
    assert networks.find("0784-10").network.widths == (784, 10)
    for text in ("1,024-512-10", "1_024 - 512 - 10", "１０２４–512–10"):
        assert networks.find(text).network.widths == (1024, 512, 10)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("alexnett", "unknown network 'alexnett': not a preset (one-neuron, "),
        ("", "unknown network ''"),
        ("12", "unknown network '12'"),
        ("784-0-10", "a width must be a whole number from 1 to 16\u202f777\u202f216, not '0'"),
        ("784-16777217", "a width must be a whole number"),
        (f"784-{'9' * 5000}", "a width must be a whole number"),
        ("784--10", "unknown network"),
        ("-784-10", "unknown network"),
        ("784-1.5-10", "a width must be a whole number"),
        ("784-1.000-10", "a width: '1.000' can mean 1000 or 1"),
        ("no/such.toml", "cannot read no/such.toml: No such file"),
        ("x.toml", "cannot read x.toml: No such file"),
        ("a\0b.toml", "cannot read"),
        (os.curdir, "cannot read .: it is a folder"),
    ],
)
def test_what_cannot_be_found(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        networks.find(text)


GOOD = b"inputs = 2\n[[layers]]\nunits = 3\n"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "f.toml: there is nothing in it"),
        (b"\xef\xbb\xbf\n# a remark\n", "f.toml: there is nothing in it"),
        (b"inputs = 2\n", "f.toml: object missing required field `layers`"),
        (b"inputs = 2", "f.toml: object missing required field `layers`"),
        (b"inputs = 2\nlayers = []", "f.toml: network 'f' must have 1 to 1\u202f000 layers, not 0"),
        (b"inputs = 2\n[[layers]]\nunits = 0", "f.toml: units of layer 'layer 1' must be"),
        (b"inputs = 2\n[[layers]]\nunits = 1000000000000", "units of layer 'layer 1' must be"),
        (b"inputs = 0\n[[layers]]\nunits = 3", "f.toml: input features must be"),
        (
            b"inputs = 2\n[[layers]]\nunits = '3'",
            "f.toml: layers[0].units: expected a whole number, got text",
        ),
        (
            b"inputs = 2\n[[layers]]\nunits = 3.0",
            "f.toml: layers[0].units: expected a whole number, got a number with a point",
        ),
        (b"inputs = 2\n[[layers]]\nunits = 3\nunit = 4", "unknown field `unit`"),
        (
            b"inputs = 2\n[[layers]]\nunits = 1\nbias = [nan]",
            "bias of layer 'layer 1' must be finite",
        ),
        (b"inputs = 2\n[[layers]]\nunits = 1\nbias = [inf]", "must be finite"),
        (b"inputs = 2\n[[layers]]\nunits = 1\nweights = [[1],[-inf]]", "must be finite"),
        (b"examples=[[nan, 1]]\n" + GOOD, "examples must be finite"),
        (b"batch = 0\n" + GOOD, "f.toml: batch must be a whole number"),
        (b"batch = 1000000000000\n" + GOOD, "f.toml: batch must be a whole number"),
        (b"budget_ms = nan\n" + GOOD, "budget_ms must be from 1e-9"),
        (b"budget_ms = 5e-324\n" + GOOD, "budget_ms must be from 1e-9"),
        (b"budget_ms = -1\n" + GOOD, "budget_ms must be from 1e-9"),
        (b'name = "a\\nb"\n' + GOOD, "name must be one line"),
        (b'name = "a\\u001b[31m"\n' + GOOD, "name must be one line"),
        (b'about = "' + b"x" * 500 + b'"\n' + GOOD, "about must be one line of at most 400"),
        (GOOD[:-4], "f.toml: not valid TOML"),
        (b"\xff\xfe" + GOOD, "f.toml: not UTF-8 text (byte 0)"),
        (b"x = " + b"[" * 20_000, "f.toml: brackets nested too deep"),
        (b"x = " + b"9" * 5_000, "f.toml: a number or a key of more than 1\u202f000 characters"),
        (b"inputs = " + b"9" * 400 + b"\n[[layers]]\nunits = 3", "f.toml: "),
        (b"x = 2024-02-30\n" + GOOD, "f.toml: "),
    ],
)
def test_hostile_files_are_refused_in_one_line(data: bytes, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)) as refusal:
        networks.parse(data, "f.toml")
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 500


@given(st.binary(max_size=300))
def test_no_bytes_escape_as_another_error(data: bytes) -> None:
    with contextlib.suppress(InputError):
        networks.parse(data, "f.toml")


def test_enormous_files_and_what_is_no_file(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_bytes(b"x" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match="larger than 1\u202f000\u202f000 bytes"):
        networks.read_file(large)
    with pytest.raises(InputError, match="it is a folder"):
        networks.read_file(tmp_path)
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="not an ordinary file"):
        networks.read_file(pipe)


def test_a_failed_save_leaves_the_old_file_whole(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot write"):
        network_writer.save(networks.read_preset("mlp"), tmp_path / "missing" / "x.toml")
    with pytest.raises(InputError, match="it is a folder"):
        network_writer.save(networks.read_preset("mlp"), tmp_path)


def drawn(rows: int, columns: int) -> GivenMatrix:
    return GivenMatrix.of(np.random.default_rng(1).standard_normal((rows, columns)))


def test_a_few_numbers_are_written_to_be_read_and_many_to_be_short(tmp_path: Path) -> None:
    few = Network("few", 10, (Dense(10, name="a", weights=drawn(10, 10)),), drawn(90, 10))
    assert few.given == MAX_PLAIN
    assert b"'" not in network_writer.dump(NetworkFile("", few))
    many = replace(few, examples=drawn(91, 10))
    assert network_writer.dump(NetworkFile("", many)).count(b"'") == 4
    for network in (few, many):
        network_writer.save(NetworkFile("", network), tmp_path / "n.toml")
        assert networks.read_file(tmp_path / "n.toml").network == network


def test_weights_of_300_times_300_take_no_more_than_as_text_and_come_back(tmp_path: Path) -> None:
    whole = np.random.default_rng(1).integers(0, 10, (300, 300)).tolist()
    path = tmp_path / "w.toml"
    rows = ",".join(str(row).replace(" ", "") for row in whole)
    path.write_text(f"inputs=300\n[[layers]]\nunits=300\nweights=[{rows}]")
    file = networks.read_file(path)
    size = path.stat().st_size
    network_writer.save(file, path)
    assert path.stat().st_size < size
    assert networks.read_file(path).network == file.network
    assert file.network.layers[0].weights is not None
    assert file.network.layers[0].weights[299] == tuple(whole[299])


def test_the_largest_that_can_be_edited_is_read_again(tmp_path: Path) -> None:
    """As many numbers as there may be, none of which gets shorter; on a name of the longest."""
    values = np.random.default_rng(1).integers(0, 2**62, MAX_GIVEN - 1).view(float)
    values = np.where(np.abs(values) <= 1e30, values, 1.0).reshape(1, -1)
    largest = Network("é" * 400, 1, (Dense(MAX_GIVEN - 1, name="a", weights=values),), ((1.0,),))
    assert largest.given == MAX_GIVEN
    network_writer.save(NetworkFile("", largest, about='"' * 400), tmp_path / "n.toml")
    assert 0.8 * MAX_NETWORK < (tmp_path / "n.toml").stat().st_size <= MAX_NETWORK - MAX_BYTES
    assert networks.read_file(tmp_path / "n.toml").network == largest
    with pytest.raises(
        InputError, match="at most 2\u202f000\u202f000 numbers of its own, not 2\u202f000\u202f001"
    ):
        replace(largest, examples=((1.0,), (2.0,)))


def test_the_most_layers_with_the_longest_names_are_read_again(tmp_path: Path) -> None:
    layers = tuple(Dense(2, "sigmoid", '"' * 60, drawn(2, 2), (0.1, 0.2)) for _ in range(1000))
    most = Network("n", 2, layers)
    network_writer.save(NetworkFile("", most), tmp_path / "n.toml")
    assert networks.read_file(tmp_path / "n.toml").network == most


def test_the_longest_list_is_read_again(tmp_path: Path) -> None:
    most = Products(
        '"' * 60,
        tuple(Gemm('"é' * 30, "product", 2**24, 2**24, 2**24, i, 2**24) for i in range(10_000)),
    )
    network_writer.save(NetworkFile("", most), tmp_path / "n.csv")
    assert (tmp_path / "n.csv").stat().st_size < networks.MAX_LIST
    assert networks.read_file(tmp_path / "n.csv").network == most


def test_no_more_numbers_are_unfolded_than_a_network_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each alone would be small enough."""
    text = packed.pack(np.zeros((1000, 1000)))
    layers = f"[[layers]]\nunits=1000\nweights='{text}'\n" * 3
    monkeypatch.setattr(packed, "unpack", lambda *_: pytest.fail("unfolded"))
    with pytest.raises(
        InputError, match="at most 2\u202f000\u202f000 numbers of its own, not 3\u202f000\u202f000"
    ):
        networks.parse(f"inputs=1000\n{layers}".encode(), "n")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            "weights = 'no'",
            "n: weights of layer 'layer 1' must be a list, or packed as mmviz writes it",
        ),
        ("weights = '2x1 eNpjYEAFAAAQAAE='", "weights of layer 'layer 1' must have"),
        ("weights = '1x1 AAAA'", "n: weights of layer 'layer 1' must be a list, or packed"),
        ("bias = '1x1 AAAA'", "n: bias of layer 'layer 1' must be a list, or packed"),
        ("bias = 5", "n: layers[0].bias: expected a list, got a whole number"),
    ],
)
def test_a_text_in_the_place_of_numbers_is_one_sentence(given: str, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        networks.parse(f"inputs=1\n[[layers]]\nunits=1\n{given}".encode(), "n")
    assert str(caught.value).startswith(sentence) or sentence in str(caught.value)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -2e30])
def test_packed_numbers_are_finite_too(bad: float) -> None:
    text = packed.pack(np.array([[1.0, bad]]))
    for line, what in (("examples", "examples"), ("weights", "weights of l"), ("bias", "bias of")):
        layer = "[[layers]]\nunits=2\n"
        inputs, above = (2, f"{line}='{text}'\n") if line == "examples" else (1, "")
        under = "" if above else f"{line}='{text}'\n"
        with pytest.raises(InputError, match=f"^n: {what}.* must be finite"):
            networks.parse(f"inputs={inputs}\n{above}{layer}{under}".encode(), "n")


def test_text_beside_packed_numbers_stays_bounded() -> None:
    with pytest.raises(
        InputError, match="larger than 1\u202f000\u202f000 bytes without its packed"
    ):
        networks.parse(f"# {'x' * MAX_BYTES}".encode(), "n")
    with pytest.raises(
        InputError, match="larger than 1\u202f000\u202f000 bytes without its packed"
    ):
        networks.parse(f"about = \"'{'x' * MAX_BYTES}'\"".encode(), "n")


@pytest.mark.parametrize("stem", ["a\nb", "\x1b[31mred", " ", "n" * 200, "‮abc"])
def test_a_name_made_of_a_files_is_one_that_is_read_again(stem: str, tmp_path: Path) -> None:
    for suffix, text in ((".toml", GOOD.decode()), (".csv", "m,n,k\n1,2,3\n")):
        path = tmp_path / (stem + suffix)
        path.write_text(text)
        file = networks.read_file(path)
        name = file.network.name
        assert name.isprintable()
        assert 1 <= len(name.strip()) == len(name) <= 60
        assert network_writer.dump(file)
        network_writer.save(file, tmp_path / f"again{suffix}")
        assert networks.read_file(tmp_path / f"again{suffix}").network == file.network


def test_many_widths_are_called_by_the_first_and_the_last() -> None:
    file = networks.find("-".join(["4096"] * 900 + ["10"]))
    assert file.network.name == "4096-4096-…-4096-10"
    assert networks.parse(network_writer.dump(file), "n").network == file.network


@given(st.floats(1e-3, 1e9, exclude_max=True))
def test_a_budget_comes_back_to_the_last_bit(ms: float) -> None:
    file = networks.parse(f"budget_ms = {ms!r}\n".encode() + GOOD, "n")
    assert networks.parse(network_writer.dump(file), "n").budget_s == file.budget_s
