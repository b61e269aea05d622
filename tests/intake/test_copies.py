"""The words for a copy, in the languages of browsers, file managers and drives."""

from __future__ import annotations

import pytest

from grader.intake.copies import copy_number, without_copy_words


@pytest.mark.parametrize(
    ("name", "number"),
    [
        *(("mlp (1)", 1), ("mlp(2)", 2), ("mlp_(3)", 3), ("mlp-Copy1", 1), ("mlp-Copy", 0)),
        *(("Copy of mlp", 0), ("copy of mlp", 0), ("Copy (2) of mlp", 2), ("mlp copy", 0)),
        *(("mlp - Copy", 0), ("mlp - Copy (2)", 2), ("mlp copy 2", 2), ("mlp (copy)", 0)),
        *(("mlp (another copy)", 0), ("mlp (3rd copy)", 3)),
        *(("Kopie von mlp", 0), ("mlp - Kopie (2)", 2), ("mlp Kopie", 0), ("Copie de mlp", 0)),
        *(("mlp - Copie", 0), ("Copia de mlp", 0), ("Copia di mlp", 0), ("mlp - copia (3)", 3)),
        *(("Cópia de mlp", 0), ("mlp - Cópia", 0), ("Kopia pliku mlp", 0), ("mlp - kopia", 0)),
        *(("Kopie van mlp", 0), ("Kopia av mlp", 0), ("Kopi af mlp", 0), ("Копия mlp", 0)),
        *(("mlp — копия", 0), ("mlp의 사본", 0), ("mlp - 복사본 (2)", 2), ("mlp 사본", 0)),
        *(("mlpのコピー", 0), ("mlp - コピー", 0), ("mlp 的副本", 0), ("mlp - 副本 (2)", 2)),
        *(("Bản sao của mlp", 0), ("Salinan mlp", 0), ("نسخة من mlp", 0)),
    ],
)
def test_copies(name, number):
    assert without_copy_words(name) == "mlp"
    assert copy_number(name) == number


@pytest.mark.parametrize("name", ["mlp", "mlp_v2", "mlp2", "photocopy", "copy", "Kopia", "hw (b)"])
def test_no_copies(name):
    assert without_copy_words(name) == name
    assert copy_number(name) == -1


def test_copies_of_copies():
    assert without_copy_words("Copy of Copy of mlp - Kopie (1)") == "mlp"
    assert without_copy_words("Copy of mlp_v2") == "mlp_v2"
