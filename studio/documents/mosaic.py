"""Pictures of any shapes on one sheet, in their order, each cut as little as may be and none much larger than another.

Two pictures, or groups of them, stand side by side at one height, or one above the other at one width: so a tree of
such pairs has a shape of its own in which nothing is cut. Of all trees over the pictures in their order we look for one
near the sheet's shape: of each run of pictures the best tree of about each shape is kept, made from its parts' trees.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from studio.documents.geometry import Box

_NARROWEST, _WIDEST = 0.5, 2.0  # beyond, a picture is cut
_STEP: Final = 0.2  # trees whose aspects' logarithms are so near one another are of one shape
_MOST: Final = 8  # shapes of a run that are kept
_CUT: Final = 8.0  # how much worse cutting is than unevenness


@dataclass(frozen=True)
class _Tree:
    """Pictures put together.

    Parameters
    ----------
    aspect
        Of the whole.
    total, squares
        Sum of the logarithms of the pictures' shares of its area, and of their squares.
    across
        Whether its two parts stand side by side.
    """

    aspect: float
    count: int = 1
    total: float = 0.0
    squares: float = 0.0
    parts: tuple["_Tree", "_Tree"] | None = None
    across: bool = True

    @property
    def unevenness(self) -> float:
        """The variance of the logarithms of the areas."""
        return self.squares / self.count - (self.total / self.count) ** 2

    @property
    def share(self) -> float:
        """The first part's share of the side that is divided."""
        first, second = (part.aspect if self.across else 1 / part.aspect for part in self.parts or ())
        return first / (first + second)


def mosaic(area: Box, aspects: Sequence[float], gap: float) -> tuple[Box, ...]:
    """Return a box for each picture; together they fill the area."""
    shapes = [min(max(aspect, _NARROWEST), _WIDEST) for aspect in aspects]
    return tuple(_placed(min(_trees(shapes), key=lambda tree: _badness(tree, area.aspect)), area, gap))


def _badness(tree: _Tree, aspect: float) -> float:
    return tree.unevenness + _CUT * math.log(tree.aspect / aspect) ** 2


def _trees(shapes: Sequence[float]) -> Sequence[_Tree]:
    """Return trees over all pictures."""
    runs = {(i, i + 1): [_Tree(aspect)] for i, aspect in enumerate(shapes)}
    for length in range(2, len(shapes) + 1):
        for start in range(len(shapes) - length + 1):
            end = start + length
            whole = length == len(shapes)
            pairs = ((runs[start, cut], runs[cut, end]) for cut in range(start + 1, end))
            made = [_joined(a, b, across) for one, two in pairs for a in one for b in two for across in (True, False)]
            runs[start, end] = made if whole else _kept(made)
    return runs[0, len(shapes)]


def _joined(first: _Tree, second: _Tree, across: bool) -> _Tree:  # noqa: FBT001 - which of two ways
    if across:
        aspect = first.aspect + second.aspect
        share = first.aspect / aspect
    else:
        aspect = 1 / (1 / first.aspect + 1 / second.aspect)
        share = aspect / first.aspect
    total, squares = 0.0, 0.0
    for part, log in ((first, math.log(share)), (second, math.log(1 - share))):
        total += part.total + part.count * log
        squares += part.squares + 2 * log * part.total + part.count * log**2
    return _Tree(aspect, first.count + second.count, total, squares, (first, second), across)


def _kept(made: Sequence[_Tree]) -> list[_Tree]:
    """Return the most even tree of each shape, of the most even shapes."""
    best: dict[int, _Tree] = {}
    for tree in made:
        shape = round(math.log(tree.aspect) / _STEP)
        if shape not in best or tree.unevenness < best[shape].unevenness:
            best[shape] = tree
    return sorted(best.values(), key=lambda tree: tree.unevenness)[:_MOST]


def _placed(tree: _Tree, area: Box, gap: float) -> Iterator[Box]:
    if tree.parts is None:
        yield area
        return
    areas = area.split(tree.share, gap) if tree.across else area.stacked(tree.share, gap)
    for part, place in zip(tree.parts, areas, strict=True):
        yield from _placed(part, place, gap)
