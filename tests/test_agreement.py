"""Words agree with the facts in them."""

from __future__ import annotations

from typing import Any

import pytest

from grader.notebook.headings import heading_above
from grader.notebook.read import Cell
from grader.words import explain, filled
from grader.words.agreement import is_plural, singular
from grader.words.terms import of_rows


@pytest.mark.parametrize(
    ("text", "facts", "said"),
    [
        ("{still} never change", {"still": "lin_1.bias"}, "lin_1.bias never changes"),
        ("{still} never change", {"still": "a.b and c.d"}, "a.b and c.d never change"),
        ("{still} never changes", {"still": "all parameters"}, "all parameters never change"),
        ("{title} was not found", {"title": "the gradients"}, "the gradients were not found"),
        ("{title} was not found", {"title": "the loss"}, "the loss was not found"),
        (
            "{title} was not found",
            {"title": "the training loop"},
            "the training loop was not found",
        ),
        ("{output} has it", {"output": "the predictions"}, "the predictions have it"),
        ("{output} is off", {"output": "the bias"}, "the bias is off"),
        ("On {n} images, {r} are right", {"n": 1, "r": 1}, "On 1 image, 1 is right"),
        ("{n} batches", {"n": "1"}, "1 batch"),
        ("{n} batches", {"n": 12}, "12 batches"),
        ("{n} images", {"n": "7 to 9"}, "7 to 9 images"),
        ("{x} {x:it was|they were}", {"x": "a and b"}, "a and b they were"),
        ("{x} {x:it was|they were}", {"x": "a"}, "a it was"),
        ("{layer} takes {n} numbers", {"layer": "lin_1", "n": 1}, "lin_1 takes 1 number"),
        # Another subject.
        (
            "The blank for {x} is empty",
            {"x": "the gradients"},
            "The blank for the gradients is empty",
        ),
        (
            "Called {s}, {x} is",
            {"s": "a and b", "x": "the scores"},
            "Called a and b, the scores are",
        ),
        ("of which {r} are right", {"r": 1}, "of which 1 is right"),
        # A number that is a name.
        ("Batch {n} has {k} images", {"n": 2, "k": 1}, "Batch 2 has 1 image"),
        ("Cell {n} is read, row {n} differs", {"n": 7}, "Cell 7 is read, row 7 differs"),
        ("Batch {n} reaches it", {"n": 1}, "Batch 1 reaches it"),
        # What a student wrote is a fact, and no words of ours.
        ("{text}", {"text": "{n} images is"}, "{n} images is"),
        ("{text:>9}", {"text": "x"}, "x"),
    ],
)
def test_a_message_agrees_with_its_facts(text: str, facts: Any, said: str) -> None:
    assert filled(text, facts) == said


@pytest.mark.parametrize("value", [0, 2, 1.5, "0.5", "12", "a and b", "the layers", "both layers"])
def test_what_is_plural(value: Any) -> None:
    assert is_plural(value)


@pytest.mark.parametrize("value", [1, 1.0, "1", "lin_1.weight", "the class", "the axis", "ReLUs_1"])
def test_what_is_not(value: Any) -> None:
    assert not is_plural(value)


def test_singulars() -> None:
    nouns = ["images", "batches", "classes", "entries", "boxes", "times"]
    assert [singular(n) for n in nouns] == ["image", "batch", "class", "entry", "box", "time"]


CELLS = [
    Cell(1, "markdown", "# A `title`\ntext\n```\n# no heading\n```"),
    Cell(2, "code", "# no heading"),
    Cell(3, "markdown", "no heading\n#hashtag"),
    Cell(4, "code", "x = 1"),
    Cell(5, "markdown", "## 4. The **model** ##\n\n### Blanks 1 and 2\nmore"),
    Cell(6, "code", "y = 2"),
]


@pytest.mark.parametrize(
    ("number", "heading"),
    [(None, ""), (1, ""), (2, "A title"), (4, "A title"), (6, "Blanks 1 and 2")],
)
def test_the_heading_above_a_cell(number: int | None, heading: str) -> None:
    assert heading_above(CELLS, number) == heading


def test_a_heading_is_cut_and_printable() -> None:
    cell = Cell(1, "markdown", "# \x1b[31m" + "a" * 500)
    heading = heading_above([cell], 2)
    assert len(heading) == 60
    assert heading.isprintable()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{images} images, 1 image", "{images} rows, 1 row"),
        ("other images' labels", "other rows' targets"),
        ("imagined labelled {labels:it|them}", "imagined labelled {labels:it|them}"),
    ],
)
def test_words_about_images_are_said_of_rows(text: str, said: str) -> None:
    assert of_rows(text) == said


def test_an_explanation_of_an_exception_speaks_of_rows() -> None:
    error = {"type": "RuntimeError", "message": "expected scalar type Long but found Float"}
    both = [" ".join(explain(error, rows=rows)) for rows in (False, True)]
    assert ["image" in text for text in both] == [True, False]
