"""Quantities as text. The only place that decides how a number looks.

Thousands are parted by a narrow no-break space, a unit follows after an ordinary space, and three
significant digits are shown unless the number is a count that matters to the last digit.
"""

from __future__ import annotations

import math

THIN = "\u202f"  # narrow no-break space: groups digits and never breaks a line
TIMES = "×"

_STEPS = ((1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"), (1.0, ""))
_SMALL = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))
_TIMES = ((1.0, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns"))


def group(n: int) -> str:
    """1234567 -> '1 234 567' (narrow spaces)."""
    return f"{n:,}".replace(",", THIN)


def plain(text: str) -> str:
    """A text as a table of another program's takes it: thousands not parted, one line."""
    return text.replace(THIN, "").replace("\n", " ")


def sig(x: float, digits: int = 3) -> str:
    """`x` with `digits` significant digits, grouped, without an exponent while it stays readable.

    >>> sig(0.08412), sig(1809.2), sig(97.04)
    ('0.0841', '1\u202f809', '97.0')
    """
    if not math.isfinite(x):
        return "∞" if x > 0 else "−∞" if x < 0 else "?"
    if x == 0:
        return "0"
    mantissa, _, exponent = f"{x:.{digits - 1}e}".partition("e")
    magnitude = int(exponent)  # of the rounded number: 999.7 counts as 1000
    if not -4 <= magnitude < 15:
        return f"{mantissa}e{magnitude}"
    decimals = digits - 1 - magnitude
    return f"{x:,.{max(0, decimals)}f}".replace(",", THIN)


def shape(*sides: int) -> str:
    """Sides of a product or a matrix: '128 × 1 000 × 4 096'."""
    return f" {TIMES} ".join(group(side) for side in sides)


def scaled(x: float, unit: str, digits: int = 3) -> str:
    """`x` with a decimal prefix and a unit: 68.7e9, 'FLOP' -> '68.7 GFLOP'."""
    if abs(x) < 1000 and x == int(x):
        return f"{int(x)} {unit}".rstrip()
    for factor, prefix in _STEPS:
        if abs(x) >= factor * (1 - 0.5 * 10.0**-digits):
            return f"{sig(x / factor, digits)} {prefix}{unit}".rstrip()
    return f"{sig(x, digits)} {unit}".rstrip()


def count(n: float) -> str:
    """A large count where the last digit does not matter: '58.6 M'; below 10 000 it is exact."""
    return group(int(n)) if abs(n) < 10_000 and n == int(n) else scaled(n, "")


def flop(x: float) -> str:
    """Floating-point operations: '68.7 GFLOP'."""
    return scaled(x, "FLOP")


def rate(x: float) -> str:
    """FLOP per second: '912 GFLOP/s'."""
    return scaled(x, "FLOP/s")


def size(n_bytes: float) -> str:
    """Bytes in decimal units: '117 MB'."""
    return scaled(n_bytes, "B")


def per_second(x: float) -> str:
    """How many a second: '1.20 k/s'."""
    return scaled(x, "/s")


def joules(energy: float) -> str:
    """An energy: '1.31 mJ'."""
    if abs(energy) >= 0.9995:
        return scaled(energy, "J")
    for factor, prefix in _SMALL:
        if abs(energy) >= factor * 0.9995:
            return f"{sig(energy / factor)} {prefix}J"
    return f"{sig(energy / 1e-9)} nJ" if energy else "0 J"


def figure(value: float, unit: str) -> str:
    """A published figure with all its digits: '2 039 GB/s'."""
    return f"{value:,.10g} {unit}".replace(",", THIN).rstrip()


def seconds(t: float) -> str:
    """A duration: '0.190 ms' is written '190 µs'; from two minutes on minutes, then hours, days."""
    for limit, divisor, name in ((2 * 86_400, 86_400, "d"), (7_200, 3_600, "h"), (120, 60, "min")):
        if t >= limit:
            return f"{sig(t / divisor)} {name}"
    for factor, name in _TIMES:
        if t >= factor * 0.9995:
            return f"{sig(t / factor)} {name}"
    return f"{sig(t / 1e-9)} ns" if t > 0 else f"{sig(t)} s"


def seconds_of(t: float, whole: float) -> str:
    """A part of a duration, without its unit where that of the whole is the same: '12.0'."""
    number, _, unit = seconds(t).rpartition(" ")
    return number if unit == seconds(whole).rpartition(" ")[2] else seconds(t)


def lasting(t: float) -> str:
    """How long one waits, in whole seconds, then minutes: '8 s', '1 min 10 s', '2 h 5 min'."""
    whole = math.ceil(t)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{group(hours)} h {minutes} min" if minutes else f"{group(hours)} h"


def steps(t: float) -> str:
    """How many steps or cycles, which may be parts of one: '4', '0.5', '12 345'."""
    if t >= 100 or t == int(t):
        return group(round(t))
    return f"{t:.1f}" if t >= 0.1 else sig(t, 2)


def tick(t: float) -> str:
    """A round duration without trailing zeros: 0.001 -> '1 ms', 0.5 -> '500 ms'."""
    number, _, unit = seconds(t).partition(" ")
    if "." in number:
        number = number.rstrip("0").rstrip(".")
    return f"{number} {unit}"


def exponent(x: float) -> str:
    """A small share with two digits: '3.1e-4', '0' where it is none."""
    if x == 0:
        return "0"
    mantissa, _, power = f"{x:.1e}".partition("e")
    return f"{mantissa}e{int(power)}" if power else mantissa


def percent(fraction: float) -> str:
    """0.97 -> '97.0 %'."""
    return f"{sig(100 * fraction)} %"


def plus_minus(error: float) -> str:
    """An error as a share, with two digits: '± 5.9 %'."""
    return f"± {sig(100 * error, 2)} %"


def ratio(x: float) -> str:
    """How many times: '255 ×'."""
    return f"{sig(x)} {TIMES}"


def times(n: int) -> str:
    """How often something is done: '×12', "" for once."""
    return f"{TIMES}{group(n)}" if n != 1 else ""
