"""Sessions of other windows, whose place another one's took: offered back in the networks' menu."""

from __future__ import annotations

from collections.abc import Sequence

from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMenu

from mmviz.files.window_files import KeptSession
from mmviz.state.session import Session
from mmviz.text import N_, NOTHING, P_, Text
from mmviz.ui.look.tell import tell
from mmviz.ui.shell.controller import Controller
from mmviz.words.earlier import moment

MENU = N_("Sessions of other windows")


def offer(controller: Controller, kept: Sequence[tuple[KeptSession, Session]]) -> None:
    """Put them into the menu. Opening one is an edit, which can be undone."""
    window = controller.window
    networks = window.top.preset.menu()
    if not kept or networks is None:
        return
    menu = tell(QMenu(networks), window.words, head=MENU)
    menu.setObjectName("sessions")
    for one, session in kept:
        action = tell(QAction(menu), window.words, text=label(one, session))
        action.triggered.connect(
            lambda _=False, session=session: controller.set_out(lambda _: session)
        )
        menu.addAction(action)
    networks.addMenu(menu)


def label(kept: KeptSession, session: Session) -> Text:
    """What it is of, and when it was edited last."""
    when = moment(kept.changed_s)
    name = session.network.name
    if not session.network.has_batch:
        return Text("{name} · {when}", name=name, when=when)
    said = N_("{name}, batch {batch:group} · {when}")
    return Text(said, name=name, batch=session.batch, when=when)


def news(kept: Sequence[tuple[KeptSession, Session]], told: Sequence[str]) -> Text:
    """The sentence of those that the user was not told of."""
    new = [session.network.name for one, session in kept if one.window not in told]
    if not new:
        return NOTHING
    return Text(
        P_(
            "the session of another window, {name}, is kept: in the menu of networks, below Save",
            "sessions of {n} other windows, {name} among them, are kept: in the menu of networks, "
            "below Save",
        ),
        n=len(new),
        name=new[0],
    )
