"""Graded students for the tests of gradebooks."""

from __future__ import annotations

from dataclasses import replace

from grader.classroom import Graded, Override, Student
from grader.gradebooks import fill, open_gradebook
from grader.notebook.read import Cell
from grader.report import Status
from tests.reports import samples

CELLS = (Cell(1, "code", "pass"),)


def student(id_, name="", email="", section="") -> Student:
    return Student(id_, name, email, section)


def graded(who, score=80.0, **fields) -> Graded:
    """A student with that many points, spread over the checks from the first on."""
    who = who if isinstance(who, Student) else student(who)
    checks, left = [], score
    for id_ in samples.TITLES:
        points = min(left, 20.0)
        status = Status.PASSED if points == 20 else Status.FAILED
        checks.append(samples.check(id_, status, points))
        left -= points
    report = samples.report(*checks)
    known = {"origin": f"{who.id}.ipynb", "group": "g1", "cells": CELLS}
    return Graded(student=who, report=report, **(known | fields))


def broken_down(who, **fields) -> Graded:
    """A student on whose last check the grader itself failed."""
    one = graded(who, 80.0, **fields)
    *others, last = one.report.checks
    checks = (*others, replace(last, status=Status.INTERNAL_ERROR))
    return replace(one, report=replace(one.report, checks=checks))


def decided(one, **override) -> Graded:
    return replace(one, override=Override(**({"reason": "because"} | override)))


def fill_in(source, out, students, column=None, assignment=(), download=()):
    """Open the gradebook as a run does, and fill it in."""
    return fill(open_gradebook(source, column, assignment, download), out, iter(students))
