"""`mmviz train`: teach a network to tell digits, on this computer."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from mmviz import numerals
from mmviz.backends import registry
from mmviz.backends.learner import Teaches
from mmviz.backends.narrow import check_taught
from mmviz.bench.lesson import Lesson
from mmviz.bench.messages import Message, Progress
from mmviz.bench.plan import Learnt, MadeData, TrainPlan, learnt
from mmviz.bench.runner import carry_out
from mmviz.cli import train_rates
from mmviz.cli.complain import complain
from mmviz.cli.drawings import add_drawings, read_drawings, read_seed
from mmviz.cli.inputs import parse_count, parse_counts, parse_seconds, read_network
from mmviz.cli.parser import Commands
from mmviz.cli.progress import TerminalProgress
from mmviz.cli.stopping import STOPPED, Stop, do_all, stoppable, stopped
from mmviz.cli.streams import put
from mmviz.cli.targets import check_targets
from mmviz.cli.terminal import is_terminal
from mmviz.core.learning import losses
from mmviz.core.learning.descent import Recipe, check_batch, steps_of
from mmviz.core.learning.digits.fitting import teachable
from mmviz.core.learning.losses import Loss
from mmviz.core.learning.weights import at_rest
from mmviz.core.shapes.dtype import DEFAULT, check_dtype
from mmviz.core.shapes.network import Network
from mmviz.errors import InputError
from mmviz.files import weights
from mmviz.files.exports import as_json
from mmviz.state.learn.swept import drawings_of
from mmviz.text import N_, NOTHING, P_, Text, joined
from mmviz.words.speech import Words
from mmviz.words.training import lesson_lines, no_use, now

EPOCHS = 10
NUMPY = "numpy"
EXIT_UNTAUGHT = 1
_ABOVE = N_("a number above 0")
_SHARE = N_("a number from 0 to below 1")
_NOT_BELOW = N_("a number from 0 on")


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("train", help=N_("teach a network to tell digits"))
    parser.add_argument(
        "network",
        metavar=N_("NETWORK"),
        help=N_("digits, mlp, or any network of 784 inputs and 10 outputs"),
    )
    add_drawings(parser, N_("of drawings, first weights and order"))
    parser.add_argument(
        "--batch",
        default="64",
        metavar="B",
        help=N_("drawings a step (64); several: a sweep of these"),
    )
    usual = Recipe()
    parser.add_argument(
        "--lr", default=f"{usual.rate:g}", metavar="R", help=N_("learning rate (0.05)")
    )
    parser.add_argument(
        "--momentum",
        default=f"{usual.momentum:g}",
        metavar="M",
        help=N_("share of its last move that a weight goes on by (0.9)"),
    )
    parser.add_argument(
        "--decay",
        default=f"{usual.decay:g}",
        metavar="D",
        help=N_("share by which a weight shrinks, times the learning rate (0.001)"),
    )
    parser.add_argument(
        "--loss",
        metavar="L",
        help=N_("cross-entropy or squared-error; else what belongs to the last layer"),
    )
    parser.add_argument("--epochs", metavar="E", help=N_("times every drawing is shown (10)"))
    parser.add_argument("--seconds", metavar="S", help=N_("of steps, in place of --epochs"))
    parser.add_argument(
        "--backend",
        action="append",
        metavar="X",
        help=N_("who computes (numpy); given several times: a sweep with each of them"),
    )
    parser.add_argument("--dtype", default=DEFAULT, metavar=N_("DTYPE"), help=N_("float32, ..."))
    parser.add_argument("--begin", metavar="F", help=N_("weights to begin with, npz"))
    parser.add_argument(
        "--resume",
        metavar="F",
        help=N_("keep a sweep's courses in F as they end, and take none that is in it"),
    )
    parser.add_argument(
        "--json",
        metavar="F",
        help=N_("write its steps, at most 2000; - for standard output"),
    )
    parser.add_argument("--weights", metavar="F", help=N_("write the weights when it is done, npz"))
    parser.add_argument("--quiet", action="store_true", help=N_("no progress bar, no table"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Check everything, teach, print what was learnt, write the files.

    Exit code 0; 1 where it broke off, with a line on stderr; 128 and the signal's number when
    stopped by one. What was learnt until then is printed and written all the same, but never
    weights that are no numbers.
    """
    import sys

    words: Words = options.words
    batches = parse_counts(options.batch, "--batch")
    backends = options.backend or [NUMPY]
    plan = read_plan(options, batches[0], backends)
    for batch in batches:
        check_batch(batch, drawings_of(plan))
    if len(batches) > 1 or len(backends) > 1:
        folder = "" if isinstance(plan.data, MadeData) else str(Path(options.data).absolute())
        return train_rates.run(options, plan, batches, backends, folder)
    if options.resume is not None:
        raise InputError(N_("--resume belongs to a sweep of several batch sizes"))
    streamed = check_targets({"json": options.json, "weights": options.weights}, None)
    if not options.quiet:
        train_rates.warn(plan.dtype, backends, words)
    lesson = Lesson(plan)
    shown = not options.quiet and is_terminal(sys.stderr)
    with stoppable() as stop:
        _teach(plan, lesson, shown, words, stop)
        written = False
        try:
            _save(options, lesson)
            written = options.weights is not None
        finally:
            if not options.quiet and not streamed:
                print("\n".join(map(words, lesson_lines(lesson))))
            elif lesson.lost_ground:  # no part of a table alone
                complain(words, no_use(lesson.losses[0], plan.recipe.rate))
            if lesson.failure:
                left = _has(options.weights, lesson) if written else NOTHING
                complain(words, joined((lesson.failure, left), "semicolons"))
        if stop.is_set():
            return stopped(words, stop, what=_left(options, lesson))
    return EXIT_UNTAUGHT if lesson.failure else 0


def _teach(plan: TrainPlan, lesson: Lesson, shown: bool, words: Words, stop: Stop) -> None:
    """All of it, into the lesson: why the child broke, too."""
    with TerminalProgress(shown, words) as line:

        def hear(message: Message) -> None:
            lesson.hear(message)
            if isinstance(message, Progress):
                line.draw(message.done, now(lesson))

        _, reason = carry_out(plan, hear, stop)
    lesson.failure = lesson.failure or reason or None


def read_plan(options: argparse.Namespace, batch: int, backends: Sequence[str]) -> TrainPlan:
    """What is asked for, at that batch size, with the first of these backends of which all must be
    able to do it; raises InputError.
    """
    network = teachable(read_network(options.network).network)
    recipe = Recipe(
        loss=_loss(options.loss, network.layers[-1].activation),
        batch=batch,
        rate=numerals.real(options.lr, "--lr", _ABOVE, lambda x: x > 0),
        momentum=numerals.real(options.momentum, "--momentum", _SHARE, lambda x: 0 <= x < 1),
        decay=numerals.real(options.decay, "--decay", _NOT_BELOW, lambda x: x >= 0),
        seed=read_seed(options),
    )
    data, count = read_drawings(options)
    steps, seconds = _length(options, count, recipe.batch)
    begin = None if options.begin is None else _begin(options.begin, network)
    for name in backends:
        if backends.count(name) > 1:
            raise InputError(N_("--backend names {id!r:.60} twice"), id=name)
        backend = registry.usable(name, check_taught(check_dtype(options.dtype)))
        if not isinstance(backend, Teaches):
            raise InputError(N_("{who} teaches no network here"), who=backend.title)
    return TrainPlan(
        network=network,
        recipe=recipe,
        data=data,
        backend=backends[0],
        dtype=options.dtype,
        steps=steps,
        seconds=seconds,
        begin=begin,
    )


def _length(options: argparse.Namespace, count: int, batch: int) -> tuple[int | None, float | None]:
    if options.epochs is not None and options.seconds is not None:
        raise InputError(N_("--epochs and --seconds: give one of them"))
    if options.seconds is not None:
        return None, parse_seconds(options.seconds)
    epochs = EPOCHS if options.epochs is None else parse_count(options.epochs, "--epochs")
    return epochs * steps_of(count, batch), None


def _loss(named: str | None, activation: str) -> Loss:
    """Which of them is named, else the one that belongs to the last layer; raises InputError."""
    if named is None:
        return losses.natural(activation)
    known = {loss.replace(" ", "-"): loss for loss in losses.LOSSES}
    loss = known.get("-".join(named.split()))
    if loss is None:
        said = N_("--loss must be {one} or {other}, not {named!r:.40}")
        one, other = known
        raise InputError(said, one=one, other=other, named=named)
    losses.check(loss, activation)
    return loss


def _begin(path: str, network: Network) -> Learnt:
    return learnt(at_rest(*weights.read(path, network)))


def _left(options: argparse.Namespace, lesson: Lesson) -> Text:
    """What is left of a lesson that was stopped."""
    if lesson.knows is None:
        return Text(N_("stopped before it learnt anything"))
    if options.weights is None:
        return Text(N_("stopped; its weights are not kept: --weights names a file for them"))
    return joined((Text(STOPPED), _has(options.weights, lesson)), "semicolons")


def _has(path: str, lesson: Lesson) -> Text:
    """What a file of weights has of a lesson that ended early."""
    if lesson.knows is None:
        return Text(N_("{path} is not written: it told no weights before"), path=path)
    said = P_(
        "{path} has what it knew after {done:group} of {n:group} step",
        "{path} has what it knew after {done:group} of {n:group} steps",
    )
    return Text(said, path=path, done=lesson.knows.step, n=lesson.steps)


def _save(options: argparse.Namespace, lesson: Lesson) -> None:
    works: list[Callable[[], None]] = []
    if options.json is not None:
        table = (as_json(lesson.report(), indent=1) + "\n").encode()
        works.append(lambda: put(options.json, table))
    if options.weights is not None and lesson.knows is not None:
        found = lesson.knows.weights(lesson.plan.network)
        works.append(lambda: weights.save(options.weights, found.weights, found.biases))
    do_all(works, options.words)
