"""What a picture is taken of: a pass as it was asked for, or as a recording has it."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from mmviz.cli.inputs import Request, parse_count, read_request
from mmviz.core.recording.recording import Recording
from mmviz.errors import InputError
from mmviz.files.devices import read_device
from mmviz.files.foreign import traces
from mmviz.files.recordings import reading
from mmviz.state.export import ExportChoice
from mmviz.state.recording.opening import beginning_with, last_of
from mmviz.state.session import Session
from mmviz.text import N_

NOT_OF_IT = ("batch", "training", "tile", "order")
"""Options that say what a pass is and how it is cut: a recording tells both."""


def wanted(
    options: argparse.Namespace, choice: ExportChoice | None
) -> tuple[Session, Recording | None]:
    """The session, and the recording that is looked at, None for none; raises InputError.

    A recording is named in the place of a network; of the part "recording" it is else the last one
    of that pass.
    """
    product = parse_count(options.product, "--product")
    if os.path.isfile(options.network):
        if reading.holds_one(options.network):
            return _recorded(options, reading.read(options.network), choice, product)
        if traces.is_foreign_file(options.network):
            said = N_("{path} is of another tool: mmviz trace {path} --shape MxNxK -o A.npz first")
            raise InputError(said, path=options.network)
    session = _session(read_request(options, options.network, as_shown=True), product)
    if choice is None or choice.part != "recording" or options.lesson is not None:
        return session, None
    recording = last_of(session.timed)
    if recording is None:
        raise InputError(
            N_(
                "no data: no recording of this pass is kept on this computer; record it in the "
                "window, or by mmviz trace … --record cpu-tiles -o FILE.npz and name that file here"
            )
        )
    if options.device is None:  # the one that the window holds it against
        session = replace(session, device=beginning_with(recording).device)
    return session, recording


def _recorded(
    options: argparse.Namespace, recording: Recording, choice: ExportChoice | None, product: int
) -> tuple[Session, Recording]:
    given = [name for name in NOT_OF_IT if getattr(options, name)]
    for name in (*given, *getattr(options, "asked", ())):
        said = N_("--{option} belongs to a network: a recording is as it ran")
        raise InputError(said, option=name)
    session = replace(beginning_with(recording), product=product - 1)
    if options.device is not None:
        session = replace(session, device=read_device(options.device).id)
    if choice is not None:  # of what stands for both, what ran
        session = replace(session, schedule="recorded")
    return _checked(session, product), recording


def _session(request: Request, product: int) -> Session:
    setup = request.setup
    session = Session(
        network=request.file.network,
        batch=setup.batch,
        training=setup.training,
        dtype=setup.dtype,
        device=setup.device.id,
        tile=setup.tile,
        order=setup.order or "",
        product=product - 1,
        preset=request.file.id,
        about=request.file.about,
        source=request.file.source,
        budget_s=request.file.budget_s,
    )
    return _checked(session, product)


def _checked(session: Session, product: int) -> Session:
    if product > session.products:
        raise InputError(
            N_("--product {product}: the pass has {products} products"),
            product=product,
            products=session.products,
        )
    return session
