"""Checks of classify: 2 + 3 points."""

import numpy as np
from sklearn.neighbors import KNeighborsClassifier

from grader.checking import Mistake, check, expect_array, expect_count, expect_shape
from grader.language import _


def draw(rng):
    """Forty points around two centres, and labels of which some are wrong on purpose."""
    labels = rng.integers(0, 2, 40)
    points = rng.normal(labels[:, np.newaxis] * 1.0, 1.0, (40, 2))
    return points, labels


@check("majority", points=1, title=_("majority returns the most frequent label"), visibility="public")
def test_majority(student, rng):
    most, least = (int(label) for label in rng.permutation(10)[:2])
    labels = [least, most, most, least, most]
    rarest = Mistake(least, _("This label occurs least often."))
    expect_count(student.majority(labels), most, mistakes=[rarest])


@check("majority", points=1, title=_("Of several labels it is the smallest"))
def test_majority_of_several(student):
    # A set of these is not in order.
    expect_count(student.majority([8, 3, 8, 3, 9]), 3, hint=_("`sorted` puts the smallest label first."))


@check("predict_own", points=1, title=_("predict_own returns a label for each point"))
def test_predict_own_shape(student, rng):
    points, labels = draw(rng)
    expect_shape(np.shape(student.predict_own(points, labels)), (40,))


@check("predict_own", points=2, needs=[test_predict_own_shape], title=_("The labels are those of 3 neighbours"))
def test_predict_own(student, rng):
    points, labels = draw(rng)
    expected = KNeighborsClassifier(n_neighbors=3).fit(points, labels).predict(points)
    given = Mistake(lambda observed: np.array_equal(observed, labels), _("These are the labels that you were given."))
    expect_array(
        student.predict_own(points, labels),
        expected,
        mistakes=[given],
        hint=_("The argument `n_neighbors` says how many; without it there are 5."),
    )
