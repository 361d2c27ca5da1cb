"""Numbers as people write them: one reading for every field, option and list.

    whole("1,024", what, most=4096)          1024, since 1.024 is no whole number
    real("2,5", what, must, fits)            2.5
    real("2,039", what, must, fits)          asks: 2039 or 2.039?

Digits of any script; thousands parted by , . ' _ or a space; a decimal point or comma; a sign, an
exponent. A text never becomes a number where it could be another one: an InputError asks then. A
dot that stands alone is a decimal point, as mmviz writes it.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from decimal import Decimal

from mmviz.errors import InputError
from mmviz.text import N_, Text

LONGEST = 400  # characters: nobody types more, and a pasted book is refused at once
ASK = N_("{what}: {text!r:.40} can mean {one:.40} or {other:.40}: write the one you mean")
_SAME = {
    **dict.fromkeys("\u00a0\u2007\u2009\u202f", " "),
    **dict.fromkeys("\u2018\u2019\u02bc\u066c", "'"),
    **dict.fromkeys("\u2212\u2013\uff0d\ufe63", "-"),
    **dict(zip("\uff0c\u066b\uff0e\uff0bE\uff25\uff45", ",,.+eee", strict=True)),
}
_NUMBER = re.compile(r"([+-]?) ?([0-9,.' _]*?)(?: ?e([+-]?[0-9]{1,4}))?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}([,.' _])[0-9]{3}(?:\1[0-9]{3})*")
_LAKHS = re.compile(r"[1-9][0-9]?([,.' _])[0-9]{2}(?:\1[0-9]{2})*\1[0-9]{3}")
_UNIT = re.compile(r"(.*[0-9.,])\s*([^\W\d_][^\d]*|)", re.DOTALL)
_PREFIXES = {  # longer ones first
    **{f"{sign}i": Decimal(1024) ** power for power, sign in enumerate("KMGT", start=1)},
    "": Decimal(1),
    **{
        sign: Decimal(10) ** power for sign, power in zip("nµμmk", (-9, -6, -6, -3, 3), strict=True)
    },
    **{sign: Decimal(1000) ** power for power, sign in enumerate("MGTP", start=2)},
}


def meanings(text: str, point: str = "") -> tuple[Decimal, ...]:
    """All numbers that `text` can be: none, one, or two, of which the first has a decimal mark.

    point: "." or ",": which of them is the decimal mark, where that is known.
    """
    written = _plain(text.strip()) if len(text) <= LONGEST else None
    found = None if written is None else _NUMBER.fullmatch(written)
    if not found:
        return ()
    sign, body, power = found.groups()
    values = [_with_mark(body, mark) for mark in (".", ",") if point in ("", mark)]
    if power is None or values[0] is None:  # in 1.024e3, as programs write it, there is a point
        values.append(_without_mark(body, point))
    return tuple(Decimal(f"{sign}{value}e{power or 0}") for value in values if value is not None)


def whole(
    text: str, what: str | Text, most: int, least: int = 1, *, point: str = "", strict: bool = False
) -> int:
    """The whole number `text` says, from `least` to `most`; raises InputError, about `what`.

    "1,000" is taken for a thousand; strict: it may be a one with three decimals, too, as programs
    write it.
    """
    found = [value for value in meanings(text, point) if value == value.to_integral_value()]
    if len(found) == 2 and not strict and not re.search("[.e]", _written(text)):
        found = found[1:]
    if len(found) == 2:
        raise _asked(text, what, found[1], found[0])
    if not found or not least <= found[0] <= most:
        raise InputError(
            N_(
                "{what} must be a whole number from {least:group} to {most:group}, not {text!r:.40}"
            ),
            what=what,
            least=least,
            most=most,
            text=text,
        )
    return int(found[0])


def real(
    text: str,
    what: str | Text,
    must: str | Text,
    fits: Callable[[float], bool],
    *,
    point: str = "",
    unit: str = "",
) -> float:
    """The number `text` says, for which `fits` holds; raises InputError: `what` must be `must`.

    unit: may follow the number, also with another prefix: "2 TB/s" is 2000 in GB/s.
    """
    number, factor = _without_unit(text, unit)
    found = meanings(number, point)
    if len(found) == 2 and "." not in _written(number):
        raise _asked(text, what, found[1], found[0])
    value = float(found[0] * factor) if found else math.nan
    if not (math.isfinite(value) and fits(value)):
        raise InputError(
            N_("{what} must be {must}, not {text!r:.40}"),
            what=what,
            must=must if isinstance(must, Text) else Text(must),
            text=text,
        )
    return value


def sides(text: str) -> list[str]:
    """The numbers of "96x64", "96 × 64" or "96*64", each as it is written."""
    return [part.strip() for part in re.split("[xX×*]", text)]


def whole_sides(
    text: str, what: str | Text, like: str | Text, counts: tuple[int, ...], most: int
) -> tuple[int, ...]:
    """ "8x16" as (8, 16), for as many sides as `counts` allows; raises InputError about `what`.

    like: how it must look.
    """
    parts = sides(text)
    if len(parts) not in counts:
        raise InputError(
            N_("{what} must look like {like}, not {text!r:.40}"), what=what, like=like, text=text
        )
    return tuple(whole(part, what, most) for part in parts)


def _asked(text: str, what: str | Text, one: Decimal, other: Decimal) -> InputError:
    return InputError(ASK, what=what, text=text, one=f"{one:f}", other=f"{other.normalize():f}")


def _written(text: str) -> str:
    return _plain(text.strip()) or ""


def _plain(text: str) -> str | None:
    """The text in ASCII; None where it has a sign that no number has."""
    if text.isascii():
        return text.replace("E", "e")
    found = []
    for sign in text:
        sign = _SAME.get(sign, sign)
        digit = unicodedata.decimal(sign, None)  # not ², which is no digit of a number
        found.append(sign if digit is None else str(digit))
    plain = "".join(found)
    return plain if plain.isascii() else None


def _with_mark(body: str, mark: str) -> str | None:
    """As a number with that decimal mark; None where it is none."""
    if body.count(mark) != 1:
        return None
    before, after = body.split(mark)
    head = (_without_mark(before, mark) or "") if before else "0"
    if not head or not (after.isdigit() or (not after and before and mark == ".")):
        return None
    return f"{head}.{after}"


def _without_mark(body: str, point: str) -> str | None:
    """As a whole number, its thousands parted or not; None where it is none."""
    if body.isdigit():
        return body
    found = _GROUPED.fullmatch(body) or _LAKHS.fullmatch(body)
    return None if not found or found[1] == point else body.replace(found[1], "")


def _without_unit(text: str, unit: str) -> tuple[str, Decimal]:
    """The number in it, and what it is to be multiplied with to be in `unit`."""
    found = _UNIT.fullmatch(text.strip()) if unit and len(text) <= LONGEST else None
    if not found or not found[2]:
        return text, Decimal(1)
    typed = found[2].strip()
    if typed == unit:
        return found[1], Decimal(1)
    for one, factor in _PREFIXES.items():
        for other, divisor in _PREFIXES.items():
            if typed.startswith(one) and unit == other + typed.removeprefix(one):
                return found[1], factor / divisor
    return text, Decimal(1)  # another unit: no number
