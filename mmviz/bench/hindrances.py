"""What kept a measurement from having this computer to itself, in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mmviz.bench.load import Load
from mmviz.bench.machine import Machine
from mmviz.text import N_, NOTHING, P_, Text

NOTICED = 0.10  # share of the cores, from which on it is said
LEAST_S = 0.25  # of wall time: the kernel counts in hundredths of a second
HELD = 0.05  # share of a quota's periods
STOLEN = 0.05  # by a host, of whose load nothing else is seen
WANTED = 1.5  # cores, from which on threads want more than one,
HAD = 1.15  # and up to which they had no more

_THREADS = {
    "openblas": "OPENBLAS_NUM_THREADS",
    "mkl": "MKL_NUM_THREADS",
    "blis": "BLIS_NUM_THREADS",
}


def hindrances(
    load: Load | None, machine: Machine | None, each: Iterable[Load | None] = ()
) -> tuple[Text, ...]:
    """Sentences, the most important first: a container's limit, other programs, a host.

    each: what `load` is the sum of, where some of it may have wanted one core and some of it many.
    """
    crowded = [*_crowded(load)] if load is not None and load.wall_s >= LEAST_S else []
    vain = any(in_vain(one) for one in each or (load,)) and not stopped_by_quota(load, machine)
    if vain and machine is not None and machine.blas is not None and machine.blas.threads > 1:
        said = N_("{threads:group} threads did no more than one would: you do not own your cores")
        crowded.append(Text(said, threads=machine.blas.threads))
    return (*_limited(load, machine), *crowded)


def in_vain(load: Load | None) -> bool:
    """Whether threads wanted several cores and had no more than one."""
    if load is None or load.wall_s < LEAST_S or load.ran_s is None or load.waited_s is None:
        return False
    wanted = (load.ran_s + load.waited_s) / load.wall_s
    return wanted > WANTED and load.ran_s / load.wall_s < HAD


def cause(load: Load | None) -> Text:
    """The first of what may have made times differ, in a few words; NOTHING where nothing did."""
    if load is None or load.wall_s < LEAST_S:
        return NOTHING
    for share, least, said in (
        (load.others, NOTICED, N_("other programs were running")),
        (load.held_back, HELD, N_("a container's quota held it back")),
        (load.stolen, STOLEN, N_("the host of this virtual machine was busy")),
        (load.waited, NOTICED, N_("its threads waited for a core")),
    ):
        if share is not None and share > least:
            return Text(said)
    return NOTHING


def stopped_by_quota(load: Load | None, machine: Machine | None = None) -> bool:
    """Whether a container's quota stopped it again and again: no time then is one to rely on.

    Where nobody counts that, more threads than the quota keeps busy are stopped.
    """
    if load is not None and load.held is not None:
        return (load.held_back or 0.0) > HELD
    if machine is None or machine.quota is None or machine.blas is None:
        return False
    return machine.blas.threads > machine.quota


def _limited(load: Load | None, machine: Machine | None) -> Iterator[Text]:
    held = None if load is None else load.held_back
    if machine is None or machine.quota is None:
        if stopped_by_quota(load):
            yield Text(
                N_("a container's quota held it back in {held:percent2} of its periods"), held=held
            )
        return
    values = {"quota": machine.quota, "n": machine.allowed or machine.logical_cores}
    said = Text(
        P_(
            "this container may use {quota:.3g} of {n:group} core",
            "this container may use {quota:.3g} of {n:group} cores",
        ),
        **values,
    )
    if held:
        back = N_("{limited}, and was held back in {held:percent2} of its periods")
        said = Text(back, limited=said, held=held)
    fits = machine.fitting_threads
    if machine.blas is not None and fits is not None and machine.blas.threads > fits:
        variable = _THREADS.get(machine.blas.library.lower(), "OMP_NUM_THREADS")
        fitting = N_("{limited}: {variable}={threads} fits it")
        if machine.quota < 1:  # it holds back one thread, too
            fitting = N_("{limited}: {variable}={threads} comes nearest to it")
        said = Text(fitting, limited=said, variable=variable, threads=fits)
    yield said


def _crowded(load: Load) -> Iterator[Text]:
    if (others := load.others) is not None and others > NOTICED:
        yield Text(N_("other programs took {share:percent2} of the cores"), share=others)
    if (own := load.mmviz) is not None and own > NOTICED:
        yield Text(N_("mmviz itself took {share:percent2} of the cores beside it"), share=own)
    if (stolen := load.stolen) is not None and stolen > STOLEN:
        host = N_("the host of this virtual machine took {share:percent2} of the cores")
        yield Text(host, share=stolen)
    if (waited := load.waited) is not None and waited > NOTICED:
        had = N_("the timing threads had a core in {share:percent2} of the time they wanted one")
        yield Text(had, share=1 - waited)
    elif (delayed := load.delayed) is not None and delayed > NOTICED:
        one = N_("one of the timing threads had no core {share:percent2} of the time")
        yield Text(one, share=delayed)
    if (away := load.away) is not None and away > NOTICED and not stopped_by_quota(load):
        yield Text(
            N_("the timing process slept, or was stopped, {share:percent2} of the time"), share=away
        )
