"""Checks of distances: 3 + 2 points."""

import numpy as np

from grader.checking import Mistake, check, expect_array, expect_count, expect_shape, expect_unchanged
from grader.language import _


def draw(rng):
    """Points and a query in three dimensions, no two of which are equally near."""
    return rng.integers(-50, 50, (9, 3)) * 1.0, rng.uniform(-50, 50, 3)


@check("squared_distances", points=1, title=_("squared_distances returns one distance for each point"))
def test_squared_distances_shape(student, rng):
    points, query = draw(rng)
    everything = Mistake((), _("All distances were added up; there should be one distance for each point."))
    expect_shape(np.shape(student.squared_distances(points, query)), (9,), mistakes=[everything])


@check(
    "squared_distances",
    points=1,
    needs=[test_squared_distances_shape],
    title=_("The squared distances are right"),
    hint=_("Subtract, square, and sum over the last axis."),
)
def test_squared_distances_values(student, rng):
    points, query = draw(rng)
    expected = ((points - query) ** 2).sum(axis=1)
    root = Mistake(lambda observed: np.allclose(observed, np.sqrt(expected)), _("This is the square root of it."))
    expect_array(student.squared_distances(points, query), expected, mistakes=[root])


@check("squared_distances", points=1, needs=[test_squared_distances_shape], title=_("The points stay as they were"))
def test_squared_distances_unchanged(student, rng):
    points, query = draw(rng)
    expect_unchanged(
        student.observe("squared_distances", points.copy(), query),
        0,
        points,
        hint=_("`points -= query` writes into points; `points - query` makes a new array."),
    )


@check("nearest", points=1, title=_("nearest finds the nearest point"), visibility="public")
def test_nearest(student, rng):
    points, query = draw(rng)
    distances = ((points - query) ** 2).sum(axis=1)
    farthest = Mistake(int(distances.argmax()), _("This is the farthest point."))
    expect_count(student.nearest(points, query), int(distances.argmin()), mistakes=[farthest])


@check("nearest", points=1, needs=[test_nearest], title=_("Of several nearest points it is the first"))
def test_nearest_of_several(student):
    points = np.array([[5.0, 5.0, 5.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    expect_count(student.nearest(points, np.zeros(3)), 1, hint=_("`argmin` gives the first."))
