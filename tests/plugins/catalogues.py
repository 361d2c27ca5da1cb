"""Catalogues for translators: what is marked in the source, gathered and checked.

    python tests/plugins/catalogues.py          write mmviz.pot, bring each .po up to date
    python tests/plugins/catalogues.py de       the same, and begin a de.po where there is none

A language is one file, `mmviz/words/catalogues/ID.po`, which people write and the program reads.
"""

from __future__ import annotations

import functools
import io
import re
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "mmviz" / "words" / "catalogues"
TEMPLATE = CATALOGUES / "mmviz.pot"
KEYWORDS = {"N_": None, "P_": (1, 2)}
HEADER = "# What mmviz says. Free software under the GPL, version 3, as mmviz is."
NO_VALUE = ("POT-Creation-Date", "PO-Revision-Date", "Last-Translator", "Language-Team")
NO_VALUE += ("Report-Msgid-Bugs-To", "Generated-By", "Project-Id-Version")
LETTERS = ("", None, "capital", "small")  # a translation may leave them as they are
_UNBROKEN = 10_000  # characters a line


def abouts() -> Iterator[tuple[str, str]]:
    """What files that come with mmviz say of themselves, and the file."""
    for path in sorted((ROOT / "assets").glob("*/*.*")):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith(("assets/presets/", "assets/devices/")):
            said = re.search(r'^(?:# about: |about = ")(.*?)"?$', path.read_text("utf-8"), re.M)
            if said is not None:
                yield said[1], place


@functools.cache
def extract(folder: Path = ROOT / "mmviz") -> Catalog:
    """All that is marked below `folder`, with the files it stands in; of mmviz itself also what its
    files say of themselves.
    """
    found = Catalog(project="mmviz", version=" ", header_comment=HEADER, fuzzy=False)
    marked = extract_from_dir(folder, [("**.py", "python")], keywords=KEYWORDS)
    for file, _, msgid, _, _ in marked:
        place = (folder / file).relative_to(folder.parent).as_posix()
        message = found.add(msgid, locations=[(place, 0)])
        message.flags.discard("python-format")  # a per cent sign is one
        if any(map(placeholders, forms(message.id))):
            message.flags.add("python-brace-format")
    for about, place in abouts() if folder == ROOT / "mmviz" else ():
        found.add(about, locations=[(place, 0)]).flags.discard("python-format")
    return found


def text_of(catalogue: Catalog, *, located: bool = True) -> str:
    """The catalogue as a .po or .pot, without what changes from day to day. located: with the
    files that its texts stand in.
    """
    written = io.BytesIO()
    write_po(
        written,
        catalogue,
        width=_UNBROKEN,
        sort_output=True,
        include_lineno=False,
        no_location=not located,
    )
    lines = written.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{x}' for x in NO_VALUE)))


def read(path: Path, language: str | None = None) -> Catalog:
    """A .po or .pot."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="mmviz")


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
    for path in sorted(CATALOGUES.glob("*.po")):
        yield path.stem, path


def update(begin: list[str]) -> list[str]:
    """Write the template and each .po anew; what is wrong with them."""
    template = extract()
    CATALOGUES.mkdir(exist_ok=True)
    TEMPLATE.write_text(text_of(template), encoding="utf-8")
    for language in begin:
        path = CATALOGUES / f"{language}.po"
        if not path.exists():
            begun = Catalog(locale=language, project="mmviz", header_comment=HEADER, fuzzy=False)
            path.write_text(text_of(begun), encoding="utf-8")
    found = []
    for language, path in translations():
        catalogue = read(path, language)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        path.write_text(text_of(catalogue, located=False), encoding="utf-8")
        found += [f"{language}: {fault}" for fault in faults(catalogue)]
    return found


if __name__ == "__main__":
    wrong = update(sys.argv[1:])
    print("\n".join(wrong) or f"{len(list(messages(read(TEMPLATE))))} texts in {TEMPLATE}")
    sys.exit(1 if wrong else 0)
