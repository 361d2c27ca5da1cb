"""What must be known of a trace of another tool before its blocks are tiles, and what follows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mmviz import numerals
from mmviz.core.device.device import Tile
from mmviz.core.recording.fitting import (
    blocks_of,
    fitting,
    not_twice,
    placed_by,
    tiles_fitting,
)
from mmviz.core.recording.foreign import Foreign, Launch, torn
from mmviz.core.recording.rasters import rule_of
from mmviz.core.schedule.grid import over, tiles_of
from mmviz.core.schedule.schedule import MAX_TILES
from mmviz.core.shapes.dtype import DEFAULT, check_dtype
from mmviz.core.shapes.gemm import Gemm
from mmviz.core.shapes.products import Products
from mmviz.errors import InputError
from mmviz.text import N_, Text

MOST_MHZ = 100_000.0


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person says of a launch, None: nothing.

    launch: which one, by its place in the file. shape: m, n, k of the product. tile: cells along m
    and n. raster: a rule's id. region: that which a block goes through once a tile. dtype: of the
    numbers. mhz: the clock of the SMs, of a file whose times within a block count it.
    """

    launch: int = 0
    shape: tuple[int, int, int] | None = None
    tile: Tile | None = None
    raster: str | None = None
    region: str | None = None
    dtype: str = DEFAULT
    mhz: float | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """What is still to be asked before rows are tiles; nothing is, where it is false.

    blocks: how many ran. shape: the product's shape. tile: the tile; tiles: those that fit, to
    choose from, maybe none. rasters: rules that all fit, of which one is to be chosen. of: tiles
    there are in all, where the blocks are only some of them; else 0.
    """

    blocks: int
    shape: bool = False
    tile: bool = False
    tiles: tuple[Tile, ...] = ()
    rasters: tuple[str, ...] = ()
    of: int = 0

    def __bool__(self) -> bool:
        return self.shape or self.tile or bool(self.rasters)


def missing(foreign: Foreign, answers: Answers) -> Missing:
    """What these answers leave open; raises InputError where they cannot be."""
    answers, launch = completed(foreign, answers), launch_of(foreign, answers)
    blocks = blocks_of(launch)
    if answers.shape is None:
        return Missing(blocks, shape=True, tile=answers.tile is None)
    m, n, k = answers.shape
    if answers.tile is None:
        return Missing(blocks, tile=True, tiles=tiles_fitting(launch, m, n, answers.region))
    if answers.raster is not None:
        grid, rule = (over(m, answers.tile[0]), over(n, answers.tile[1])), rule_of(answers.raster)
        if placed_by(launch, answers.region, rule, grid) is None:
            raise does_not_fit(launch, (m, n, k), answers.tile, rule.id)
        return Missing(blocks)
    fits = fitting(launch, m, n, answers.tile, answers.region)
    of = 0
    if not fits and answers.region is None:
        fits = not_twice(launch, m, n, answers.tile)
        of = tiles_of(m, n, *answers.tile)
    if not fits:
        raise does_not_fit(launch, (m, n, k), answers.tile)
    return Missing(blocks, rasters=tuple(rule.id for rule in fits), of=of)


def completed(foreign: Foreign, answers: Answers) -> Answers:
    """The answers, and those that follow: a tile or a rule where no other is possible."""
    check(answers)
    launch = launch_of(foreign, answers)
    if answers.shape is None:
        return answers
    for block, sms in torn(launch).items():
        said = N_(
            "block {n:d} ran on SM {a:d} and on SM {b:d}: such blocks are no tiles of one product"
        )
        raise InputError(said, n=block, a=sms[0], b=sms[1])
    m, n, _ = answers.shape
    if answers.tile is None:
        tiles = tiles_fitting(launch, m, n, answers.region)
        if len(tiles) != 1:
            return answers
        answers = replace(answers, tile=tiles[0])
    if answers.raster is None and answers.tile is not None:
        fits = fitting(launch, m, n, answers.tile, answers.region)
        if len(fits) == 1:
            answers = replace(answers, raster=fits[0].id)
    return answers


def launch_of(foreign: Foreign, answers: Answers) -> Launch:
    """The launch that is meant; raises InputError where there is none."""
    if not 0 <= answers.launch < len(foreign.launches):
        raise InputError(
            N_("there is no launch {n:d}: {name:.60} has {count}"),
            n=answers.launch + 1,
            name=foreign.name,
            count=len(foreign.launches),
        )
    return foreign.launches[answers.launch]


def clock_of(text: str, what: str | Text) -> float:
    """A clock of SMs in MHz as somebody writes it; raises InputError."""
    must = Text(N_("1 to {most:group}"), most=round(MOST_MHZ))
    return numerals.real(text, what, must, lambda mhz: 1 <= mhz <= MOST_MHZ)


def check(answers: Answers) -> None:
    """Raises InputError for what is no answer."""
    check_dtype(answers.dtype)
    if answers.shape is not None:
        Products("product", (Gemm("product", "product", *answers.shape),))
    if answers.tile is not None and min(answers.tile) < 1:
        raise InputError(N_("a tile has 1 cell a side or more"))
    if answers.shape is not None and answers.tile is not None:
        m, n, _ = answers.shape
        tiles = tiles_of(m, n, *answers.tile)
        if tiles > MAX_TILES:  # who looks for the rule makes a table of all of them
            said = N_("{product} has {tiles:group} tiles; at most {most:group} can be drawn")
            product = Text("{shape:shape}", shape=answers.shape)
            raise InputError(said, product=product, tiles=tiles, most=MAX_TILES)
    if answers.raster is not None:
        rule_of(answers.raster)
    if answers.mhz is not None and not 1 <= answers.mhz <= MOST_MHZ:
        raise InputError(N_("a clock is 1 to {most:sig} MHz"), most=MOST_MHZ)


def does_not_fit(
    launch: Launch, shape: tuple[int, int, int], tile: Tile, raster: str = ""
) -> InputError:
    """That its blocks are not the tiles of such a product."""
    m, n, _ = shape
    return InputError(
        N_(
            "{blocks} blocks do not compute each of the {tiles} tiles of {tm}×{tn} of {shape:shape}"
            " once by {rule}"
        ),
        blocks=blocks_of(launch),
        tiles=tiles_of(m, n, *tile),
        tm=tile[0],
        tn=tile[1],
        shape=shape,
        rule=Text(N_("the rule {rule}"), rule=raster) if raster else Text(N_("any rule known")),
    )


def asks(open_: Missing) -> Text:
    """What is to be asked, in a sentence."""
    if open_.shape:
        return Text(N_("the file does not say which product it is of: its shape m, n, k is needed"))
    if open_.tile and open_.tiles:
        known = ", ".join(f"{tm}x{tn}" for tm, tn in open_.tiles)
        return Text(
            N_("the tile is needed; {blocks} blocks fit {known}"), blocks=open_.blocks, known=known
        )
    if open_.tile:
        return Text(
            N_("the tile is needed; {blocks} blocks fit none that is usual"), blocks=open_.blocks
        )
    if open_.of:
        return Text(
            N_(
                "the file has {blocks} of {tiles} tiles, if the tile is right; which ones is not "
                "certain: the rule is needed, one of {known}"
            ),
            blocks=open_.blocks,
            tiles=open_.of,
            known=", ".join(open_.rasters),
        )
    return Text(
        N_("which tile a block computes is not certain; these rules fit: {known}"),
        known=", ".join(open_.rasters),
    )
