"""Finds what is said in the source without being marked, by walking the syntax trees.

A text is marked where it is the argument of `N_` or `P_`. `unmarked` looks at every place a text
can leave the program: an exception, print, a parser of the command line, a setter of Qt's. It
follows names and functions within the module, so a text is found also where it was made above.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MARKS = frozenset({"N_", "P_"})
ERRORS = frozenset({"MmvizError", "InputError", "Unavailable", "BenchError"})
"""Shown to the user; a ValueError or a RuntimeError is said to who calls a function wrongly."""
PARSERS = frozenset({"add_argument", "add_parser", "add_argument_group", "Parser"})
SAID_BY_PARSERS = frozenset({"help", "description", "epilog", "metavar", "title"})
WRITERS = frozenset({"print", "write", "complain"})
QT = frozenset(
    {
        *("setText", "setToolTip", "setStatusTip", "setWhatsThis", "setWindowTitle", "setTitle"),
        *("setAccessibleName", "setAccessibleDescription", "setPlaceholderText", "setPrefix"),
        *("setSuffix", "setSpecialValueText", "setItemText", "setTabText", "setHtml"),
        *("setVerticalHeaderLabels", "setHorizontalHeaderLabels", "showText", "showMessage"),
        *("addAction", "addMenu", "addItems", "addTab", "addSection", "addRow"),
        *("drawText", "QLabel", "QAction", "QCheckBox", "QRadioButton", "QMenu", "QPushButton"),
        *("QGroupBox", "QDockWidget", "QToolButton", "QMessageBox", "QStaticText", "QInputDialog"),
        *("getOpenFileName", "getSaveFileName", "getText", "critical", "warning", "question"),
        *("tell", "heading", "muted", "say", "CountBox", "write_in"),  # the house's own
    }
)
FIRST = {"addItem": 0, "Dock": 2}
"""Of these only that argument: the others are ids."""
NAMES = frozenset({"mmviz", "FLOP"})
"""Said the same in every language."""
_PLACE = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, order=True)
class Found:
    """One unmarked text, or another rule broken."""

    line: int
    text: str


def speaks(text: str) -> bool:
    """Whether there is something to translate in it: a word, not a letter such as m, n or s."""
    rest = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", _PLACE.sub("", text))
    return any(word not in NAMES for word in re.findall(r"[^\W\d_]{2,}", rest))


def unmarked(tree: ast.Module) -> list[Found]:
    """Texts that reach an exception, print, a parser or Qt without being marked."""
    module = _Module.of(tree)
    return sorted({found for call in _calls(tree) for found in _Reach(module, call).found()})


def misuses(tree: ast.Module) -> list[Found]:
    """Marks that cannot be extracted, Texts made of finished strings, Texts joined or parsed."""
    return sorted(set(_misuses(tree)))


def _misuses(tree: ast.Module) -> Iterator[Found]:
    for call in _calls(tree):
        name = _name(call.func)
        if name in MARKS:
            for argument in call.args:
                if not isinstance(argument, ast.Constant) or not isinstance(argument.value, str):
                    yield Found(call.lineno, f"{name} of what is no literal cannot be extracted")
        if name == "Text" and call.args and _finished(call.args[0]):
            yield Found(call.lineno, "a Text is made of a marked msgid and values")
        if isinstance(call.func, ast.Attribute):
            if name == "join" and any(_makes_text(x) for x in call.args):
                yield Found(call.lineno, "Texts are joined by joined()")
            if name in PARTING and _rendered(call.func.value):
                yield Found(call.lineno, f"a sentence is parsed by {name}")


PARTING = frozenset(
    {"removesuffix", "removeprefix", "partition", "rpartition", "replace", "startswith", "endswith"}
)


def _finished(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        return True
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and speaks(node.value)


def _makes_text(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return _name(node.func) in {"Text", "own", "joined"}
    if isinstance(node, ast.List | ast.Tuple):
        return any(map(_makes_text, node.elts))
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        return _makes_text(node.elt)
    return False


def _rendered(node: ast.expr) -> bool:
    """`words(…)` and `str(error)`."""
    if not isinstance(node, ast.Call):
        return False
    name = _name(node.func)
    if name in {"words", "_words"}:
        return True
    one = node.args[0] if len(node.args) == 1 else None
    return name == "str" and isinstance(one, ast.Name) and one.id in {"error", "refusal"}


@dataclass(frozen=True)
class _Value:
    """Goes into a text, and is none."""

    node: ast.expr


@dataclass(frozen=True)
class _Module:
    """All nodes of a module, and of each function of it, with the names it gives a value to."""

    nodes: list[ast.AST]
    functions: list[tuple[list[ast.AST], set[int], set[str]]]

    @classmethod
    def of(cls, tree: ast.Module) -> _Module:
        nodes = list(ast.walk(tree))
        functions = []
        for node in nodes:
            if isinstance(node, ast.FunctionDef):
                inner = list(ast.walk(node))
                names = {
                    x.id for x in inner if isinstance(x, ast.Name) and isinstance(x.ctx, ast.Store)
                }
                functions.append((inner, {id(x) for x in inner}, names))
        return cls(nodes, functions)

    def scope(self, call: ast.Call, name: str) -> list[ast.AST]:
        """The function around the call where the name is given a value there, else the module."""
        for inner, ids, names in self.functions:
            if name in names and id(call) in ids:
                return inner
        return self.nodes


@dataclass
class _Reach:
    """What one call says, followed back within its module."""

    module: _Module
    call: ast.Call
    seen: set[str] = field(default_factory=set)
    values: bool = False

    def found(self) -> Iterator[Found]:
        for node in self._said():
            yield from self._given(node) if isinstance(node, _Value) else self._look(node)

    def _given(self, value: _Value) -> Iterator[Found]:
        """A value of a Text is data; written on the spot it is a text all the same."""
        before, self.values = self.values, True
        yield from self._look(value.node)
        self.values = before

    def _said(self) -> Iterator[ast.expr | _Value]:
        call, name = self.call, _name(self.call.func)
        if name in PARSERS:
            for keyword in call.keywords:
                notation = keyword.arg == "metavar" and _notation(keyword.value)
                if keyword.arg in SAID_BY_PARSERS and not notation:
                    yield keyword.value
        elif name in FIRST:
            yield from call.args[FIRST[name] :][:1]
        elif name in ERRORS or name in QT:
            yield from call.args
            yield from (_Value(k.value) for k in call.keywords if k.arg is not None)
        elif name in WRITERS:
            yield from call.args

    def _look(self, node: ast.expr) -> Iterator[Found]:
        match node:
            case ast.Constant(value=str(text)):
                if speaks(text) and text[0] not in "-.":
                    yield Found(node.lineno, text)
            case ast.JoinedStr(values=values):
                text = "".join(v.value for v in values if isinstance(v, ast.Constant))
                if speaks(text):
                    yield Found(node.lineno, text)
                for value in values:
                    if isinstance(value, ast.FormattedValue):
                        yield from self._look(value.value)
            case ast.IfExp(body=body, orelse=other):
                yield from self._look(body)
                yield from self._look(other)
            case ast.BinOp(left=left, right=right):
                yield from self._look(left)
                yield from self._look(right)
            case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
                for value in values:
                    yield from self._look(value)
            case ast.Starred(value=value) | ast.NamedExpr(value=value):
                yield from self._look(value)
            case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element):
                yield from self._look(element)
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield from self._followed(name)
            case ast.Call():
                yield from self._called(node)

    def _called(self, call: ast.Call) -> Iterator[Found]:
        name = _name(call.func)
        if name in MARKS:
            return
        if name in {"Text", "own", "joined", "words", "_words", "str", "join", "dict"}:
            for value in call.args[: 1 if name == "joined" else None]:  # the second one says how
                yield from self._look(value)
            for keyword in call.keywords:
                yield from self._given(_Value(keyword.value))
        else:
            yield from self._followed(name)

    def _followed(self, name: str) -> Iterator[Found]:
        """What is given to that name, or given back by that function, in this module."""
        if not name or name in self.seen or self.values:
            return
        self.seen.add(name)
        for node in self.module.scope(self.call, name):
            match node:
                case ast.Assign(targets=[ast.Name(id=to)], value=value) if to == name:
                    yield from self._look(value)
                case ast.AugAssign(target=ast.Name(id=to), value=value) if to == name:
                    yield from self._look(value)
                case ast.AnnAssign(target=ast.Name(id=to), value=ast.expr() as value) if to == name:
                    yield from self._look(value)
                case ast.FunctionDef(name=to, returns=kind) if to == name and _gives_str(kind):
                    for inner in ast.walk(node):
                        if isinstance(inner, ast.Return) and inner.value is not None:
                            yield from self._look(inner.value)


def _gives_str(returns: ast.expr | None) -> bool:
    return returns is not None and ast.unparse(returns) in {"str", "list[str]", "str | None"}


def _notation(node: ast.expr) -> bool:
    """'MxN', 'B', 'F.csv': a place in a pattern, not a word."""
    if not isinstance(node, ast.Constant):
        return False
    text = str(node.value).removesuffix(".csv").removesuffix(".toml")
    return not re.search(r"[^\W\d_]{3}", text) or re.fullmatch("[A-Z](x[A-Z])+", text) is not None


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
