"""An id that contradicts its name is never believed in silence."""

from __future__ import annotations

import pytest

from grader.intake.model import Claim, Item, Owner
from grader.intake.roster import match_students, read_roster
from tests.intake.making import folder, found, ids, reasons, zipped

PEOPLE = """id,login,name
12345,mkim,Minsu Kim
12346,jpark,"Park, Jiho"
12347,hoh,Hana Oh
12348,slee,이서연
12349,jm,"Müller, Jörg"
12350,mkim2,Minsu Kim
12351,am,Anna Maria Schmidt
"""


@pytest.fixture
def roster(tmp_path):
    path = tmp_path / "class.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def matched(roster, *owners, plain=False):
    """The students of owners, each of whom handed in one notebook."""
    claims = [
        Claim(Item(roster, None, f"o{n}", (), ("o.ipynb",), 1, 0.0), owner, 0, plain=plain)
        for n, owner in enumerate(owners)
    ]
    done = match_students(claims, read_roster(roster))
    by_origin = {c.item.origin: s.id for s, own in done.claims for c in own}
    return [by_origin[f"o{n}"] for n in range(len(owners))], list(done.unclear)


FITTING = Owner("12347", "ohhana")


@pytest.mark.parametrize(
    ("owner", "who", "said"),
    [
        # the name fits
        (Owner("12345", "kimminsu"), "12345", ""),
        (Owner("12345", "Kim, Minsu"), "12345", ""),
        (Owner("12345", "M. Kim"), "12345", ""),
        (Owner("12346", "Jiho"), "12346", ""),
        (Owner("12349", "Mueller_Joerg"), "12349", ""),
        (Owner("12349", "MULLER Jorg"), "12349", ""),
        (Owner("12351", "Schmidt, Anna"), "12351", ""),
        (Owner("#12347.0", "Hana Oh"), "12347", ""),
        (Owner("012347", "Hana Oh"), "12347", ""),
        (Owner("12347"), "12347", ""),
        # the name does not
        (Owner("12346", "strangerx"), "12346 (strangerx)", "fits nobody"),
        (Owner("12346", "Hana Oh"), "12346 (Hana Oh)", "the name that of 12347 Hana Oh"),
        (Owner("12350", "jihopark"), "12350 (jihopark)", "the name that of 12346 Park, Jiho"),
        # other letters: the id alone
        (Owner("12348", "Seoyeon Lee"), "12348", "written in other letters"),
        (Owner("12345", "김민수"), "12345", "written in other letters"),
        (Owner("12345", "이서연"), "12345 (이서연)", "the name that of 12348"),
        # further ids
        (Owner("9", "Hana Oh", ids=("hoh",)), "12347", ""),
        (Owner("12347", "Hana Oh", ids=("hoh@x.kr", "unheard-of")), "12347", ""),
        (Owner("12347", "Hana Oh", ids=("mkim",)), "12347 (Hana Oh)", "mkim is Minsu Kim"),
        (Owner("slee", "Hana Oh"), "slee (Hana Oh)", "the name that of 12347"),
        # by name
        (Owner("777", "Hana Oh"), "12347", ""),
        (Owner("777", "Anna Schmidt"), "12351", ""),
        (Owner("777", "Anna M. Schmidt"), "12351", ""),
        (Owner("777", "Joerg Mueller"), "12349", ""),
        (Owner("777", "서연 이"), "12348", ""),
        (Owner("777", "Minsu Kim"), "777", "may be 12345 Minsu Kim or 12350 Minsu Kim"),
        (Owner("777", "Kim"), "777", "nobody"),
    ],
)
def test_one_of_a_download(roster, owner, who, said):
    got, unclear = matched(roster, owner)
    assert got == [who]
    assert [said in one.reason for one in unclear] == [True] * bool(said)


def test_moodles_number_is_no_student_number(roster):
    got, unclear = matched(roster, Owner("12345", "Minsu Kim", participant=True), FITTING)
    assert got == ["12345 (Minsu Kim)", "12347"]
    assert "may be 12345 Minsu Kim or 12350" in unclear[0].reason


def test_namesakes_are_no_anonymous_participants(roster):
    got, _ = matched(roster, Owner("12345", "strangerx"), Owner("12346", "strangerx"))
    assert got == ["strangerx", "strangerx (strangerx)"]
    got, unclear = matched(roster, Owner("12345", "Minsu Kim"), Owner("12350", "Minsu Kim"))
    assert (got, unclear) == (["12345", "12350"], [])


def test_the_numbering_of_another_system(roster):
    owners = [
        Owner("12346", "Hana Oh"),
        Owner("12347", "Jiho Park"),
        Owner("12348", "Jörg Müller"),
        Owner("12349", "Minsu Kim"),
    ]
    got, unclear = matched(roster, *owners)
    assert got == ["12347", "12346", "12349", "12349 (Minsu Kim)"]
    assert ["another system's" in one.reason for one in unclear] == [False, True]


def test_an_id_that_the_class_does_not_hold_is_another_person(roster):
    owners = [FITTING, Owner("12346", "parkjiho"), Owner("99", "Anna Maria Schmidt")]
    got, unclear = matched(roster, *owners)
    assert got == ["12347", "12346", "99"]
    assert unclear[0].reason.startswith("has the name of 12351, but an id that is not in class.csv")


def test_a_whole_name_beats_a_part_of_it(roster):
    owners = [Owner("1", "Anna Maria Schmidt"), Owner("2", "Anna Schmidt")]
    got, unclear = matched(roster, *owners)
    assert got == ["12351", "2"]
    assert "but so may 1" in unclear[0].reason


@pytest.mark.parametrize(
    ("label", "who"),
    [
        ("hw1_12347_Hana Oh", "12347"),
        ("hw1_12347", "12347"),
        ("hw1_12347_final", "12347"),
        ("hw1_12347_hana", "12347"),
        ("hw1_12347_Jiho Park", None),
        ("hw1_12347_Hong Gildong", None),
        ("mkim2/hw1", "12350"),
        ("12347/hw1", "12347"),
    ],
)
def test_a_number_and_a_name_in_a_files_name(roster, label, who):
    both = [Owner("hw1_12345_Minsu Kim"), Owner("hw1_12346_jiho park")]
    got, unclear = matched(roster, *both, Owner(label), plain=True)
    assert got == ["12345", "12346", who or label]
    assert len(unclear) == (who is None)


def test_a_download_with_strangers(tmp_path, roster):
    names = ["strangerx_12346_67891_m.ipynb", "ohhana_12347_67892_m.ipynb"]
    handed_in = found(zipped(tmp_path / "s.zip", *names), roster=roster)
    assert ids(handed_in) == ["12346 (strangerx)", "12347"]
    assert "12346" in [student.id for student in handed_in.missing]
    assert "12346 Park, Jiho" in reasons(handed_in)[names[0]]


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Copy of mlp - Hana Oh.ipynb", "12347"),
        ("mlp_이서연의 사본.ipynb", "12348"),
        ("Kopie von Joerg Mueller.ipynb", "12349"),
        ("이서연 - コピー (2).ipynb", "12348"),
        ("homework-1-mkim2-main/mlp.ipynb", "12350"),
        ("homework-1-slee-3f2a9d0/mlp.ipynb", "12348"),
        ("homework-1-slee-dev-tools/mlp.ipynb", None),
        ("서연 이.ipynb", "12348"),
        ("Mueller_Joerg_jm_3003/mlp.ipynb", "12349"),
        ("PARK JIHO (1).ipynb", "12346"),
    ],
)
def test_words_around_a_name(tmp_path, roster, name, who):
    handed_in = found(folder(tmp_path / "x", name, "12345/a.ipynb"), roster=roster)
    others = [id_ for id_ in ids(handed_in) if id_ != "12345"]
    assert others == [who] if who else others[0] not in PEOPLE
