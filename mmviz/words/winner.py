"""Who won a timing run, by how much and why: one sentence, of what was measured alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mmviz.backends import registry
from mmviz.backends.base import SOFTWARE
from mmviz.bench.break_even import copied
from mmviz.bench.causes import PRODUCTS, cause, spent, with_copies
from mmviz.bench.faster import faster, figure
from mmviz.bench.fingerprint import reading
from mmviz.bench.hindrances import cause as hindered
from mmviz.bench.results import Results, Run
from mmviz.core.verdict import Figure, judge
from mmviz.errors import InputError
from mmviz.text import N_, NOTHING, Text, joined
from mmviz.words.timing import Note, Tone, backend_name, kind_of, notes
from mmviz.words.verdict import sentence, share

LITTLE = 1.1  # times; what is less is told in per cent


def winner(results: Results, batch: int | None = None) -> Text:
    """'NumPy won: 8.1 µs a pass, 73 × as fast as wgpu (software, no GPU); …'.

    Of one batch, the last one with times of two backends where none is asked for; NOTHING where no
    two were timed.
    """
    found = {run.batch for run in results.runs if batch is None or run.batch == batch}
    for one in sorted(found, reverse=True):
        runs = [run for run in results.runs if run.batch == one and run.stats is not None]
        if len(runs) > 1:
            said = _told(sorted(runs, key=_p50), results)
            several = batch is None and len(found) > 1
            at = Text(N_("at batch {batch:group} {said}"), batch=one, said=said)
            return at if several else said
    return NOTHING


def told(results: Results, *, ended: bool) -> tuple[Note, ...]:
    """Who won, once it is over, and all that a reader must know beside the figures."""
    said = winner(results) if ended else NOTHING
    first = (Note(Tone.VERDICT, said),) if said else ()
    return first + notes(results.runs, results.dtype, results.machine, ended=ended)


def _told(runs: Sequence[Run], results: Results) -> Text:
    """runs: the fastest first, at least two."""
    first, second, *_ = runs
    if faster(first, second).verdict.better is None:
        return _nobody(runs)
    said = Text(
        N_("{name} won: {p50:seconds} a pass, {times:commas}"),
        name=_who(first),
        p50=_p50(first),
        times=tuple(_times(first, run) for run in runs[1:]),
    )
    told = (said, *_why(first, second), *_but(first, second, results))
    return joined(told, "semicolons")


def _crowded(run: Run) -> Text:
    """What may have kept a run from its cores, in a few words; NOTHING where nothing did."""
    return hindered(run.load)


def _nobody(runs: Sequence[Run]) -> Text:
    first, second = runs[0], runs[1]
    found, names = faster(first, second), {"first": _who(first), "second": _who(second)}
    if found.rough:
        few = N_("nobody won: {first} and {second} are too near for so few samples")
        if first.estimated or second.estimated:
            few = N_("nobody won: {first} and {second} are too near for an estimate")
        if crowd := _crowded(second):
            names["crowd"] = crowd
            few = N_("nobody won: too little is known of {first} and {second}: {crowd}")
        said = Text(few, **names)
    else:
        close = N_("nobody won: {first} and {second} are {why}")
        said = Text(close, why=sentence(found.verdict), **names)
    if beaten := tuple(_times(first, run) for run in runs[2:] if _beats(first, run)):
        ahead = Text(N_("{name} is {times:commas}"), name=names["first"], times=beaten)
        return joined((said, ahead), "semicolons")
    return said


def _beats(first: Run, run: Run) -> bool:
    return faster(first, run).verdict.better == 0


def _times(winner: Run, run: Run) -> Text:
    """'73 × as fast as wgpu (software, no GPU)'; 'about' where an error is not known; a little is
    told as a share, and nothing within the error.
    """
    name, found = _who(run), faster(run, winner)
    times = found.times
    if found.verdict.better is None:
        return Text(N_("not told apart from {name}"), name=name)
    if found.rough:
        return Text(
            N_("about {times:sig2} × as fast as {name}"), times=float(f"{times:.1e}"), name=name
        )
    if times < LITTLE:
        return Text(N_("{share} less than {name}"), share=share(found.verdict), name=name)
    return Text(N_("{times:sig} × as fast as {name}"), times=times, name=name)


def _who(run: Run) -> Text:
    """'NumPy'; 'wgpu (software, no GPU)'; 'Python for-loops (estimated)'."""
    software = run.place is not None and run.place.software
    told = joined((SOFTWARE if software else NOTHING, kind_of(run) if run.estimated else NOTHING))
    name = backend_name(run.backend)
    return Text(N_("{name} ({told})"), name=name, told=told) if told else name


def _why(first: Run, second: Run) -> Iterator[Text]:
    """What the second lost to: the part that makes the difference, else what it computes on."""
    name, won = backend_name(second.backend), backend_name(first.backend)
    both = {"name": name, "winner": won}
    match cause(first, second):
        case "launch":
            launch = spent(second, "launch")
            said = N_("a launch of nothing alone takes {name} {launch:seconds}")
            if launch > _p50(first):
                said = N_(
                    "a launch of nothing alone takes {name} {launch:seconds}, longer than a whole "
                    "pass of {winner}"
                )
            yield Text(said, launch=launch, **both)
        case "products":
            yield Text(
                N_("the products alone take {winner} {one:seconds}, {name} {other:seconds}"),
                one=spent(first, *PRODUCTS),
                other=spent(second, *PRODUCTS),
                **both,
            )
        case "rest":
            yield Text(
                N_(
                    "all beside the products, such as bias and activation, takes {winner} "
                    "{one:seconds}, {name} {other:seconds}"
                ),
                one=spent(first, "rest"),
                other=spent(second, "rest"),
                **both,
            )
        case _ if _software(second):
            yield Text(N_("{name} computes on this CPU, too, by a graphics driver"), name=name)
        case _ if _by_hand(second):
            yield Text(N_("{name}: number by number, without a library"), name=name)


def _software(run: Run) -> bool:
    return run.place is not None and run.place.software


def _by_hand(run: Run) -> bool:
    """Whether it is known to have neither a library that multiplies nor kernels of its own."""
    try:
        return run.place is None and not registry.find(run.backend).library
    except InputError:
        return False


def _but(first: Run, second: Run, results: Results) -> Iterator[Text]:
    """What must be known before it is believed: another precision, and the way to and fro."""
    if crowd := _crowded(second) or _crowded(first):
        yield Text(N_("but {crowd}"), crowd=crowd)
    e = first.fingerprint
    if e is not None and (said := reading(e, results.dtype)):
        yield Text(N_("but {name}: {reading}"), name=backend_name(first.backend), reading=said)
    took = with_copies(first)
    if took is not None and _loses_with_copies(first, second):
        yield Text(
            N_("but with the copies to it and back {name} takes {copied:seconds}, and loses"),
            name=backend_name(first.backend),
            copied=took,
        )


def _loses_with_copies(first: Run, second: Run) -> bool:
    """Whether the second is faster once each brings its input and fetches its output."""
    if first.copied:
        other = copied(second) if second.copied else second
        return faster(copied(first), other).verdict.better == 1
    one, two = (Figure(with_copies(run) or _p50(run), figure(run).error) for run in (first, second))
    return judge(one, two).better == 1


def _p50(run: Run) -> float:
    return 0.0 if run.stats is None else run.stats.p50
