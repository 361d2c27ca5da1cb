"""What is remembered comes back; what is not understood costs no more than itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mmviz.core.shapes.network import from_widths
from mmviz.errors import InputError
from mmviz.files import packed
from mmviz.files import settings as files
from mmviz.files.networks import preset_ids, read_preset
from mmviz.files.window_files import WindowFiles
from mmviz.state import actions
from mmviz.state import settings as settings_module
from mmviz.state.learn.drawing import NOTHING_DRAWN, Drawing, picked
from mmviz.state.session import Session, open_file
from mmviz.state.settings import Settings, load, others, same_work, save
from mmviz.state.sweep.choice import BOTH, SweepChoice
from mmviz.state.sweep.values import PEAK
from mmviz.text import NOTHING

DRAWN = Drawing(
    strokes=(((1.0, 2.5), (27.25, 28.0)), ((0.1, 0.2),)),
    moved=(-1, 2),
    flipped=frozenset({(3, 4), (-2, 29)}),
)
PICKED = picked(np.linspace(0, 1, 784, dtype=np.float32), 7)


def chosen() -> Session:
    """A session in which about everything was chosen."""
    session = open_file(read_preset("mlp"))
    session = actions.set_device(actions.set_training(session, True), "a100")
    session = actions.set_order(actions.set_tile(session, (64, 64)), "columns")
    session = replace(session, dtype="float16", colour_by="unit", turned=True)
    session = replace(session, launch_kind="eager")
    session = actions.select_product(actions.set_batch(session, 33), 4)
    session = actions.set_drawing(session, DRAWN)
    return actions.set_sweep(
        session, SweepChoice(BOTH, 1, (2, 64), (8, 512), PEAK, True, (4, 16), (9, 0))
    )


def test_at_first_there_is_nothing() -> None:
    assert load() == (Settings(), NOTHING)


def test_everything_comes_back() -> None:
    settings = Settings(
        "light", "zh_CN", True, False, 4.0, "clock", "AAEC", {"clock": "AAEC"}, session=chosen()
    )
    save(settings)
    assert load() == (settings, NOTHING)


def test_a_digit_that_was_picked_comes_back() -> None:
    settings = Settings(session=actions.set_drawing(chosen(), PICKED))
    save(settings)
    assert load() == (settings, NOTHING)
    assert PICKED != DRAWN
    assert picked(np.zeros(784, np.float32), 7) != PICKED


@pytest.mark.parametrize(
    "other",
    [
        {"strokes": ("2x3 eNrs",)},
        {"strokes": (packed.pack(np.array([[1.0, 29.0]])),)},
        {"strokes": (packed.pack(np.zeros((5_001, 2))),)},
        {"moved": (5, 0)},
        {"flipped": ((0, 40),)},
        {"label": 3},
        {"label": 10, "picked": packed.pack(np.zeros((28, 28)))},
        {"label": 3, "picked": packed.pack(np.full((28, 28), np.nan))},
        {"label": 3, "picked": packed.pack(np.zeros((2, 2)))},
    ],
)
def test_a_drawing_that_is_none_loses_nothing_else(other: dict[str, object]) -> None:
    save(Settings(session=chosen()))
    stored = files.read(WindowFiles().path)
    assert stored is not None
    assert stored.session is not None
    broken = files.StoredDrawing(**other)  # type: ignore[arg-type]
    session = msgspec.structs.replace(stored.session, drawing=broken)
    files.write(msgspec.structs.replace(stored, session=session), WindowFiles().path)
    settings, lost = load()
    assert settings.session == replace(chosen(), drawing=NOTHING_DRAWN)
    assert "session.drawing" in str(lost)


@pytest.mark.parametrize("budget_s", [None, 0.005])
@pytest.mark.parametrize("preset", ["pilotnet", "mlp"])  # the one has a budget of its own
def test_a_budget_that_was_typed_comes_back(preset: str, budget_s: float | None) -> None:
    session = actions.set_budget(open_file(read_preset(preset)), budget_s)
    save(Settings(session=session))
    settings, lost = load()
    assert settings.session is not None
    assert (settings.session.budget_s, lost) == (budget_s, NOTHING)


@pytest.mark.parametrize("preset", preset_ids())
def test_every_preset_comes_back(preset: str) -> None:
    session = open_file(read_preset(preset))
    save(Settings(session=session))
    assert load() == (Settings(session=session), NOTHING)


def test_an_edited_network_comes_back_with_its_numbers() -> None:
    session = open_file(read_preset("sigmoid-101"))
    edited = actions.rename_layer(session, 0, "mine")
    assert edited.preset == ""
    save(Settings(session=edited))
    back = load()[0].session
    assert back is not None
    assert back.network == edited.network
    assert (back.device, back.about) == (edited.device, edited.about)


def test_a_network_of_widths_comes_back() -> None:
    session = Session(from_widths([5, 4, 3]), batch=2, device="lanes-16")
    save(Settings(session=session))
    assert load()[0].session == session


@pytest.mark.parametrize(
    "sweep",
    [
        'axis = "depth"',
        "batches = [9, 4]",
        "layer = -1",
        "pinned_widths = [-1, 0]",
        "pinned_batches = [99999999999, 1]",
        "pinned_batches = [nan, 1]",
    ],
)
def test_a_sweep_that_is_none_loses_nothing_else(sweep: str) -> None:
    path = files.place()
    path.parent.mkdir(parents=True)
    path.write_text(f'theme = "dark"\n[session]\npreset = "mlp"\n[session.sweep]\n{sweep}\n')
    settings, lost = load()
    assert settings.theme == "dark"
    assert settings.session is not None
    assert settings.session.preset == "mlp"
    assert settings.session.sweep == SweepChoice()
    assert "not understood in the settings, and as at first: session.sweep;" in str(lost)
    assert "is kept as" in str(lost)


@pytest.mark.parametrize("error", [TypeError, RecursionError, MemoryError, IndexError])
def test_an_error_nobody_foresaw_costs_the_session_and_nothing_else(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    save(Settings("light", session=chosen()))
    data = files.place().read_bytes()

    def wrong(*_: object) -> None:
        raise error("meant\nin two lines")

    monkeypatch.setattr(settings_module, "derive", wrong)
    found, lost = load()
    assert found == Settings("light")
    name = error.__name__
    assert f"opened again: an error in mmviz itself: {name}: meant; the file is kept" in str(lost)
    aside = files.place().with_name("settings-not-understood.toml")
    assert aside.read_bytes() == data
    assert load()[1] == lost  # until something else is stored; kept once
    assert len(list(aside.parent.glob("*.toml"))) == 2
    monkeypatch.setattr(files, "read", wrong)
    found, lost = load()
    assert found == Settings()
    assert "mmviz starts with its own settings: an error in mmviz itself" in str(lost)


def test_the_session_that_failed_makes_room_for_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    save(Settings(session=chosen()))
    with monkeypatch.context() as broken:
        broken.setattr(settings_module, "derive", None)
        window = WindowFiles()
        assert load(window)[0].session is None
    good = open_file(read_preset("mlp"))
    save(Settings(session=good), window, edited=False)
    assert load() == (Settings(session=good), NOTHING)
    assert window.kept() == ()


def test_only_work_counts() -> None:
    session = chosen()
    assert same_work(session, actions.select_product(session, 0))
    assert same_work(session, actions.colour_by(session, "wave"))
    assert same_work(None, None)
    assert not same_work(session, None)
    assert not same_work(None, session)
    assert not same_work(session, actions.set_batch(session, 34))


def test_sessions_of_other_windows_come_back() -> None:
    save(Settings(session=chosen()), WindowFiles())
    mine = open_file(read_preset("alexnet"))
    save(Settings(session=mine), WindowFiles())
    window = WindowFiles()
    [(kept, session)] = others(window)
    assert session == chosen()
    kept.path.write_bytes(b"\xff")
    assert list(others(window)) == []
    assert kept.path.exists()


@pytest.mark.parametrize("data", [b"\xff", b"theme = 1", b"version = 2", b"speed = '"])
def test_a_file_not_understood_is_kept_aside(data: bytes) -> None:
    path = files.place()
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    settings, lost = load()
    sentence = str(lost)
    assert settings == Settings()
    aside = next(path.parent.iterdir())
    assert aside.read_bytes() == data
    assert aside != path
    assert str(aside) in sentence
    assert "\n" not in sentence
    assert load() == (Settings(), NOTHING)  # said once
    save(Settings(theme="dark"))
    assert load()[0].theme == "dark"
    assert aside.read_bytes() == data


@pytest.mark.parametrize(
    "line",
    [
        'preset = "gone"',
        'preset = "mlp"\nbatch = 0',
        'preset = "mlp"\ndtype = "float7"',
        'preset = "mlp"\ndevice = "abacus"',
        'preset = "mlp"\nproduct = 99',
        'preset = "mlp"\nproduct = -1',
        'preset = "mlp"\ntile = [0, 8]',
        'preset = "mlp"\norder = "at random"',
        'preset = "mlp"\ncolour_by = "taste"',
        "batch = 3",
        "[session.network]\ninputs = 3",
    ],
)
def test_a_session_that_cannot_be_opened_costs_only_itself(line: str) -> None:
    path = files.place()
    path.parent.mkdir(parents=True)
    path.write_text(f'theme = "light"\n[session]\n{line}')
    settings, lost = load()
    sentence = str(lost)
    assert settings == Settings(theme="light")
    assert sentence.startswith("the last session could not be opened again: ")
    assert "\n" not in sentence


def test_a_speed_that_is_none_is_the_usual_one() -> None:
    path = files.place()
    path.parent.mkdir(parents=True)
    path.write_text("speed = nan")
    assert load()[0].speed == 1.0


def test_a_home_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(files, "place", lambda: tmp_path / "file" / "settings.toml")
    with pytest.raises(InputError, match=r"cannot make the folder .*file: "):
        save(Settings(session=chosen()))
    assert load() == (Settings(), NOTHING)


def test_reduced_motion_is_the_users_word_before_the_systems(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MMVIZ_REDUCED_MOTION", "1")
    assert Settings().still
    assert not Settings(reduced_motion=False).still
    monkeypatch.setenv("MMVIZ_REDUCED_MOTION", "0")
    assert not Settings().still
    assert Settings(reduced_motion=True).still


@settings(max_examples=40)
@given(st.data())
def test_whatever_happens_to_the_file_the_start_goes_on(data: st.DataObject) -> None:
    """A byte or a few are other ones: settings come back, or the defaults with a sentence."""
    save(Settings("light", session=actions.rename_layer(chosen(), 0, "mine")))
    path = files.place()
    raw = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(raw))
    found, lost = load()
    sentence = str(lost)
    assert isinstance(found, Settings)
    assert "\n" not in sentence
    assert found.session is not None or sentence
