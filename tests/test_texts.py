"""What mmviz says is marked, so that it can be said in another language.

A sentence is a `Text` of a msgid marked by `N_` or `P_`; it is put into words where it is shown.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Callable
from pathlib import Path

import catalogues
import pytest
from texts import Found, misuses, unmarked

ROOT = Path(__file__).parents[1]
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "mmviz").rglob("*.py")
    if "words" not in path.relative_to(ROOT / "mmviz").parts[:1]
    and path.name != "fake.py"  # the backend of tests, which plays a library that talks
)


@functools.cache
def tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text(encoding="utf-8"))


def report(module: str, found: list[Found]) -> str:
    return "\n".join(f"{module}:{one.line}: {one.text!r}" for one in found)


@pytest.mark.parametrize("module", MODULES)
def test_all_that_is_said_is_marked(module: str) -> None:
    assert report(module, unmarked(tree(module))) == ""


@pytest.mark.parametrize("module", MODULES)
def test_marks_are_used_as_they_are_meant(module: str) -> None:
    assert report(module, misuses(tree(module))) == ""


def test_a_quoted_value_has_an_end() -> None:
    """What is quoted is often a file's, and may be a megabyte."""
    msgids = [str(message.id) for message in catalogues.messages(catalogues.extract())]
    assert len(msgids) > 1_000
    assert [msgid for msgid in msgids if re.search(r"\{\w+!r(:(?!\.[0-9]).*?)?\}", msgid)] == []


def test_gettext_is_called_in_words_alone() -> None:
    def imported(module: str) -> set[str]:
        found: set[str] = set()
        for node in ast.walk(tree(module)):
            if isinstance(node, ast.Import):
                found |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(node.module or "")
        return found

    assert [m for m in MODULES if imported(m) & {"gettext", "locale"}] == []


@pytest.mark.parametrize(
    "code",
    [
        'raise InputError("no such thing")',
        'raise InputError(f"no {thing}")',
        'raise InputError(N_("no {thing}"), thing="thing here")',
        'raise Unavailable(N_("not here"), f"run: {command}")',
        'print("done")',
        'print(f"mmviz: stopped", file=sys.stderr)',
        'print("an" + f"{b}c")',
        'parser.add_argument("--json", help="as JSON")',
        'parser.add_argument("network", metavar="NETWORK")',
        'text = "time a network"\ncommands.add_parser("bench", help=text)',
        'label.setText("Batch")',
        'label.setToolTip(f"{n} tiles" if n else "")',
        'QLabel(", ".join(["one word", x]))',
        'combo.addItem("rows", "rows")',
        'TITLE = "Live timing"\ndef f():\n    self.setWindowTitle(TITLE)',
        'def f():\n    text = x\n    text += " and more"\n    label.setText(text)',
        'def f():\n    label.setText(_said(3))\ndef _said(n) -> str:\n    return f"{n} tiles"',
        'tell(label, text="batch")',
    ],
)
def test_an_unmarked_text_is_found(code: str) -> None:
    assert len(unmarked(ast.parse(code))) == 1


@pytest.mark.parametrize(
    "code",
    [
        'raise InputError(N_("no such thing"))',
        'raise InputError(N_("{what} is missing"), what="--batch", known=", ".join(NAMES))\n'
        'NAMES = ("one", "two")',
        'raise ValueError("a bug")',
        'print(f"{words(text)}: {units.size(n)}", file=sys.stderr)',
        'print("mmviz: ", "…", json.dumps({"key": 1}))',
        'parser.add_argument("--tile", metavar="MxN", dest="tile", help=N_("fix it"))',
        'label.setText(words(Text(P_("{n} tile", "{n} tiles"), n=3)))',
        'label.setObjectName("heading")',
        'combo.addItem(words(text), "rows")',
        'sys.stderr.write(f"\\r\\x1b[K{bar}")',
    ],
)
def test_what_is_marked_or_no_text_is_not_found(code: str) -> None:
    assert unmarked(ast.parse(code)) == []


@pytest.mark.parametrize(
    "code",
    [
        "N_(text)",
        'P_("{n} tile", many)',
        'N_(f"{n} tiles")',
        'Text(f"{n} tiles")',
        'Text("two words")',
        '", ".join(Text(N_("a")) for _ in range(3))',
        'words(title).removesuffix(", modelled")',
        'str(error).startswith("unknown")',
    ],
)
def test_a_misuse_is_found(code: str) -> None:
    assert len(misuses(ast.parse(code))) == 1


@pytest.mark.parametrize(
    "code",
    ['Text("{parts:dots}", parts=x)', "Text(KINDS[kind])", 'joined((a, b), "dots")', 'x.join("a")'],
)
def test_what_is_meant_is_no_misuse(code: str) -> None:
    check: Callable[[ast.Module], list[Found]] = misuses
    assert check(ast.parse(code)) == []
