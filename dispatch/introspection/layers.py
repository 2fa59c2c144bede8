"""A layered layout: boxes in columns, superiors left of inferiors, few crossings and no overlaps.

Knows numbers only. The steps are Sugiyama's (IEEE Trans. SMC 11, 1981): columns by the longest path, points
where long edges pass columns, order by barycentres, and places by least squares in the given order.
"""

from __future__ import annotations

import itertools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SWEEPS = 12
PASSING = 8.0  # height that an edge takes where it passes a column
FEW = 6  # boxes without edges that stand in one column
PAGE = 620.0  # width of the rows of more than that

Box = tuple[float, float, float, float]


class Layout:
    """Where boxes and edges are.

    boxes   (left, top, width, height) of each box
    routes  for each edge the (x, y) of the points at which it enters and leaves columns, the lower end first
    """

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self.boxes: list[Box] = []
        self.routes: list[list[tuple[float, float]]] = []


def lay_out(
    sizes: Sequence[tuple[float, float]],
    edges: Sequence[tuple[int, int]],
    gap: float = 12.0,
    between: float = 56.0,
) -> Layout:
    """Places for boxes of these (width, height) and edges (lower box, upper box) without cycles.

    gap      between the boxes of a column
    between  columns, at least
    """
    joined = sorted({i for edge in edges for i in edge})
    place = {i: k for k, i in enumerate(joined)}
    layout = _joined([sizes[i] for i in joined], [(place[a], place[b]) for a, b in edges], gap, between)
    apart = [i for i in range(len(sizes)) if i not in place]
    boxes = dict(zip(joined, layout.boxes, strict=True))
    boxes.update(zip(apart, _flowed(layout, [sizes[i] for i in apart], gap), strict=True))
    layout.boxes = [boxes[i] for i in range(len(sizes))]
    return layout


def _flowed(layout: Layout, sizes: Sequence[tuple[float, float]], gap: float) -> list[Box]:
    """Boxes without edges, in rows below the others; few of them in a column."""
    widest = max(layout.width, PAGE if len(sizes) > FEW else 0.0, *(w for w, _ in sizes), 0.0)
    column = len(sizes) <= FEW
    x, y, tall, found = 0.0, layout.height + (gap if layout.height else 0.0), 0.0, []
    for width, height in sizes:
        if x and (column or x + width > widest):
            x, y, tall = 0.0, y + tall + gap, 0.0
        found.append((x, y, width, height))
        layout.width = max(layout.width, x + width)
        x, tall = x + width + gap, max(tall, height)
    layout.height = y + tall if found else layout.height
    return found


def _joined(
    sizes: Sequence[tuple[float, float]], edges: Sequence[tuple[int, int]], gap: float, between: float
) -> Layout:
    """The layout of boxes that all have edges."""
    if not sizes:
        return Layout(0.0, 0.0)
    layer = _layers(len(sizes), edges)
    heights = [height for _, height in sizes]
    chains = []
    for lower, upper in edges:
        passed = range(layer[lower] - 1, layer[upper], -1)
        points = list(range(len(layer), len(layer) + len(passed)))
        layer += passed
        heights += [PASSING] * len(passed)
        chains.append([lower, *points, upper])
    columns = _columns(layer, chains)
    tops = _tops(columns, heights, chains, layer, gap)
    return _finished(sizes, columns, layer, heights, tops, chains, between)


def _layers(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """The length of the longest way up from each box."""
    uppers: list[list[int]] = [[] for _ in range(count)]
    for lower, upper in edges:
        uppers[lower].append(upper)
    layer = [-1] * count
    for start in range(count):
        waiting = [start]
        while waiting:
            node = waiting[-1]
            unknown = [u for u in uppers[node] if layer[u] < 0]
            waiting += unknown
            if not unknown:
                layer[node] = 1 + max((layer[u] for u in uppers[node]), default=-1)
                waiting.pop()
    return layer


def _neighbours(count: int, chains: Iterable[Sequence[int]]) -> tuple[list[list[int]], list[list[int]]]:
    """For each point those to its left and to its right."""
    left: list[list[int]] = [[] for _ in range(count)]
    right: list[list[int]] = [[] for _ in range(count)]
    for chain in chains:
        for lower, upper in itertools.pairwise(chain):
            left[lower].append(upper)
            right[upper].append(lower)
    return left, right


def _columns(layer: Sequence[int], chains: Sequence[Sequence[int]]) -> list[list[int]]:
    """The points of each column in the order with the fewest crossings that sweeps find."""
    left, right = _neighbours(len(layer), chains)
    columns: list[list[int]] = [[] for _ in range(max(layer) + 1)]
    seen: set[int] = set()
    roots = [i for i in range(len(layer)) if not left[i]]
    waiting = list(reversed(roots))
    while waiting:  # depth first, so that families stay together
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            columns[layer[node]].append(node)
            waiting += reversed(right[node])
    best, fewest = [list(c) for c in columns], _crossings(columns, right)
    for sweep in range(SWEEPS):
        if fewest == 0:
            break
        forth = sweep % 2 == 0
        for i in range(1, len(columns)) if forth else range(len(columns) - 2, -1, -1):
            beside = {node: k for k, node in enumerate(columns[i - 1 if forth else i + 1])}
            _sort_by_barycentre(columns[i], beside, left if forth else right)
        crossings = _crossings(columns, right)
        if crossings < fewest:
            best, fewest = [list(c) for c in columns], crossings
    return best


def _sort_by_barycentre(column: list[int], beside: dict[int, int], neighbours: Sequence[list[int]]) -> None:
    """Each point at the mean of its neighbours' places; one without neighbours stays about where it is."""
    keys = {}
    for k, node in enumerate(column):
        places = [beside[n] for n in neighbours[node] if n in beside]
        keys[node] = sum(places) / len(places) if places else k * max(len(beside), 1) / len(column)
    column.sort(key=keys.__getitem__)


def _crossings(columns: Sequence[Sequence[int]], right: Sequence[Sequence[int]]) -> int:
    """How often edges between neighbouring columns cross."""
    total = 0
    for here, there in itertools.pairwise(columns):
        place = {node: k for k, node in enumerate(there)}
        ends: list[int] = []
        for node in here:
            mine = sorted(place[n] for n in right[node])
            for end in mine:
                total += len(ends) - _bisect(ends, end)
            for end in mine:
                ends.insert(_bisect(ends, end), end)
    return total


def _bisect(ordered: list[int], value: int) -> int:
    from bisect import bisect_right

    return bisect_right(ordered, value)


def _tops(
    columns: Sequence[Sequence[int]],
    heights: Sequence[float],
    chains: Sequence[Sequence[int]],
    layer: Sequence[int],
    gap: float,
) -> list[float]:
    """The middle of each point, near the middle of its neighbours."""
    left, right = _neighbours(len(layer), chains)
    middle = [0.0] * len(layer)
    for column in columns:
        for node, y in zip(
            column, spread([0.0] * len(column), [heights[n] for n in column], gap), strict=True
        ):
            middle[node] = y
    for sweep in range(SWEEPS):
        forth = sweep % 2 == 0
        for column in columns if forth else reversed(columns):
            wanted = []
            for node in column:
                near = (left if forth else right)[node] or (right if forth else left)[node]
                wanted.append(sum(middle[n] for n in near) / len(near) if near else middle[node])
            places = spread(wanted, [heights[n] for n in column], gap)
            for node, y in zip(column, places, strict=True):
                middle[node] = y
    return middle


def spread(wanted: Sequence[float], heights: Sequence[float], gap: float) -> list[float]:
    """The middles of boxes in this order that are nearest to `wanted` (least squares) without overlap.

    Isotonic regression by pooling neighbours that would overlap.

    >>> spread([0.0, 0.0, 100.0], [10.0, 10.0, 10.0], 2.0)
    [-6.0, 6.0, 100.0]
    """
    offsets, offset = [], 0.0
    for i, height in enumerate(heights):
        offset += (heights[i - 1] + height) / 2 + gap if i else 0.0
        offsets.append(offset)
    pools: list[tuple[float, int]] = []  # mean and size
    for target, offset in zip(wanted, offsets, strict=True):
        mean, size = target - offset, 1
        while pools and pools[-1][0] >= mean:
            before, count = pools.pop()
            mean = (mean * size + before * count) / (size + count)
            size += count
        pools.append((mean, size))
    starts = [mean for mean, size in pools for _ in range(size)]
    return [start + offset for start, offset in zip(starts, offsets, strict=True)]


def _finished(
    sizes: Sequence[tuple[float, float]],
    columns: Sequence[Sequence[int]],
    layer: Sequence[int],
    heights: Sequence[float],
    middle: Sequence[float],
    chains: Sequence[Sequence[int]],
    between: float,
) -> Layout:
    lefts, rights, x = [], [], 0.0
    for i, column in enumerate(columns):
        if i:
            steepest = max(
                (
                    abs(middle[a] - middle[b])
                    for c in chains
                    for a, b in itertools.pairwise(c)
                    if layer[a] == i
                ),
                default=0.0,
            )
            x += between + min(steepest / 6, between)
        lefts.append(x)
        x += max((sizes[n][0] for n in column if n < len(sizes)), default=0.0)
        rights.append(x)
    top = min(y - h / 2 for y, h in zip(middle, heights, strict=True))
    bottom = max(y + h / 2 for y, h in zip(middle, heights, strict=True))
    layout = Layout(x, bottom - top)
    layout.boxes = [(lefts[layer[i]], middle[i] - h / 2 - top, w, h) for i, (w, h) in enumerate(sizes)]
    for chain in chains:
        route = [(lefts[layer[chain[0]]], middle[chain[0]] - top)]
        for node in chain[1:-1]:
            route += [(rights[layer[node]], middle[node] - top), (lefts[layer[node]], middle[node] - top)]
        upper = chain[-1]
        route += [(rights[layer[upper]], middle[upper] - top)]
        route += [(lefts[layer[upper]] + sizes[upper][0], middle[upper] - top)]
        layout.routes.append(route)
    return layout
