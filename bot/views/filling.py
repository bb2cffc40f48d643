"""As many whole lines as one message takes: each part says how many of its own are left out."""

from collections.abc import Sequence

from bot.domain.digest import allot
from bot.views.blocks import BLOCKS_TEXT_LIMIT, SECTION_LIMIT, Block, Element, section
from bot.views.words import units

Parts = Sequence[tuple[str, Sequence[str]]]
"""Headings and their lines, which are escaped already."""

_AROUND = 1200
"""UTF-16 units kept for what stands around the parts: a title, what is next, the small print."""


def fitting(parts: Parts, most: int, each: int | None = None) -> Sequence[int]:
    """How many lines of each part are shown, ``most`` altogether and at most ``each`` of one.

    In turn, so that a long part leaves room for those after it.
    """
    sizes = [len(lines) if each is None else min(len(lines), each) for _, lines in parts]
    fewest, room = 0, BLOCKS_TEXT_LIMIT - _AROUND
    top = min(most, sum(sizes))
    while fewest < top:
        tried = (fewest + top + 1) // 2
        given = allot(sizes, tried)
        texts = [
            text
            for (label, lines), shown in zip(parts, given, strict=True)
            for text in _texts(label, lines, shown)
        ]
        if sum(map(units, texts)) <= room:
            fewest = tried
        else:
            top = tried - 1
    return allot(sizes, fewest)


def told(lines: Sequence[str], shown: int) -> list[str]:
    """The first lines of a part, and how many more there are."""
    left = len(lines) - shown
    return [*lines[:shown], *([f"and {left} more"] if left else [])]


def sections(
    label: str, lines: Sequence[str], shown: int, *, accessory: Element | None = None
) -> list[Block]:
    """A part that has lines, under its heading: so many, none of them cut. A button stands at its
    top.
    """
    first, *others = _texts(label, lines, shown)
    return [section(first, accessory=accessory), *(section(text) for text in others)]


def _texts(label: str, lines: Sequence[str], shown: int) -> list[str]:
    if not lines:  # then there is no such part
        return []
    texts = [f"*{label}*"]
    for line in told(lines, shown):
        longer = f"{texts[-1]}\n• {line}"
        if units(longer) <= SECTION_LIMIT:
            texts[-1] = longer
        else:
            texts.append(f"• {line}")
    return texts
