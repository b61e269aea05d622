"""A check of this assignment's own: which positions of a text may look at which.

`kind = "attention_mask"` in assignment.toml uses this file. The mask is compared place by place, so
that a student reads what is open that should be closed, and the other way round. How such a file is
written stands at the top of grader/checks/own.py; `grade new NAME --with-check` writes one.
"""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import torch

from grader.checks.own import Array, Remark

BLANK = 1


class Options(TypedDict):
    """What assignment.toml tells this check.

    ``texts`` is the number of calls, ``longest`` the length of the longest text in one.
    """

    texts: int
    longest: int


class Observation(TypedDict):
    """What `probe` returns: the mask of each call."""

    masks: list[Array]


WORDS = {
    "mask_of_other_shape": {
        "summary": "the mask has the wrong shape",
        "message": "For {n} texts of length {length} the mask has the shape {got}; it has to be {wanted}.",
        "why": "Each text has a square of its own: a row for each position, a column for each one it may see.",
        "hint": "print the shape of both masks before you put them together",
    },
    "mask_not_of_truth_values": {
        "summary": "the mask does not hold True and False",
        "message": "The mask holds numbers of type {got}, where True and False are asked for.",
        "why": "What PyTorch does with a mask depends on its type: numbers are added to the scores, and hide nothing.",
        "hint": "of which type are the two things that you put together?",
    },
    "mask_inverted": {
        "summary": "the mask is the wrong way round",
        "message": "Your mask is True exactly where it should be False, and False where it should be True.",
        "why": "This notebook's mask says who may be seen, not who may not.",
        "hint": "may position 0 see itself? Look at the first number of your mask",
    },
    "future_seen": {
        "summary": "positions see the future",
        "message": "Of {of} places that lie in the future your mask opens {count}: in a text of {length}, position {q} may look at position {k}.",
        "why": "Who sees the next character copies it, and learns nothing.",
        "hint": "rows are who looks, columns whom they look at: on which side of the diagonal lies the future?",
    },
    "padding_seen": {
        "summary": "padding is seen",
        "message": "Of {of} places that were only filled up your mask opens {count}: in a text with {real} of {length} characters, position {q} may look at position {k}.",
        "why": "What was filled up means nothing, and would be mixed into what does.",
        "hint": "real is about columns here: who is looked at",
    },
    "too_little_seen": {
        "summary": "positions see too little",
        "message": "Of {of} places that should be open your mask closes {count}: in a text with {real} of {length} characters, position {q} may not look at position {k}.",
        "why": "What is not seen cannot help to say what comes next.",
        "hint": "compare with the square in the text above the cell, row by row",
    },
}


def draw(rng, options):
    """Return texts as `real` has them: True up to a drawn length, in some calls everywhere."""
    calls = []
    for number in range(options["texts"]):
        n, length = int(rng.integers(2, 6)), int(rng.integers(6, options["longest"] + 1))
        lengths = rng.integers(2, length, (n, 1)) if number else np.full((n, 1), length)
        calls.append(np.arange(length) < lengths)
    return {"calls": calls}


def probe(student, challenge):
    """Return the mask that the student's function makes for each call."""
    return {"masks": [student(torch.tensor(real)) for real in challenge["calls"]]}


def judge(observed, expected, challenge):
    """Return what differs first, in the order: shape, the other way round, each place, type."""
    triples = list(zip(challenge["calls"], observed["masks"], expected["masks"], strict=True))
    for real, got, wanted in triples:
        if got.shape != wanted.shape:
            facts = {
                "n": len(real),
                "length": real.shape[1],
                "got": got.shape,
                "wanted": wanted.shape,
            }
            return [Remark("mask_of_other_shape", blank=BLANK, facts=facts)]
    pairs = [(got != 0, wanted != 0) for _, got, wanted in triples]
    if all((opened != right).all() for opened, right in pairs):
        return [Remark("mask_inverted", blank=BLANK)]
    remarks = _places([real for real, *_ in triples], pairs)
    if not remarks and any(got.dtype != bool for _, got, _ in triples):
        got = next(str(mask.dtype) for _, mask, _ in triples if mask.dtype != bool)
        remarks = [Remark("mask_not_of_truth_values", blank=BLANK, facts={"got": got})]
    return remarks


def _places(texts, pairs):
    """Return a remark for each sort of place that is open or closed by mistake."""
    remarks = []
    for code in ("future_seen", "padding_seen", "too_little_seen"):
        count, of, first = 0, 0, {}
        for real, (opened, right) in zip(texts, pairs, strict=True):
            length = real.shape[1]
            future = np.broadcast_to(np.arange(length) > np.arange(length)[:, None], right.shape)
            sort = {
                "future_seen": future,
                "padding_seen": ~future & ~real[:, None, :],
                "too_little_seen": right,
            }[code]
            wrong = np.argwhere(sort & (opened != right))
            count, of = count + len(wrong), of + int(sort.sum())
            if len(wrong) and not first:
                text, q, k = (int(place) for place in wrong[0])
                first = {"q": q, "k": k, "length": length, "real": int(real[text].sum())}
        if count:
            remarks.append(Remark(code, blank=BLANK, facts={**first, "count": count, "of": of}))
    return remarks
