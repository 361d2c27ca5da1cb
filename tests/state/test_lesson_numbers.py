"""The numbers of the storyboard: what a lesson says that comes out, comes out.

Counts and shapes are exact, as somebody checked them by hand; times of the model are held to the
relation that the text tells of them.
"""

from __future__ import annotations

import pytest
from walking import here_of

from mmviz.files.lessons.expressions import read_name
from mmviz.files.lessons.format import Condition, Const, Named, Search
from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.files.lessons.tables import Place
from mmviz.state.lessons.expressions import evaluate

SHELF = read_folder(shipped_folder(), "")
PLACE = Place("")


def value(lesson: str, step: str, name: str, **changes: object) -> object:
    """A quantity of the session of a step; of a set how many are in it."""
    expression = Named(*read_name(name, PLACE, "q"), tuple(changes.items()))
    answer = evaluate(expression, here_of(SHELF.find(lesson), step)).value
    return len(answer) if isinstance(answer, frozenset) else answer


def items(lesson: str, step: str, name: str, **changes: object) -> object:
    """What is in a set."""
    expression = Named(*read_name(name, PLACE, "q"), tuple(changes.items()))
    return evaluate(expression, here_of(SHELF.find(lesson), step)).value


def number(lesson: str, step: str, name: str, **changes: object) -> float:
    found = value(lesson, step, name, **changes)
    assert isinstance(found, int | float)
    return found


@pytest.mark.parametrize(
    ("lesson", "step", "name", "changes", "expected"),
    [
        ("neuron", "where", "cell_set[0,0]", {}, 1),
        ("neuron", "steps", "steps", {}, 4),
        ("neuron", "sum", "cell[0,0]", {}, 1.39),
        ("neuron", "sum", "partial[0,0,1]", {}, 0.10),
        ("neuron", "sum", "partial[0,0,2]", {}, 2.10),
        ("neuron", "sum", "partial[0,0,3]", {}, 1.60),
        ("neuron", "largest", "argmax_partial[0,0]", {}, 2),
        ("neurons", "one-lane", "steps", {}, 8),
        ("neurons", "depends", "depends[(0,1),(0,0)]", {}, False),
        ("neurons", "lanes16", "steps", {}, 4),
        ("neurons", "lanes16", "idle_units[1]", {}, 14),
        ("neurons", "one-step", "steps", {"device": "lanes-1000"}, 4),
        ("neurons", "turned", "neuron_axis", {"turned": True}, "rows"),
        ("neurons", "turned", "cell[0,0]", {}, 1.39),
        ("neurons", "turned", "cell[0,1]", {}, 0.95),
        ("batch", "cells", "cells", {}, 4),
        ("batch", "steps16", "steps", {}, 4),
        ("batch", "steps16", "steps", {"batch": 1}, 4),
        ("batch", "steps1", "steps", {}, 16),
        ("batch", "steps1", "steps", {"device": "lanes-1000"}, 4),
        ("batch", "idle", "idle_units[1]", {}, 12),
        ("lanes", "cells", "cells", {}, 20),
        ("lanes", "rounds", "waves", {}, 2),
        ("lanes", "rounds", "steps", {}, 1568),
        ("lanes", "rounds", "wave_tiles[last]", {}, 4),
        ("lanes", "idle", "idle_units[1]", {}, 980),
        ("lanes", "idle", "busy_share", {}, 0.02),
        ("lanes", "idle", "steps", {}, 784),
        ("lanes", "click", "cells_waiting", {}, 4),
        ("lanes", "fill", "busy_share", {"batch": 100}, 1.0),
        ("lanes", "fill", "busy_share", {"batch": 200}, 1.0),
        ("lanes", "fill", "waves", {"batch": 200}, 2),
        ("lanes", "one-more", "steps", {}, 1568),
        ("lanes", "one-more", "busy_share", {}, 0.505),
        ("loop", "sign", "z[0,0]", {}, 165.0),
        ("loop", "sign", "z[0,1]", {}, -531.0),
        ("loop", "sign", "z[0,2]", {}, 900.0),
        ("loop", "sign", "out[0,1]", {}, 0.0),
        ("loop", "shape", "shape[z]", {}, "1×3"),
        ("loop", "shape", "shape[a_in]", {}, "1×2"),
        ("loop", "shape", "shape[w]", {}, "2×3"),
        ("shape", "axis", "axis[batch]", {}, 1000),
        ("shape", "cells", "cells", {}, 128_000),
        ("shape", "flop", "flop", {}, 1_048_576_000),
        ("shape", "flop", "flop", {"batch": 1}, 8_192_000),
        ("shape", "bytes", "bytes", {}, 9_496_576),
        ("shape", "bytes", "bytes", {"batch": 1}, 8_202_192),
        ("shape", "most", "flop[fc6]", {}, 9_663_676_416),
        ("shape", "most", "flop_pass", {}, 15_007_219_712),
        ("shape", "equal", "flop[fc8]", {"units": (4096, 4096, 4096)}, 4_294_967_296),
        ("tiles", "count", "tiles", {}, 8),
        ("tiles", "edge", "edge_cols", {}, 104),
        ("tiles", "edge", "padded_share", {}, 0.0234375),
        ("tiles", "idle", "idle_units[1]", {}, 72),
        ("tiles", "quarter", "tiles", {"batch": 256}, 4),
        ("tiles", "quarter", "tiles", {}, 6),
        ("tiles", "fill", "tiles", {"tile": (64, 16)}, 126),
        ("tiles", "own", "tiles", {"network": "4096-1024", "batch": 1280}, 80),
        ("waves", "one", "waves", {}, 1),
        ("waves", "one", "tiles", {}, 108),
        ("waves", "wider", "tiles", {}, 117),
        ("waves", "wider", "wave_tiles[last]", {}, 9),
        ("waves", "tail", "idle_units[last]", {}, 99),
        ("waves", "streamk", "steps", {"order": "rows"}, 96),
        ("waves", "streamk", "busy_share", {"order": "rows"}, 0.75),
        ("waves", "streamk", "steps", {}, 72),
        ("waves", "streamk", "busy_share", {}, 1.0),
        ("waves", "full", "idle_units[last]", {"units": 2944}, 9),
        ("waves", "full", "idle_units[last]", {"units": 2945}, 0),
        ("waves", "full", "idle_units[last]", {"units": 3072}, 0),
        ("waves", "full", "waves", {"units": 3072}, 2),
        ("filters", "weights", "k", {}, 784),
        ("filters", "parallel", "cells", {}, 20),
        ("training", "five", "products", {"training": True}, 5),
        ("training", "five", "products", {}, 2),
        ("training", "missing", "missing_product", {}, 2),
        ("training", "k", "k[layer 1 wgrad]", {}, 64),
        ("training", "eleven", "products", {"layers": 4}, 11),
        ("roofline", "ridge", "ridge", {}, 125e12 / 900e9),
        ("roofline", "bound", "bound", {}, "memory"),
        ("roofline", "across", "bound", {"batch": 167}, "memory"),
        ("roofline", "across", "bound", {"batch": 168}, "compute"),
        ("roofline", "eight", "ridge", {}, 989.4e12 / 3350e9),
        ("roofline", "own", "ridge", {"device": "a100"}, 312e12 / 2039e9),
        ("launch", "tiny", "flop_pass", {}, 32),
        ("launch", "launches", "launches", {}, 3),
        ("launch", "tiny", "launch_kind", {}, "eager"),
        ("launch", "kind", "launch_kind", {}, "graph"),
        ("array", "first", "mults_at[9]", {}, 1),
        ("array", "first", "mults_at[load+1]", {}, 1),
        ("array", "cycles", "cycles", {}, 30),
        ("array", "share", "mult_share", {}, 512 / 1920),
        ("array", "rows", "cycles", {}, 86),
        ("array", "rows", "mult_share", {}, 4096 / 5504),
        ("array", "one", "cycles", {}, 23),
        ("array", "one", "mult_share", {}, 64 / 1472),
        ("array", "ninety", "cycles", {"batch": 198}, 220),
        ("array", "ninety", "mult_share", {"batch": 198}, 0.9),
        ("array", "own", "array_padding", {"network": "4096-4096"}, 0),
        ("array", "own", "array_padding", {"network": "1000-300"}, 24 + 212),
    ],
)
def test_what_is_counted(
    lesson: str, step: str, name: str, changes: dict[str, object], expected: object
) -> None:
    found = value(lesson, step, name, **changes)
    assert found == (pytest.approx(expected) if isinstance(expected, float) else expected)


@pytest.mark.parametrize(
    ("lesson", "step", "name", "expected"),
    [
        ("batch", "read", "b_of[(1,1),3]", {(2, 1)}),
        ("neuron", "where", "cell_set[0,0]", {(0, 0)}),
        ("shape", "most", "argmax_product[flop]", {(0, "forward")}),
        ("training", "longest", "argmax_product[predicted_s]", {(0, "wgrad")}),
        ("training", "missing", "missing_product", {(0, "forward"), (0, "wgrad")}),
        ("roofline", "bar", "argmax_loss", {"kernel"}),
        ("waves", "tail", "idle_units[last]", set(range(9, 108))),
    ],
)
def test_what_is_clicked_on(lesson: str, step: str, name: str, expected: set[object]) -> None:
    assert items(lesson, step, name) == expected


def test_a_tile_is_loaded_once_for_128_cells() -> None:
    """256 × 256 in tiles of 128; of fc8 a strip of X is used by eight tiles only."""
    ratio = number("tiles", "loads", "loads_untiled") / number("tiles", "loads", "loads")
    assert ratio == 128
    ratio = number("tiles", "count", "loads_untiled") / number("tiles", "count", "loads")
    assert ratio == pytest.approx(126, abs=0.6)


def test_bytes_hardly_fall_with_the_batch() -> None:
    ratio = number("shape", "bytes", "bytes") / number("shape", "bytes", "bytes", batch=1)
    assert ratio == pytest.approx(1.16, abs=0.005)


@pytest.mark.parametrize(
    ("network", "expected"),
    [("784-128-10", 2.01), ("alexnet", 2.36), ("mlp", 2.40), ("digits", 2.00)],
)
def test_training_is_hardly_three_times_a_pass(network: str, expected: float) -> None:
    whole = number("training", "five", "flop_pass", network=network, training=True)
    forward = number("training", "five", "flop_pass", network=network)
    assert whole / forward == pytest.approx(expected, abs=0.006)


@pytest.mark.parametrize("layers", [2, 9, 10, 20])
def test_equal_layers_come_near_three(layers: int) -> None:
    network = "-".join(["64"] * (layers + 1))
    whole = number("training", "five", "flop_pass", network=network, training=True)
    ratio = whole / number("training", "five", "flop_pass", network=network)
    assert ratio == pytest.approx((3 * layers - 1) / layers)
    assert (ratio >= 2.9) == (layers >= 10)


def test_a_gradient_is_the_slope_of_the_loss() -> None:
    assert number("training", "gradient", "grad_off") < 1e-6
    assert number("training", "gradient", "grad[w]") != 0


@pytest.mark.parametrize(("batch", "intensity"), [(128, 110.4), (167, 138.3), (168, 139.0)])
def test_intensity_grows_with_the_batch(batch: int, intensity: float) -> None:
    found = number("roofline", "bound", "intensity", batch=batch)
    assert found == pytest.approx(intensity, abs=0.05)


def test_one_layer_of_the_language_model_turns_at_323_both_at_328() -> None:
    here = here_of(SHELF.find("roofline"), "both")
    found = []
    for every in (False, True):
        where = Condition(Named("bound"), "=", (Const("compute"),), every=every)
        search = Search("least", "batch", range(256, 513), where, monotone=True)
        found.append(evaluate(search, here).value)
    assert found == [323, 328]


def test_90_percent_are_at_work_from_198_rows_on() -> None:
    """T over T + 22, of an array of 8 × 8 that loads nothing beside its work."""
    here = here_of(SHELF.find("array"), "ninety")
    where = Condition(Named("mult_share"), ">=", (Const(0.9),))
    search = Search("least", "batch", range(1, 513), where, monotone=True)
    assert evaluate(search, here).value == 198


def test_more_rows_keep_a_large_array_at_work() -> None:
    shares = [number("array", "large", "mult_share", batch=b) for b in (128, 1024, 8192)]
    assert shares == sorted(shares)
    assert shares[0] < 0.75 < shares[1]


def test_the_second_wave_costs_about_a_whole_one() -> None:
    before = number("waves", "wider", "predicted_s", network="8192-1536")
    assert number("waves", "wider", "predicted_s") / before >= 1.6


def test_a_library_takes_other_tiles_or_cuts_them() -> None:
    before = number("waves", "library", "predicted_s", network="8192-1536")
    assert 1.08 < number("waves", "library", "predicted_s") / before < 1.6
    tile = [number("waves", "library", name) for name in ("tile_m", "tile_n")]
    parts = number("waves", "library", "parts")
    assert tile != [number("waves", "wider", "tile_m"), number("waves", "wider", "tile_n")] or (
        parts > 1
    )
    assert number("waves", "library", "pieces") == parts * number("waves", "library", "tiles")


def test_a_library_cuts_as_its_step_tells() -> None:
    """Whatever the model comes to choose: the text has its numbers, and no cause of its own."""
    lesson = SHELF.find("waves")
    step = lesson.steps[lesson.number("library") or 0]
    assert {"m", "n", "parts", "pieces"} <= {name for name, _ in step.values}
    told = dict(step.tell)["en"]
    assert all(f"{{{name}}}" in told for name in ("answer", "m", "n", "parts", "pieces"))


def test_twice_the_users_take_the_same_time() -> None:
    ratio = number("roofline", "sixteen", "predicted_s") / number(
        "roofline", "eight", "predicted_s"
    )
    assert ratio < 1.1
    assert number("roofline", "eight", "peak_share") < 0.08
    assert number("roofline", "eight", "loss_share[memory_bound]") > 0.5


def test_where_a_limit_is_need_not_be_where_time_goes() -> None:
    assert value("roofline", "bar", "bound") == "memory"
    assert number("roofline", "bar", "loss_share[memory_bound]") < 0.05
    assert number("roofline", "bar", "loss_share[kernel_efficiency]") > 0.3


def test_a_small_layer_is_mostly_launch() -> None:
    assert number("launch", "share", "loss_share[launch]") > 0.9
    assert number("launch", "digit", "predicted_s") < 1.2 * number("launch", "tiny", "predicted_s")
    v100 = number("launch", "tenth", "predicted_s")
    assert v100 > 10 * number("launch", "kind", "predicted_s")


def test_a_batch_of_8192_is_full_after_273_s() -> None:
    assert number("latency", "fill", "fill_s", batch=8192) == pytest.approx(273, abs=0.1)
    assert number("latency", "budget", "rate") == pytest.approx(30, abs=1e-3)
