"""What a value in an instructor's file has to meet beyond its type, as part of the type.

``decode`` refuses what does not meet it, and a JSON Schema states it, as far as it can.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from math import isfinite
from typing import Annotated, Any


@dataclass(frozen=True)
class Within:
    """A number above a limit, or from ``least`` to ``most``; NaN and infinity are none."""

    above: float | None = None
    least: float | None = None
    most: float | None = None

    @property
    def hint(self) -> str:
        """What to write."""
        if self.above is not None:
            return f"a number above {self.above:g}"
        if self.most is None:
            return f"{self.least:g} or more" if self.least is not None else "a finite number"
        return f"a number from {self.least:g} to {self.most:g}"

    @property
    def schema(self) -> dict[str, Any]:
        """The same in the keywords of JSON Schema."""
        keywords = {
            "exclusiveMinimum": self.above,
            "minimum": self.least,
            "maximum": self.most,
        }
        return {key: value for key, value in keywords.items() if value is not None}

    def problem(self, value: float) -> str | None:
        """Return what is wrong with a number, if anything."""
        if not isfinite(value):
            return f"{value} is no amount"
        if self.above is not None and value <= self.above:
            return f"it has to be above {self.above:g}, not {value:g}"
        if self.least is not None and value < self.least:
            return f"it has to be {self.least:g} or more, not {value:g}"
        if self.most is not None and value > self.most:
            return f"it has to be {self.most:g} at most, not {value:g}"
        return None


@dataclass(frozen=True)
class Ascending:
    """A range: two finite numbers, the smaller one first."""

    least: float | None = None

    @property
    def hint(self) -> str:
        """What to write."""
        return "write the smaller one first" + (
            f", {self.least:g} or more" if self.least is not None else ""
        )

    @property
    def schema(self) -> dict[str, Any]:
        """The same in the keywords of JSON Schema, which cannot compare two numbers."""
        return {}

    def problem(self, value: tuple[float, float]) -> str | None:
        """Return what is wrong with a range, if anything."""
        low, high = value
        if not (isfinite(low) and isfinite(high)):
            return "a range has finite ends"
        if low > high:
            return f"the range from {low:g} to {high:g} is empty"
        if self.least is not None and low < self.least:
            return f"the range begins below {self.least:g}, with {low:g}"
        return None


@dataclass(frozen=True)
class NotEmpty:
    """A text with more than spaces in it, or a list with something in it."""

    hint: str = "write something here"

    @property
    def schema(self) -> dict[str, Any]:
        """The same in the keywords of JSON Schema: each is for one of the two types."""
        return {"minLength": 1, "minItems": 1}

    def problem(self, value: str | tuple[Any, ...]) -> str | None:
        """Return what is wrong with a text or a list, if anything."""
        there = value.strip() if isinstance(value, str) else value
        return None if there else "it is empty"


@dataclass(frozen=True)
class PythonCode:
    """A text that Python can read."""

    hint: str = "write it as it would stand in a cell"

    @property
    def schema(self) -> dict[str, Any]:
        """Nothing that JSON Schema could say."""
        return {}

    def problem(self, value: str) -> str | None:
        """Return what is wrong with a text, if anything."""
        try:
            tree = ast.parse(value.strip())
        except (SyntaxError, ValueError) as error:
            return f"it is no Python: {getattr(error, 'msg', error)}"
        return None if tree.body else "it is empty"


@dataclass(frozen=True)
class RegularExpression:
    """A text that is a regular expression of Python's."""

    hint: str = "write one of Python's, in single quotation marks"

    @property
    def schema(self) -> dict[str, Any]:
        """What JSON Schema says of it; its dialect differs a little."""
        return {"format": "regex"}

    def problem(self, value: str) -> str | None:
        """Return what is wrong with a text, if anything."""
        try:
            re.compile(value)
        except re.error as error:
            return f"it is no regular expression: {error}"
        return None


Amount = Annotated[float, Within(least=0)]
Seconds = Annotated[float, Within(above=0)]
Share = Annotated[float, Within(least=0, most=1)]
Count = Annotated[int, Within(least=1)]
SizeRange = Annotated[tuple[int, int], Ascending(least=1)]
NumberRange = Annotated[tuple[float, float], Ascending()]
Classes = Annotated[int, Within(least=2)]
Name = Annotated[str, NotEmpty()]
Regex = Annotated[str, RegularExpression()]
Code = Annotated[str, PythonCode()]
