"""`mmviz lessons`: which lessons there are, whether they are sound, what was guessed in them."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmviz.cli.complain import complain
from mmviz.cli.parser import Commands
from mmviz.cli.streams import put
from mmviz.cli.table import said_list, show
from mmviz.errors import InputError
from mmviz.files.exports import as_json
from mmviz.files.lessons import progress
from mmviz.files.lessons.format import SOURCE, Lesson, Said, Step, said_in
from mmviz.files.lessons.progress import Progress
from mmviz.files.lessons.shelf import Shelf, read_folder, read_shelf
from mmviz.files.settings import lesson_folders
from mmviz.state.lessons.checking import problems_of
from mmviz.text import N_, NOTHING, P_, Text, joined, own
from mmviz.words.names import track
from mmviz.words.speech import Words, speak

EXIT_UNSOUND = 1


def add_parser(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("lessons", help=N_("list the lessons, or check a folder of them"))
    parser.add_argument("--folder", metavar=N_("FOLDER"), help=N_("lessons of this folder, too"))
    parser.add_argument(
        "--check",
        metavar=N_("FOLDER"),
        help=N_("walk every lesson of this folder, and say what is wrong in a line each"),
    )
    parser.add_argument(
        *("--lang", "-l"),
        metavar=N_("LANGUAGE"),
        help=N_("titles in this language; with --check, which texts are not in it"),
    )
    parser.add_argument(
        "--export",
        metavar=N_("FILE.csv"),
        help=N_("what was guessed and came out, a step a row, without any name"),
    )
    parser.add_argument(
        "--forget", action="store_true", help=N_("delete what was guessed and came out")
    )
    parser.add_argument("--json", action="store_true", help=N_("as JSON"))
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List, check, export or forget; raises InputError."""
    asked = [name for name in ("check", "export", "forget") if getattr(options, name)]
    if len(asked) > 1:
        raise InputError(
            N_("{one} and {other} exclude each other"), one=f"--{asked[0]}", other=f"--{asked[1]}"
        )
    if options.forget:
        progress.forget()
        return 0
    if options.export:
        put(options.export, progress.as_csv(progress.read()))
        return 0
    language = options.lang or options.words.language
    if options.check:
        return _check(Path(options.check), options.lang, options)
    added = [Path(options.folder)] if options.folder else []
    shelf = read_shelf([*lesson_folders(), *added])
    _list(shelf, language, options)
    return 0


def _list(shelf: Shelf, language: str, options: argparse.Namespace) -> None:
    """One line a lesson: its id, its title, how long it takes, how far it was walked."""
    words = _spoken(language, options.words)
    kept = progress.read()
    if options.json:
        print(as_json([_json(lesson, kept) for lesson in shelf.lessons], indent=2))
    else:
        rows = [_row(lesson, kept, language) for lesson in shelf.lessons]
        show(said_list(rows, words))
    for problem in shelf.problems:
        complain(words, problem)


def _check(folder: Path, language: str | None, options: argparse.Namespace) -> int:
    """Exit code 1 where one of them cannot be walked, or lacks a text."""
    words = _spoken(language, options.words)
    if not folder.is_dir():
        raise InputError(N_("--check: there is no folder {path}"), path=str(folder))
    shelf = read_folder(folder, folder.name)
    others = read_shelf(lesson_folders())
    known = Shelf((*shelf.lessons, *others.lessons))
    found = {lesson.id: problems_of(lesson, known) for lesson in shelf.lessons}
    lacking = {
        lesson.id: missing_texts(lesson, language) if language else () for lesson in shelf.lessons
    }
    wrong = [*shelf.problems, *(one for some in found.values() for one in some)]
    wrong += [one for some in lacking.values() for one in some]
    if options.json:
        print(
            as_json(
                {
                    "folder": str(folder),
                    "lessons": [lesson.id for lesson in shelf.lessons],
                    "problems": [words(problem) for problem in wrong],
                },
                indent=2,
            )
        )
        return EXIT_UNSOUND if wrong else 0
    for problem in wrong:
        print(words(problem))
    said = P_("{n:group} lesson, {wrong}", "{n:group} lessons, {wrong}")
    count = Text(P_("{n:group} problem", "{n:group} problems"), n=len(wrong))
    print(words(Text(said, n=len(shelf.lessons) + shelf.unread, wrong=count)))
    return EXIT_UNSOUND if wrong else 0


def _spoken(language: str | None, words: Words) -> Words:
    """The words of that language where mmviz speaks it, else those of the run."""
    try:
        return speak(language) if language else words
    except InputError:
        return words


def missing_texts(lesson: Lesson, language: str) -> tuple[Text, ...]:
    """Which texts of a lesson are not in a language, a line each."""
    if language.partition("_")[0] == SOURCE:
        return ()
    found = []
    for step, key, said in texts_of(lesson):
        if language not in dict(said) and language.partition("_")[0] not in dict(said):
            where = Text(N_("{file}: step {step}"), file=f"{lesson.id}.toml", step=step)
            place: Text = where if step else own(f"{lesson.id}.toml")
            found.append(
                Text(
                    N_("{place}: {key} is not in {language}"),
                    place=place,
                    key=key,
                    language=language,
                )
            )
    return tuple(found)


def texts_of(lesson: Lesson) -> Sequence[tuple[str, str, Said]]:
    """All texts of a lesson, with the step and the key each stands at."""
    found = [("", "title", lesson.title), ("", "idea", lesson.idea)]
    for step in lesson.steps:
        found += [(step.id, key, said) for key, said in _of_step(step) if said]
    return found


def _of_step(step: Step) -> list[tuple[str, Said]]:
    options = [("options", option.text) for option in step.options]
    return [("ask", step.ask), ("tell", step.tell), ("hint", step.hint), *options]


def _row(lesson: Lesson, kept: Progress, language: str) -> tuple[Text, ...]:
    done = kept.done(lesson.id)
    said = P_("{done:group} of {n:group} step done", "{done:group} of {n:group} steps done")
    return (
        own(lesson.id),
        own(said_in(lesson.title, language)),
        Text(N_("{minutes} min"), minutes=lesson.minutes),
        own(lesson.folder) if lesson.folder else joined(tuple(map(track, lesson.track)), "items"),
        Text(said, done=done, n=len(lesson.steps)) if done else NOTHING,
    )


def _json(lesson: Lesson, kept: Progress) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "title": dict(lesson.title),
        "idea": dict(lesson.idea),
        "minutes": lesson.minutes,
        "track": list(lesson.track),
        "source": lesson.source,
        "folder": lesson.folder,
        "done": kept.done(lesson.id),
        "steps": [{"id": step.id, "kind": step.kind} for step in lesson.steps],
    }
