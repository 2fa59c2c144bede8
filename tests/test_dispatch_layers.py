"""A layered layout overlaps nothing, leads every edge from the right to the left, and is near the best one."""

from __future__ import annotations

import pytest
from arraykit.dispatch.introspection.hierarchy import edges_of
from arraykit.dispatch.introspection.layers import lay_out, spread
from hypothesis import given
from hypothesis import strategies as st

SIZES = st.tuples(st.floats(5, 300), st.floats(5, 90))


@st.composite
def graphs(draw):
    """Boxes, and edges from later boxes to earlier ones, each once."""
    sizes = draw(st.lists(SIZES, min_size=1, max_size=14))
    pairs = [(i, j) for i in range(len(sizes)) for j in range(i)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20)) if pairs else []
    return sizes, chosen


@given(graphs())
def test_boxes_do_not_overlap_and_stay_inside(graph):
    sizes, edges = graph
    layout = lay_out(sizes, edges)
    assert [(w, h) for _, _, w, h in layout.boxes] == sizes
    for i, (x, y, w, h) in enumerate(layout.boxes):
        assert x >= 0 and y >= -1e-6 and x + w <= layout.width + 1e-6 and y + h <= layout.height + 1e-6
        for a, b, c, d in layout.boxes[:i]:
            apart = x >= a + c + 11 or a >= x + w + 11 or y >= b + d + 11 or b >= y + h + 11
            assert apart


@given(graphs())
def test_edges_lead_from_the_left_side_of_one_box_to_the_right_side_of_another(graph):
    sizes, edges = graph
    layout = lay_out(sizes, edges)
    for (lower, upper), route in zip(edges, layout.routes, strict=True):
        left, top, _, height = layout.boxes[lower]
        assert route[0] == pytest.approx((left, top + height / 2))
        x, y, width, tall = layout.boxes[upper]
        assert route[-1] == pytest.approx((x + width, y + tall / 2))
        xs = [px for px, _ in route]
        assert xs == sorted(xs, reverse=True)


@given(graphs())
def test_edges_do_not_run_through_boxes(graph):
    sizes, edges = graph
    layout = lay_out(sizes, edges)
    for route in layout.routes:
        for (x1, y1), (x2, y2) in zip(route[1::2], route[2::2], strict=False):  # where they pass a column
            assert y1 == y2
            for x, y, w, h in layout.boxes:
                assert x + w <= x2 + 1e-6 or x >= x1 - 1e-6 or not y < y1 < y + h


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(1, 20)), min_size=1, max_size=7), st.floats(0, 5))
def test_spread_is_in_order_and_cannot_be_bettered(boxes, gap):
    wanted, heights = [w for w, _ in boxes], [h for _, h in boxes]
    found = spread(wanted, heights, gap)

    def fits(ys):
        return all(
            ys[i + 1] - ys[i] >= (heights[i] + heights[i + 1]) / 2 + gap - 1e-6 for i in range(len(ys) - 1)
        )

    def cost(ys):
        return sum((y - w) ** 2 for y, w in zip(ys, wanted, strict=True))

    assert fits(found)
    for i in range(len(found)):  # no block of neighbours can be moved to a better place
        for j in range(i + 1, len(found) + 1):
            for step in (-0.01, 0.01):
                moved = [y + step * (i <= k < j) for k, y in enumerate(found)]
                assert not fits(moved) or cost(moved) >= cost(found) - 1e-4


def test_nothing_and_one():
    assert lay_out([], []).boxes == []
    layout = lay_out([(10.0, 5.0)], [])
    assert (layout.boxes, layout.width, layout.height) == ([(0.0, 0.0, 10.0, 5.0)], 10.0, 5.0)


def test_a_tree_has_no_crossings():
    edges = [(i, (i - 1) // 3) for i in range(1, 40)]
    layout = lay_out([(30.0, 10.0)] * 40, edges)
    columns = {}
    for (lower, upper), _ in zip(edges, layout.routes, strict=True):
        columns.setdefault(layout.boxes[lower][0], []).append(
            (layout.boxes[lower][1], layout.boxes[upper][1])
        )
    for pairs in columns.values():
        assert [u for _, u in sorted(pairs)] == sorted(u for _, u in pairs)


def test_a_long_chain_does_not_recurse():
    assert len(lay_out([(1.0, 1.0)] * 3000, [(i + 1, i) for i in range(2999)]).boxes) == 3000


@given(st.lists(st.lists(st.integers(0, 6), max_size=3), min_size=1, max_size=8))
def test_edges_of_classes_are_the_reduced_hierarchy(plan):
    classes: list[type] = []
    for i, bases in enumerate(plan):
        chosen = tuple(dict.fromkeys(classes[b] for b in bases if b < len(classes)))
        try:
            classes.append(type(f"C{i}", chosen, {}))
        except TypeError:  # no linearisation
            classes.append(type(f"C{i}", (), {}))
    edges = {(i, j) for i, j, inherited in edges_of(classes) if inherited}
    reached = {(i, i) for i in range(len(classes))} | edges
    for _ in classes:
        reached |= {(i, k) for i, j in reached for j2, k in reached if j == j2}
    assert reached == {
        (i, j) for i, a in enumerate(classes) for j, b in enumerate(classes) if issubclass(a, b)
    }
    for i, j in edges:  # none follows from the others
        others = edges - {(i, j)}
        assert not any(
            (i, k) in others and (k, j) in reached and k not in (i, j) for k in range(len(classes))
        )
