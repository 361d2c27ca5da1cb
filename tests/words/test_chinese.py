"""The Chinese catalogue: whole, and written as Chinese is."""

from __future__ import annotations

import re

import catalogues
import pytest

from mmviz.cli.lessons import texts_of
from mmviz.files import devices, networks
from mmviz.files.lessons.shelf import read_folder, shipped_folder
from mmviz.text import N_, Text, shipped
from mmviz.words.names import NAMES, spoken
from mmviz.words.speech import speak

PATH = catalogues.CATALOGUES / "zh_CN.po"
PLACE = re.compile(r"\{[^{}]*\}")
SAID = [
    (catalogues.forms(message.id)[0], text)
    for message in catalogues.messages(catalogues.read(PATH, "zh_CN"))
    for text in catalogues.forms(message.string or "")
    if text
]
HAN = r"[\u4e00-\u9fff]"
PUNCTUATION = re.compile(
    rf"{HAN}[,;:!?](?:\s|$)|{HAN}\.(?:\s|$)|(?<! )[,!?:] ?{HAN}|;"
    rf"|(?<![a-z])\([^()]*{HAN}[^()]*\)"
)
PRAISE = ("恭喜", "真棒", "太好了", "做得好", "很棒", "！")


@pytest.mark.parametrize("text", ["好, 坏", "好.", "数 (好)", "好:", "好;", "好!", "x, 好", "x:好"])
def test_what_is_no_chinese_punctuation_is_found(text: str) -> None:
    assert PUNCTUATION.search(text)


@pytest.mark.parametrize(
    "text",
    ["好，坏", "FLOP/s: 3", "{n} 块（tile）", "1:512", "--batch 1, 2", "块 (x, y)", "左 : 右"],
)
def test_what_stays_latin_is_not(text: str) -> None:
    assert not PUNCTUATION.search(text)


def test_punctuation_is_full_width_among_chinese_signs() -> None:
    assert [text for _, text in SAID if PUNCTUATION.search(PLACE.sub("x", text))] == []


def test_nothing_is_praised() -> None:
    said = ((text, PLACE.sub("", text)) for _, text in SAID)
    assert [text for text, plain in said if any(word in plain for word in PRAISE)] == []


def test_a_wave_is_one_word() -> None:
    """轮 is an epoch, and a wave is no 波 alone; in lessons as in the program."""
    lessons = read_folder(shipped_folder(), "").lessons
    told = [text for one in lessons for _, _, said in texts_of(one) for _, text in said]
    assert [text for text in told if re.search("波(?!次)|轮", text)] == []
    waves = [text for msgid, text in SAID if re.search(r"\bwaves?\b", msgid)]
    assert [text for text in waves if re.search("波(?!次)|轮", PLACE.sub("", text))] == []


@pytest.mark.parametrize("count", [1, 2])
def test_things_of_one_kind_follow_each_other_as_in_chinese(count: int) -> None:
    words = speak("zh_CN")
    listed = Text("{items:items}", items=(Text(N_("tile")),) * count)
    assert words(listed) == "、".join([words(Text("tile"))] * count)
    assert str(listed) == ", ".join(["tile"] * count)


def test_formulas_in_lessons_have_signs_of_one_width() -> None:
    lessons = read_folder(shipped_folder(), "").lessons
    told = [text for one in lessons for _, _, said in texts_of(one) for _, text in said]
    assert [text for text in told if re.search("（[−+0-9.·× ]+）", text)] == []


def test_names_that_describe_are_said_in_chinese_and_those_of_products_are_not() -> None:
    words = speak("zh_CN")
    shown = [networks.read_preset(id).network for id in networks.preset_ids()]
    known = {one.name for one in shown} | {
        devices.read_device(x).name for x in devices.device_ids()
    }
    known |= {layer.name for one in shown if one.layered for layer in one.layered.layers}
    assert set(NAMES) <= known  # no name that is no more
    assert [name for name in NAMES if not re.search(HAN, words(spoken(name)))] == []
    assert words(spoken("layer 12")) == "第 12 层"
    for name in ("NVIDIA A100 SXM4 80 GB", "AlexNet classifier", "fc6", "my lanes"):
        assert words(spoken(name)) == name


def test_the_reader_is_addressed_in_one_way() -> None:
    assert [text for _, text in SAID if "您" in text] == []


def test_options_commands_and_keys_stay_as_they_are() -> None:
    """What is typed is the same in every language."""
    typed = re.compile(r"(?<![\w-])--[a-z][a-z-]+|\bmmviz [a-z]+\b|\bCtrl\+\w\b")
    wrong = [
        (msgid, text)
        for msgid, text in SAID
        if not set(typed.findall(text)) <= set(typed.findall(msgid))
        or not set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", msgid)) <= set(typed.findall(text))
    ]
    assert wrong == []


def test_it_is_whole() -> None:
    """Who adds a text says it in Chinese, too: `python tests/plugins/catalogues.py` finds it."""
    said = {msgid for msgid, _ in SAID}
    marked = {catalogues.forms(one.id)[0] for one in catalogues.messages(catalogues.extract())}
    missing, over = sorted(marked - said), sorted(said - marked)
    assert not missing, f"{len(missing)} without Chinese in zh_CN.po: {missing}"
    assert not over, f"{len(over)} in zh_CN.po that mmviz says no more: {over}"


def test_what_comes_with_mmviz_says_itself_in_chinese() -> None:
    words = speak("zh_CN")
    preset, device = networks.read_preset("alexnet"), devices.read_device("a100")
    for text in (preset.about, device.about):
        assert re.search(HAN, words(shipped(text)))
        assert str(shipped(text)) == text
    assert words(shipped("a sentence of the user's")) == "a sentence of the user's"
    assert words(shipped("\x1b[2J")) == "\\x1b[2J"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Digits, one layer", "数字，一层"),
        ("Digits, one layer, edited", "数字，一层，改过"),
        ("layer 2", "第 2 层"),
        ("AlexNet classifier", "AlexNet classifier"),
        ("mine, edited", "mine, edited"),
    ],
)
def test_a_name_of_mmviz_is_said_in_chinese_edited_too(name: str, said: str) -> None:
    assert speak("zh_CN")(spoken(name)) == said
