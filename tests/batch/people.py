"""Who is in a synthetic class: common names, the same ones twice, and names that do harm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.classroom import Student

if TYPE_CHECKING:
    from random import Random

_FAMILY = (("김", "kim"), ("이", "lee"), ("박", "park"), ("최", "choi"), ("정", "jung"))
_GIVEN = (
    *(("민수", "minsu"), ("서연", "seoyeon"), ("지훈", "jihoon"), ("하은", "haeun")),
    *(("도윤", "doyun"), ("수빈", "subin"), ("예준", "yejun"), ("지우", "jiwoo")),
)
_OTHERS = (
    *("Anna Schmidt", "José Núñez", "Łukasz Żak", "O'Brien, Mary-Jane", "Ng Wei", "X Æ A-12"),
    *("von der Leyen, Ulrich", "Σωκράτης Παπαδόπουλος", "محمد علي", "Müller; Jörg"),
)
HOSTILE_NAMES = (
    '=HYPERLINK("http://evil.example","click")',
    "<img src=x onerror=alert(1)>",
    "\x1b[2J\x1b[31mred\x07",
    "[bold red]markup[/bold red]",
    "gpj.\u202eexe.kim",
    "../../../../etc/passwd",
    "Robert'); DROP TABLE results;--",
    "{{ 7 * 7 }}{% raw %}",
    "::error::stolen",
    "x" * 300,
)


def people(count: int, rng: Random, hostile: bool) -> list[tuple[Student, str]]:
    """Return students, and how Canvas spells each one's name in a file's name."""
    numbers = rng.sample(range(10_000, 10_000 + 20 * count), count)
    found = []
    for place, number in enumerate(numbers):
        name, spelled = _name(rng)
        if hostile and place < len(HOSTILE_NAMES):
            name = HOSTILE_NAMES[place]
            spelled = _letters(name)
        section = rng.choice(("분반 1", "분반 2", "Section A"))
        found.append((Student(str(number), name, f"s{number}@example.edu", section), spelled))
    return found


def _name(rng: Random) -> tuple[str, str]:
    if rng.random() < 0.2:
        name = rng.choice(_OTHERS)
        return name, _letters(name) or "student"
    family, given = rng.choice(_FAMILY), rng.choice(_GIVEN)
    return family[0] + given[0], family[1] + given[1]


def _letters(name: str) -> str:
    return "".join(c for c in name.lower() if "a" <= c <= "z")[:80]
