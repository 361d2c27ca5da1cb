"""The bar at the top: what of it can be chosen, what Run does, and what is news to it."""

from __future__ import annotations

from dataclasses import replace

from mmviz.files.networks import read_preset
from mmviz.state import actions
from mmviz.state.derived import derive
from mmviz.state.device.calibration import CALIBRATE_NOTE
from mmviz.state.device.edit import set_figure
from mmviz.state.device.views import EDITOR
from mmviz.state.picture.camera import Camera
from mmviz.state.session import Session, open_file
from mmviz.state.snapshot import changed, resolve
from mmviz.state.top import TITLE, TOP, TopView

PARTS = (TOP, TITLE, EDITOR, CALIBRATE_NOTE)
SESSION = replace(open_file(read_preset("alexnet")), device="a100")


def top(session: Session) -> TopView:
    return TOP.of(derive(session))


def news(after: Session) -> set[str]:
    """Ids of the parts that another session is news to."""
    first = resolve(derive(SESSION), PARTS, {})
    return set(changed(first, resolve(derive(after), PARTS, first)))


def test_of_a_network_all_can_be_chosen() -> None:
    view = top(SESSION)
    assert (str(view.name), view.batch, view.training) == ("AlexNet classifier", 128, False)
    assert str(view.tip).startswith("AlexNet classifier\n")
    assert not view.fixed
    assert str(view.run) == "Time this network on this computer (Ctrl+R)"
    assert view.device.id == "a100"


def test_a_list_has_no_batch_and_is_timed_as_it_is() -> None:
    view = top(open_file(read_preset("gpt2-small")))
    assert "has no batch, no training" in str(view.fixed)
    assert str(view.run).startswith("Time this list of products")


def test_what_is_only_looked_at_is_news_to_none_of_them() -> None:
    assert news(SESSION) == set()
    assert news(actions.set_camera(SESSION, Camera(0.25, 0.25, 0.5, 0.5))) == set()
    assert news(actions.select_product(SESSION, 1)) == set()


def test_an_edit_is_news_to_what_shows_it() -> None:
    assert news(actions.set_batch(SESSION, 64)) == {"top"}
    assert news(actions.set_dtype(SESSION, "float16")) == {"top", "calibrate"}
    assert news(actions.rename_layer(SESSION, 0, "mine")) == {"top", "title"}
    assert news(set_figure(SESSION, "units", 54)) == {"top", "device_editor", "calibrate"}


def test_the_title_names_the_network() -> None:
    title = TITLE.of(derive(SESSION))
    assert str(title) == "AlexNet classifier — mmviz"
