"""Ids and names are recognised however systems and spreadsheets write them."""

import pytest

from grader.identity import name_keys, names_fit, participant_number, plain_id, without_zeros


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("20250001", "20250001"),
        (" 1001.0 ", "1001"),
        ("1001.00", "1001"),
        ("1001.5", "1001.5"),
        ("#20250001", "20250001"),
        ('="0012"', "0012"),
        ("'0012", "0012"),
        ("MKim", "mkim"),
        ("\uff11\uff12", "12"),
        ("\ufeff12\u200b", "12"),
        ("v1.0", "v1.0"),
        ("", ""),
        ("#", ""),
    ],
)
def test_plain_id(written, plain):
    assert plain_id(written) == plain
    assert plain_id(plain) == plain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("0012", "12.0", True),
        ("#0012", "12", True),
        ("0", "000", True),
        ("mkim", "MKIM ", True),
        ("0x12", "x12", False),
        ("120", "12", False),
        ("", "", False),
        ("#", "", False),
        ("0", "", False),
    ],
)
def test_ids_that_differ_in_leading_zeros_alone(one, other, same):
    keys = [without_zeros(plain_id(text)) for text in (one, other)]
    assert (keys[0] == keys[1] != "") is same


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Participant 1001", "1001"),
        ("Participant_1001", "1001"),
        ("Participant1001", "1001"),
        ("Teilnehmer/in1001", "1001"),
        ("Teilnehmer_in_1001", "1001"),
        ("참가자 7", "7"),
        ("mkim42", ""),
        ("hw 3", ""),
        ("1001", ""),
        ("Participant", ""),
        ("Participant 12 b", ""),
    ],
)
def test_participant_number(text, number):
    assert participant_number(text) == number


def test_a_worksheet_teaches_its_word_for_a_participant():
    assert participant_number("Rhywun 12") == ""
    assert participant_number("Rhywun_12", ["Rhywun "]) == "12"


SAME = [
    ("Kim, Minsu", "Minsu Kim"),
    ("Kim, Minsu", "kimminsu"),
    ("KIM Minsu", "minsu_kim"),
    ("김민수", "김 민수"),
    ("김민수", "민수 김"),
    ("김, 민수", "\u1100\u1175\u11b7\u1106\u1175\u11ab\u1109\u116e"),
    ("Müller, Jörg", "Joerg Mueller"),
    ("Müller, Jörg", "Jorg Muller"),
    ("Mu\u0308ller Jo\u0308rg", "Jörg Müller"),
    ("Weiß, Åsa", "Aasa Weiss"),
    ("Ødegård, Łukasz", "lukaszodegard"),
    ("De la Cruz, María José", "delacruzmaríajosé"),
    ("José D'Ávila Núñez", "Jose D\u2019Avila Nunez"),
    ("Lee, Seo-yeon", "Seoyeon Lee"),
    ("IŞIK, Ayşe", "ayse isik"),
    ("Mary-Ann Smith", "Smith, Mary Ann"),
    ("O.K. Go", "OK Go"),
    ("minsu.kim", "Kim, Minsu"),
]
OTHERS = [
    ("Kim, Minsu", "Kim, Jiho"),
    ("Kim, Minsu", "Lee, Seoyeon"),
    ("김민수", "김민지"),
    ("राम", "रमा"),
    ("Mueller, Anna", "Möller, Anna"),
    ("がくと", "かくと"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_person_in_two_spellings(one, other):
    assert name_keys(one) & name_keys(other)
    assert names_fit(one, other) is True
    assert names_fit(other, one) is True


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_people(one, other):
    assert not name_keys(one) & name_keys(other)
    assert names_fit(one, other) is False
    assert names_fit(other, one) is False


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("M. Kim", "Minsu Kim"),
        ("Alex Smith", "Smith, Alexander"),
        ("José García", "García Ñoño, José"),
        ("kimminsu", "Kim, Minsu Alexander"),
        ("김민수 (Minsu Kim)", "Kim, Minsu"),
        ("Minsu Kim 2", "Kim, Minsu"),
    ],
)
def test_a_shorter_form_fits_but_does_not_find(one, other):
    assert names_fit(one, other) is True
    assert names_fit(other, one) is True
    assert not name_keys(one) & name_keys(other)


@pytest.mark.parametrize("other", ["Kim, Minsu", "", "...", "1234"])
def test_names_without_a_common_script_cannot_be_compared(other):
    assert names_fit("김민수", other) is None
    assert names_fit(other, "김민수") is None


def test_participants_without_names_are_told_apart_by_their_numbers():
    assert not name_keys("Participant 1001") & name_keys("Participant 1002")


def test_a_name_of_very_many_words_takes_no_time():
    long = " ".join(["ab"] * 5000)
    assert name_keys(long)
    assert names_fit(long, "Kim, Minsu") is False
