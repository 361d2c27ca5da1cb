"""A language is a value: how it is asked for, where its catalogue lies, and that it is whole."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import catalogues
import pytest
from babel.messages.catalog import Catalog
from pseudo import LANGUAGE, catalogue, pseudo, write

from mmviz.errors import InputError
from mmviz.text import N_, P_, Text, joined, own, visible
from mmviz.words.speech import ENGLISH, SOURCE, asked, folders, languages, own_name, speak

GREETING = Text(N_("{n:group} tile"), n=3)


def write_to(folder: Path, language: str, texts: dict[str | tuple[str, str], object]) -> None:
    made = Catalog(fuzzy=False)
    for msgid, said in texts.items():
        made.add(msgid, said)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{language}.po").write_text(catalogues.text_of(made), encoding="utf-8")


@pytest.fixture
def own_folder(user_folders: Path) -> Path:
    """Where the user may put a language of their own."""
    folder = folders()[1]
    assert folder.is_relative_to(user_folders)
    return folder


def test_a_language_is_one_catalogue(tmp_path: Path) -> None:
    tiles = ("{n:group} tile", "{n:group} tiles")
    texts = {
        "no data": "nichts",
        "on {device}": "auf {device}",
        tiles: ("{n} Kachel", "{n} Kacheln"),
    }
    write_to(tmp_path, "de", texts)
    words = speak("de", [tmp_path])
    assert words(Text(N_("on {device}"), device=Text(N_("no data")))) == "auf nichts"
    assert words(Text(N_("on {device}"), device=None)) == "auf nichts"
    assert [words(Text(P_(*tiles), n=n)) for n in (1, 2)] == ["1 Kachel", "2 Kacheln"]
    assert words(Text(N_("never translated"))) == "never translated"
    assert words(own("no data")) == words("no data") == "no data"
    parts = (Text(N_("no data")), own("x"), Text(""))
    assert words(joined(parts, "commas")) == "nichts, x"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("a100", "在 a100 上的时间"),
        (Text(N_("no data")), "在本机上的时间"),
        (own("\u201c本机\u201d"), "在 \u201c本机\u201d 上的时间"),
    ],
)
def test_chinese_has_a_blank_beside_latin_letters_alone(
    tmp_path: Path, value: object, said: str
) -> None:
    """Its translation cannot know whether a value is Chinese."""
    texts = {"on {device}": "在 {device} 上的时间", "no data": "本机"}
    write_to(tmp_path, "zh_CN", {**texts, "of {device}": "{device}中"})
    words = speak("zh_CN", [tmp_path])
    assert words(Text(N_("on {device}"), device=value)) == said
    assert words(Text(N_("of {device}"), device="SM")) == "SM 中"
    assert words(Text(N_("of {device}"), device=Text(N_("no data")))) == "本机中"
    assert words(own("本 机")) == "本 机"  # a name stays as it is


def test_what_parts_two_values_is_said_in_the_language(tmp_path: Path) -> None:
    write_to(tmp_path, "zh_CN", {": ": "\uff1a", "; ": "\uff1b", "no data": "没有数据"})
    words, no_data = speak("zh_CN", [tmp_path]), Text(N_("no data"))
    assert words(Text("{name}: {why}; {then}", name="fc6", why=no_data, then=1)) == (
        "fc6\uff1a没有数据\uff1b1"
    )
    assert words(Text("not translated {name}: {why}", name="fc6", why=1)) == "not translated fc6: 1"
    assert words(Text("({m}, {n})", m=1, n=2)) == "(1, 2)"


def test_english_needs_no_catalogue() -> None:
    assert speak(SOURCE) is ENGLISH
    assert languages()[0] == SOURCE


@pytest.mark.parametrize("language", ["", "xx", "../de", "en_US.UTF-8", "a b", "\0"])
def test_an_unknown_language_is_an_error(language: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"unknown language .* known are en"):
        speak(language, [tmp_path])


SPOILT = (
    "no catalogue at all",
    'msgid "a',
    '"a text of nobody\'s"',
    'msgid "a"\nmsgid "b"\nmsgstr "c"',
    'msgid "a"\nmsgstr "c"\nmsgstr "d"',
    'msgid "a"\nmsgstr[x] "c"',
    "msgid 'a'",
    "\0",
)
RULES = ("(n != !1)", "(" * 200 + "n" + ")" * 200, "n" * 2000, "import os", "\x1b[31m", "n.x")


@pytest.mark.parametrize("text", SPOILT)
def test_a_spoilt_catalogue_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "de.po").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot read .*de\.po: "):
        speak("de", [tmp_path])


def test_a_catalogue_is_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_bytes('msgid "sum"\nmsgstr "für"\n'.encode("latin-1"))
    with pytest.raises(InputError, match=r"cannot read .*de\.po: "):
        speak("de", [tmp_path])


@pytest.mark.parametrize("rule", RULES)
def test_a_catalogue_with_a_wrong_rule_of_plurals_is_an_error(tmp_path: Path, rule: str) -> None:
    """Its head is the text of no msgid; babel would write a right one."""
    head = f'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural={rule};\\n"\n'
    (tmp_path / "de.po").write_text(head, encoding="utf-8")
    with pytest.raises(InputError, match=r"cannot read .*de\.po: its rule of plurals") as refused:
        speak("de", [tmp_path])
    assert str(refused.value).isprintable()


def test_a_rule_of_plurals_that_divides_by_nothing_says_it_in_english(tmp_path: Path) -> None:
    (tmp_path / "de.po").write_text(PLURALS.format("(n % 0)"), encoding="utf-8")
    assert speak("de", [tmp_path])(Text(("{n} a", "{n} b"), n=2)) == "2 b"


@pytest.mark.parametrize(
    ("rule", "said"), [("n != 1", "2 y"), ("0", "2 x"), ("n > 2", "2 x"), ("7", "2 b")]
)
def test_the_rule_of_plurals_chooses_the_form(tmp_path: Path, rule: str, said: str) -> None:
    (tmp_path / "de.po").write_text(PLURALS.format(rule), encoding="utf-8")
    assert speak("de", [tmp_path])(Text(("{n} a", "{n} b"), n=2)) == said


PLURALS = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural={};\\n"

msgid "{{n}} a"
msgid_plural "{{n}} b"
msgstr[0] "{{n}} x"
msgstr[1] "{{n}} y"
"""


def test_what_is_no_translation_yet_is_said_in_english(tmp_path: Path) -> None:
    """As editors write it: unsure, without one, of another context, no longer in the program."""
    (tmp_path / "de.po").write_text(
        """
#, fuzzy, python-brace-format
msgid "a"
msgstr "unsicher"

#. for translators
#: mmviz/x.py
#, python-brace-format
#| msgid "was b"
msgid "b"
msgstr "zwei"
msgid "c"
msgstr ""
msgctxt "elsewhere"
msgid "d"
msgstr "nie"

#~ msgid "e"
#~ msgstr "vorbei"

msgid ""
"a \\"long\\" text\\n"
"of two lines"
msgstr ""
"ein \\\\ \\"langer\\" Text\\n"
"auf zwei Zeilen"
""",
        encoding="utf-8",
    )
    words = speak("de", [tmp_path])
    assert [words(Text(msgid)) for msgid in "abcde"] == ["a", "zwei", "c", "d", "e"]
    assert words(Text('a "long" text\nof two lines')) == 'ein \\ "langer" Text\nauf zwei Zeilen'


@pytest.mark.parametrize("said", ["{x}", "{n:groop}", "{n", "{n!z}", "{n.x}", "{n:99999999999}"])
def test_a_wrong_translation_is_said_in_english(tmp_path: Path, said: str) -> None:
    write_to(tmp_path, "de", {("{n:group} tile", "{n:group} tiles"): (said, said)})
    words = speak("de", [tmp_path])
    assert words(Text(P_("{n:group} tile", "{n:group} tiles"), n=2)) == "2 tiles"


STEERS = ("\x1b[2J", "\x07", "\x9b31m", "a\nb", "\u202eabc", "\u2066", "\u200b", "\u2028", "\udcff")


@pytest.mark.parametrize("text", STEERS, ids=ascii)
def test_signs_that_steer_are_shown_as_python_writes_them(text: str) -> None:
    shown = str(Text(N_("of {x} and {y:.20} in {z:commas}"), x=text, y=text, z=(text, own(text))))
    assert shown.isprintable()
    assert shown.count(text.encode("unicode_escape").decode()) == 4
    assert ENGLISH(text) == text.encode("unicode_escape").decode()


def test_what_is_seen_stays_as_it_is() -> None:
    for text in (
        "Ω · 12\u202f345 ± 3 %",
        "日本語",
        "عربي",
        "👩\u200d🔬",
        "a\u00a0b",
        "<b>&amp;</b>",
    ):
        assert visible(text) == text


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "de_AT.UTF-8"}, "de"),
        ({"LANG": "de@euro"}, "de"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "de", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "de_DE"}, "de"),
        ({"LANG": "de", "LANGUAGE": "fr:de"}, "de"),
        ({"LANG": "de", "LANGUAGE": "en_GB:de"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "de", "MMVIZ_LANGUAGE": "zh"}, "zh_CN"),
        ({"LANG": "de", "MMVIZ_LANGUAGE": "zh-cn"}, "zh_CN"),
        ({"LANG": "de", "MMVIZ_LANGUAGE": "en"}, "en"),
        ({"LANG": "de", "MMVIZ_LANGUAGE": ""}, "de"),
    ],
)
def test_what_the_environment_asks_for(
    environment: dict[str, str], language: str, own_folder: Path
) -> None:
    write_to(own_folder, "de", {"no data": "nichts"})
    assert asked(environment).language == language


@pytest.mark.parametrize(
    ("chosen", "environment", "language"),
    [
        ("auto", {"LANG": "de"}, "de"),
        ("en", {"LANG": "de"}, "en"),
        ("zh_CN", {"LANG": "de"}, "zh_CN"),
        ("zh_CN", {"LANG": "de", "MMVIZ_LANGUAGE": "de"}, "de"),
        ("xx", {"LANG": "de"}, "de"),
        ("", {}, "en"),
        ("../de", {}, "en"),
    ],
)
def test_what_was_chosen_comes_before_the_system(
    chosen: str, environment: dict[str, str], language: str, own_folder: Path
) -> None:
    write_to(own_folder, "de", {"no data": "nichts"})
    assert asked(environment, chosen).language == language


def test_a_language_has_a_name_of_its_own(own_folder: Path) -> None:
    write_to(own_folder, "de", {"English": "Deutsch"})
    write_to(own_folder, "eo", {"no data": "neniu"})
    (own_folder / "fr.po").write_text("spoilt", encoding="utf-8")
    names = {id: own_name(id) for id in languages()}
    assert names == {
        "en": "English", "de": "Deutsch", "eo": "eo", "fr": "fr", "zh_CN": "简体中文"
    }  # fmt: skip


def test_windows_is_asked_where_no_variable_says_it(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_to(own_folder, "de", {"no data": "nichts"})
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: 0x0407)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("ctypes.windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert asked({}).language == "de"
    assert asked({"LANG": "fr"}).language == "en"


def test_an_unknown_language_asked_for_by_name_is_an_error() -> None:
    with pytest.raises(InputError, match="unknown language 'xx'"):
        asked({"MMVIZ_LANGUAGE": "xx"})


def test_the_template_has_what_is_marked_in_the_source() -> None:
    """Write it anew with `python tests/plugins/catalogues.py`."""
    written = {message.id for message in catalogues.messages(catalogues.read(catalogues.TEMPLATE))}
    marked = {message.id for message in catalogues.messages(catalogues.extract())}
    assert (sorted(map(str, marked - written)), sorted(map(str, written - marked))) == ([], [])


def test_every_translation_is_sound() -> None:
    for language, path in catalogues.translations():
        assert catalogues.faults(catalogues.read(path, language)) == []


@pytest.mark.parametrize(
    ("msgid", "said", "fault"),
    [
        ("on {device}", "auf {gerät}", "no value {gerät}"),
        ("on {device}", "auf", "{device} is missing"),
        ("{n:group} rows", "{n} Zeilen", "no value {n}"),
        ("{x!r:.60}", "{x:.60}", "no value {x:.60}"),
        ("on {device}", "auf {device", "expected '}' before end of string"),
        (("{n} tile of {m}", "{n} tiles of {m}"), ("eine Kachel", "{n} von {m}"), "{m} is missing"),
    ],
)
def test_a_translation_has_the_values_of_its_msgid(msgid: object, said: object, fault: str) -> None:
    bad = Catalog(fuzzy=False)
    bad.add(msgid, said)
    assert any(fault in found for found in catalogues.faults(bad))


def test_a_sound_translation_may_turn_the_values_round() -> None:
    good = Catalog(fuzzy=False)
    good.add("{a} of {b:group}", "{b:group}: {a}")
    good.add(("{n} tile", "{n} tiles"), ("eine Kachel", "{n} Kacheln"))
    good.add("Hide {title:small}", "{title} ausblenden")
    good.add("not yet", "")
    assert catalogues.faults(good) == []


def test_the_pseudo_language_keeps_values_and_is_longer() -> None:
    assert pseudo("{n:group} tiles") == "⟦{n:group} ŧíłéš~~⟧"
    template = catalogues.extract()
    assert catalogues.faults(catalogue(template)) == []
    for message in catalogues.messages(template):
        for text in catalogues.forms(message.id):
            letters = any(map(str.isalpha, re.sub(r"\{.*?\}", "", text)))
            assert len(pseudo(text)) >= len(text) + (2 if letters else 0)


def test_all_that_is_marked_can_be_said(tmp_path: Path) -> None:
    words = speak(LANGUAGE, [write(tmp_path, catalogues.extract())])
    assert words(GREETING).startswith("⟦3 ŧíłé")


def test_a_whole_number_is_grouped_unless_it_is_no_amount() -> None:
    assert str(Text(N_("{n} tiles of {m:group}"), n=12345, m=12345)) == (
        "12\u202f345 tiles of 12\u202f345"
    )
    assert str(Text(N_("line {line:d}"), line=12345)) == "line 12345"
    assert str(Text(N_("{right}"), right=True)) == "True"


def test_no_text_groups_digits_in_a_way_of_its_own() -> None:
    texts = [
        msgid
        for message in catalogues.messages(catalogues.extract())
        for msgid in catalogues.forms(message.id)
    ]
    assert len(texts) > 1000
    assert [text for text in texts if re.search(r"\{[^}]*:[,_]", text)] == []
