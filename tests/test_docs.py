"""What the documents say of the program is so."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/found.md",
    "docs/glossary.md",
    "docs/languages.md",
    "docs/learning.md",
    "docs/lessons.md",
)


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_files_that_are_named_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:mmviz|tests|assets|docs|benchmarks)/[\w./-]*)`", text)
    examples = re.compile("/yours|/de.po|/ID.po")
    missing = [name for name in named if not (ROOT / name).exists() and not examples.search(name)]
    assert missing == []


def test_the_drawing_is_of_the_rooms_there_are() -> None:
    house = runpy.run_path(str(ROOT / "docs" / "house.py"))
    assert (ROOT / "docs" / "house.svg").read_text(encoding="utf-8") == house["house"]()
    drawn = {name for names, _ in house["ROOMS"] for name in names.split(" · ")}
    there = {path.stem for path in (ROOT / "mmviz").iterdir() if path.stem[0] not in "_."}
    assert drawn == there


def test_the_page_of_words_is_of_the_words_that_are_shipped() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "glossary.py"))
    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert page == made["page"](), "run python docs/glossary.py"


def test_every_quantity_stands_on_the_page_of_lessons() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "lessons.py"))
    page = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
    assert page == made["page"](page), "run python docs/lessons.py"
    assert "| `waves` |" in page


def test_what_was_found_wrong_is_told_as_it_is_said_now() -> None:
    made = runpy.run_path(str(ROOT / "docs" / "found.py"))
    page = (ROOT / "docs" / "found.md").read_text(encoding="utf-8")
    assert page == made["page"](), "run python docs/found.py"
    assert "](docs/found.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["Network", "Gemm", "Trace", "Setup", "Provenance", "Words"])
def test_types_of_the_glossary_exist(word: str) -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "mmviz").rglob("*.py"))
    glossary = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    types = re.findall(r"`([A-Z]\w+)`", glossary)
    assert word in types
    assert [name for name in types if not re.search(rf"\bclass {name}\b", sources)] == []
