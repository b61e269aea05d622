"""The column for the points is named, the only one, or the one that the assignment's name fits."""

import pytest

from grader.errors import GraderError
from grader.gradebooks import open_gradebook

NAMES = ("mlp", "Multilayer perceptron on MNIST")


def chosen(tmp_path, titles, column=None, download=()):
    path = tmp_path / "canvas.csv"
    headers = ",".join(f"{title} ({100 + i})" for i, title in enumerate(titles))
    path.write_text(f"Student,ID,SIS Login ID,Section,{headers}\nKim,1,k,A{',' * len(titles)}\n")
    return open_gradebook(path, column, NAMES, download)


@pytest.mark.parametrize(
    ("titles", "download", "title"),
    [
        (["Homework 1"], (), "Homework 1"),
        (["Quiz", "MLP"], (), "MLP"),
        (["Quiz", "HW 3: MLP"], (), "HW 3: MLP"),
        (["MLP", "MLP (bonus)"], (), "MLP"),
        (["Quiz", "Multilayer Perceptron on MNIST"], (), "Multilayer Perceptron on MNIST"),
        (["Quiz", "Multilayer perceptron"], (), "Multilayer perceptron"),
        (["Homework 1", "Homework 2"], ("Homework 2 Download Sep 30.zip",), "Homework 2"),
        (["Homework 1", "Homework 10"], ("CS101-Homework 10-77.zip",), "Homework 10"),
        (["Homework 1", "Homework 2"], ("dl", "homework-2-submissions"), "Homework 2"),
        (["HW 1: MLP", "HW 2: MLP"], ("HW 2 MLP.zip",), "HW 2: MLP"),
    ],
)
def test_one_column_fits(tmp_path, titles, download, title):
    book = chosen(tmp_path, titles, download=download)
    assert book.header.rpartition(" (")[0] == title
    assert bool(book.why) is (len(titles) > 1)


@pytest.mark.parametrize(
    ("titles", "download"),
    [
        (["Homework 1", "Homework 2"], ()),
        (["Homework 1", "Homework 2"], ("submissions.zip",)),
        (["Homework 1", "Homework 1 late"], ("Homework 1 late Download.zip",)),
        (["HW 1: MLP", "HW 2: MLP"], ()),
        (["MLP", "mlp"], ()),
        (["Quiz", "MNIST"], ()),
        (["Quiz", "MLPs"], ()),
    ],
)
def test_an_open_column_is_an_error_that_lists_them(tmp_path, titles, download):
    with pytest.raises(GraderError, match="several columns") as caught:
        chosen(tmp_path, titles, download=download)
    assert caught.value.hint.startswith("name it with --column: one of ")
    assert all(title in caught.value.hint for title in titles)


def test_contradicting_names_are_an_error(tmp_path):
    with pytest.raises(GraderError, match="different ones"):
        chosen(tmp_path, ["MLP", "Homework 2"], download=("Homework 2.zip",))


@pytest.mark.parametrize("name", ["homework  2", "HOMEWORK 2 (101)", "101", "Homework\u00a02"])
def test_a_named_column_goes_before_everything(tmp_path, name):
    book = chosen(tmp_path, ["MLP", "Homework 2"], name)
    assert (book.header, book.why) == ("Homework 2 (101)", "")
