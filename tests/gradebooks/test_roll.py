"""Students find their row by what is certain, and no row by a guess."""

import pytest

from grader.gradebooks.claims import Claims
from grader.gradebooks.model import GradebookStudent
from grader.gradebooks.roll import Roll, RowMatch
from tests.gradebooks.people import graded, student

KIM = GradebookStudent(1, ("1001", "S-17", "minsu.kim"), "Kim, Minsu")
LEE = GradebookStudent(2, ("1002", "S-18", "lee@uni.edu"), "Lee, Jae")
LEE2 = GradebookStudent(3, ("1003", "S-19", "jlee"), "Lee, Jae")
KOREAN = GradebookStudent(4, ("1004", "", "ms"), "김민수")
ADDRESSED = GradebookStudent(5, ("1005", "1002", "x"), "Park, Sol")
ROLL = Roll([KIM, LEE, LEE2, KOREAN, ADDRESSED])


@pytest.mark.parametrize(
    ("who", "person"),
    [
        (student("1001"), KIM),
        (student("s-17 "), KIM),
        (student("MINSU.KIM"), KIM),
        (student("x9", email="minsu.kim@uni.edu"), KIM),
        (student("minsu.kim@uni.edu"), KIM),
        (student("x9", email="lee@uni.edu"), LEE),
        (student("lee"), LEE),
        (student("x9", "Minsu Kim"), KIM),
        (student("x9", "kimminsu"), KIM),
        (student("x9", "KIM Minsu"), KIM),
        (student("x9", "김 민수"), KOREAN),
        # The same letters, put together from their parts, as macOS names files.
        (student("x9", "\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e"), KOREAN),
        (student("1003", "Lee, Jae"), LEE2),
        # 1002 is one person's id here and another's there: the name decides.
        (student("1002", "Sol Park"), ADDRESSED),
        (student("1002", "Jae Lee"), LEE),
        (student("1002"), None),
        (student("1002", "Somebody Else"), None),
        (student("x9", "Jae Lee"), None),  # two of them
        (student("x9"), None),
        (student("", ""), None),
        (student("x9", "..."), None),
        (student("100"), None),
    ],
)
def test_find(who, person):
    match = ROLL.find(who)
    assert (match and match.person) == person


def test_of_two_students_the_surer_has_the_row_in_either_order():
    sure, unsure = student("1001"), student("x9", "Minsu Kim")
    for order in ((sure, unsure), (unsure, sure)):
        claims = Claims()
        for one in order:
            claims.add(graded(one), ROLL.find(one))
        assert claims.settled[KIM].student == sure
        assert claims.losers == [unsure]


def test_equally_sure_nobody_has_it_until_somebody_surer_comes():
    claims = Claims()
    one, two, three = (student(i, "Minsu Kim") for i in ("x1", "x2", "x3"))
    for who in (one, two, three):
        claims.add(graded(who), RowMatch(KIM, 3))
    assert not claims.settled
    assert {who.id for who in claims.losers} == {"x1", "x2", "x3"}
    assert list(claims.contested) == [KIM]
    sure = student("1001")
    claims.add(graded(sure), RowMatch(KIM, 0))
    assert claims.settled[KIM].student == sure
    assert not claims.contested
