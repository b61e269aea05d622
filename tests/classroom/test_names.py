"""A student's id becomes a file name."""

import pytest

from grader.classroom import file_name


@pytest.mark.parametrize("plain", ["20231234", "kim_minsu", "김민수", "a.b-c", "2024-1_7"])
def test_a_plain_id_is_its_own_name(plain):
    assert file_name(plain) == plain


HOSTILE = (
    *("../../etc/passwd", "a/b", "a\\b", "", ".", "..", ".bashrc", "-rf", "con", "NUL.txt", "a\0b"),
    *("x" * 500, "가" * 200, "a\nb", "\u202egnp", "<script>", "a:b", "Kim", "trailing.", "\ud800"),
)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_id_becomes_a_harmless_name(hostile):
    name = file_name(hostile)
    assert name
    assert not set(name) & set('/\\:*?"<>|\0\n\u202e\ud800')
    assert not name.startswith((".", "-"))
    assert not name.endswith(".")
    assert len(name.encode()) <= 90
    assert name.split(".")[0].lower() not in {"con", "nul"}


def test_no_two_ids_share_a_name():
    ids = ["a/b", "a_b", "a\\b", "a:b", "Kim", "kim", "KIM", "", "student", "x" * 99, "x" * 98]
    ids += ["\u1112\u1161\u11ab", "한", "con", "CON"]
    names = [file_name(one).casefold() for one in ids]
    assert len(set(names)) == len(ids)
