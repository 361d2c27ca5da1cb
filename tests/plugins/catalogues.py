"""Catalogues for translators: what is marked in the source, gathered, checked and compiled.

    python tests/plugins/catalogues.py          write mmviz.pot, bring each .po up to date
    python tests/plugins/catalogues.py zh       the same, and begin a .po for zh where there is none

A language is one folder, `mmviz/words/catalogues/ID/LC_MESSAGES/`, with `mmviz.po`, which people
write, and `mmviz.mo`, which is made of it here and is what the program reads.
"""

from __future__ import annotations

import datetime
import functools
import io
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "mmviz" / "words" / "catalogues"
TEMPLATE = CATALOGUES / "mmviz.pot"
KEYWORDS = {"N_": None, "P_": (1, 2)}
MADE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # what a .mo says of its making
HEADER = "# What mmviz says. Free software under the GPL, version 3, as mmviz is."
NO_VALUE = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team")
NO_VALUE += ("Report-Msgid-Bugs-To", "Generated-By", "Project-Id-Version")
LETTERS = ("", None, "capital", "small")  # a translation may leave them as they are
_UNBROKEN = 10_000  # characters a line


@functools.cache
def extract(folder: Path = ROOT / "mmviz") -> Catalog:
    """All that is marked below `folder`, with the files it stands in."""
    found = Catalog(project="mmviz", version=" ", header_comment=HEADER, fuzzy=False)
    marked = extract_from_dir(folder, [("**.py", "python")], keywords=KEYWORDS)
    for file, _, msgid, _, _ in marked:
        place = (folder / file).relative_to(folder.parent).as_posix()
        message = found.add(msgid, locations=[(place, 0)])
        message.flags.discard("python-format")  # a per cent sign is one
        if any(map(placeholders, forms(message.id))):
            message.flags.add("python-brace-format")
    return found


def text_of(catalogue: Catalog) -> str:
    """The catalogue as a .po or .pot, without what changes from day to day."""
    written = io.BytesIO()
    write_po(written, catalogue, width=_UNBROKEN, sort_output=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{x}' for x in NO_VALUE)))


def read(path: Path, language: str | None = None) -> Catalog:
    """A .po or .pot."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="mmviz")


def compiled(catalogue: Catalog) -> bytes:
    """The catalogue as a .mo, the same bytes whenever it is made.

    A text without a translation is left out: Babel would write one of its English forms for all
    numbers of a language that has other plurals.
    """
    kept = Catalog(locale=catalogue.locale, fuzzy=False)
    kept.creation_date = kept.revision_date = MADE
    for message in messages(catalogue):
        if all(forms(message.string)) and not message.fuzzy:
            kept.add(message.id, message.string)
    written = io.BytesIO()
    write_mo(written, kept)
    return written.getvalue()


def messages(catalogue: Catalog) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalogue if message.id)


def forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """One text, or the forms for one and many."""
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> frozenset[str]:
    """'{n:group}', '{name!r:.60}', whatever its letters; ValueError where braces do not match."""
    return frozenset(
        "{" + name + (f"!{how}" if how else "") + (f":{look}" if look not in LETTERS else "") + "}"
        for _, name, look, how in string.Formatter().parse(text)
        if name is not None
    )


def faults(catalogue: Catalog) -> list[str]:
    """What is wrong with a translation, a line each.

    A placeholder the msgid has not would stop the program where the text is said; one that is left
    out hides a value. The form for one may say it in a word, without its number `n`.
    """
    found = []
    for message in messages(catalogue):
        said = [text for text in forms(message.string or "") if text]
        if not said:
            continue
        known = frozenset[str]().union(*map(placeholders, forms(message.id)))
        needed = (
            known
            if isinstance(message.id, str)
            else {x for x in known if x[1:3] not in ("n:", "n}")}
        )
        for text in said:
            try:
                has = placeholders(text)
            except ValueError as error:
                found.append(f"{text!r}: {error}")
                continue
            found += [f"{text!r}: no value {name}" for name in sorted(has - known)]
            found += [f"{text!r}: {name} is missing" for name in sorted(needed - has)]
    return found


def translations() -> Iterator[tuple[str, Path]]:
    """Every language there is a .po of, and its file."""
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/mmviz.po")):
        yield path.parent.parent.name, path


def update(begin: list[str]) -> list[str]:
    """Write the template, each .po and each .mo anew; what is wrong with them."""
    template = extract()
    CATALOGUES.mkdir(exist_ok=True)
    TEMPLATE.write_text(text_of(template), encoding="utf-8")
    for language in begin:
        path = CATALOGUES / language / "LC_MESSAGES" / "mmviz.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            begun = Catalog(locale=language, project="mmviz", header_comment=HEADER, fuzzy=False)
            path.write_text(text_of(begun), encoding="utf-8")
    found = []
    for language, path in translations():
        catalogue = read(path, language)
        catalogue.update(template, no_fuzzy_matching=True)
        path.write_text(text_of(catalogue), encoding="utf-8")
        path.with_suffix(".mo").write_bytes(compiled(catalogue))
        found += [f"{language}: {fault}" for fault in faults(catalogue)]
    return found


if __name__ == "__main__":
    wrong = update(sys.argv[1:])
    print("\n".join(wrong) or f"{len(list(messages(read(TEMPLATE))))} texts in {TEMPLATE}")
    sys.exit(1 if wrong else 0)
