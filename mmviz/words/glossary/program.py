"""Words of the program's own making, for who reads its code; the window shows none of them."""

from __future__ import annotations

from mmviz.text import N_
from mmviz.words.glossary.term import Group, Term

PROGRAM = Group(
    "program",
    N_("In the program"),
    (
        Term(
            "session",
            N_("session"),
            N_("everything the user wants"),
            seen=(),
            types=("Session",),
        ),
        Term(
            "facts",
            N_("facts"),
            N_("everything that was found out, by the setup it belongs to"),
            seen=(),
            types=("Facts",),
        ),
        Term(
            "view",
            N_("view"),
            N_("what one panel shows, frozen; made by a `Part` from the few values it needs"),
            seen=(),
        ),
        Term(
            "snapshot",
            N_("snapshot"),
            N_("the views of all panels, each made when it is first shown"),
            seen=(),
        ),
        Term(
            "wish",
            N_("wish"),
            N_("what the user wants next; the newest counts, and what it overtakes is never shown"),
            seen=(),
            types=("Wishes",),
        ),
        Term(
            "beside",
            N_("beside"),
            N_("in a thread, while the window goes on"),
            seen=(),
            types=("Beside",),
        ),
        Term(
            "errand",
            N_("errand"),
            N_(
                "what is fetched beside the window on somebody's word: a file is read, a race is "
                "lined up"
            ),
            seen=(),
            types=("Errand",),
        ),
        Term(
            "notice",
            N_("notice"),
            N_("the one sentence to the user that lies over the window"),
            seen=(),
            types=("Notice",),
        ),
        Term(
            "othersession",
            N_("other session"),
            N_(
                "the session of a closed window whose place another one's took, offered in the "
                "menu of networks"
            ),
            seen=(),
            types=("KeptSession",),
        ),
        Term(
            "aside",
            N_("aside"),
            N_("where a file goes that was not understood: beside its place, under another name"),
            seen=(),
        ),
        Term(
            "desk",
            N_("desk"),
            N_("what owns the timing child, lends it to one at a time, and says who has it"),
            seen=(),
            types=("Desk",),
        ),
        Term(
            "panel",
            N_("panel, workspace"),
            N_("a place in the window that shows a view; which panels stand where"),
            seen=(),
        ),
        Term(
            "provenance",
            N_("provenance"),
            N_("what a number rests on; it travels with it, and every label is made of it"),
            seen=(),
            types=("Provenance",),
        ),
        Term(
            "text",
            N_("text"),
            N_("what is to be said, before it is in a language"),
            seen=(),
            types=("Text",),
        ),
        Term(
            "words",
            N_("words"),
            N_("a language: call it with a Text"),
            seen=(),
            types=("Words",),
        ),
    ),
    shown=False,
)
