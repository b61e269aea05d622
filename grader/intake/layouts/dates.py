"""Reads the dates that systems write into names, in any of their languages."""

from __future__ import annotations

import re
import unicodedata

# The beginnings of the months' names in English, French, Spanish, German, Portuguese, Italian,
# Dutch, Swedish, Danish, Norwegian, Turkish, Polish and Welsh, without accents.
_MONTHS = {
    start: number
    for number, starts in enumerate(
        (
            *("jan ene gen oca sty ion", "feb fev sub lut chwe", "mar mrt maw"),
            *("apr avr abr nis kwi ebr", "may mai mag mei maj", "jun juin giu haz cze meh"),
            *("jul juil lug tem lip gorf", "aug aou ago agu sie aws", "sep set eyl wrz wrze medi"),
            *("oct okt out ott eki pazd hyd", "nov kas lis tach", "dec dez dic ara gru des rhag"),
        ),
        start=1,
    )
    for start in starts.split()
}
_AFTERNOON = re.compile(r"(?i)(?<![^\W\d_])p\.? ?m\b|\bÖS\b|\bCH\b|오후|下午|午後")
_MORNING = re.compile(r"(?i)(?<![^\W\d_])a\.? ?m\b|\bÖÖ\b|\bSA\b|오전|上午|午前")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_YEARS = range(1990, 2100)
_THAI_YEARS = range(2533, 2643)


def date_in(text: str) -> tuple[int, ...]:
    """Return the (year, month, day, hour, minute, second) of ``Sep 24, 2024 1205 AM``, or nothing.

    The time comes last, on 12 or 24 hours, with or without a mark between its parts: file systems
    allow no colon.
    """
    numbers = [int(number) for number in _NUMBER.findall(text) if len(number) <= 4]
    year = next((place for place, number in enumerate(numbers) if number in _YEARS), None)
    if year is None:
        return ()
    # The last one: "mar. 24 sept. 2024" is a Tuesday in September.
    month = next(filter(None, map(_month, reversed(_WORD.findall(text)))), 0)
    # Before the year, or after it where the year comes first: the day, and the month as a number.
    here = 1 if month else 2
    if year >= here:
        day_and_month, time = numbers[year - here : year], numbers[year + 1 :]
    else:
        day_and_month, time = numbers[year + 1 : year + 1 + here][::-1], numbers[year + 1 + here :]
    if len(day_and_month) < here or not time:
        return ()
    day, month = day_and_month[0], month or day_and_month[1]
    if month > 12:
        day, month = month, day
    hour, minute, second = _time(time, text)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60):
        return ()
    return numbers[year], month, day, hour, minute, second


def written(date: tuple[int, ...]) -> str:
    """Return the text of a date from year to second, an empty one for no date."""
    if not date:
        return ""
    year, month, day, hour, minute, second = date[:6]
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}"


def looks_like_date(text: str) -> bool:
    """Whether a text is a date and a time, though its month may be a word that is not known."""
    numbers = [int(number) for number in _NUMBER.findall(text) if len(number) <= 4]
    return len(numbers) > 2 and any(n in _YEARS or n in _THAI_YEARS for n in numbers)


def _month(word: str) -> int:
    plain = unicodedata.normalize("NFKD", word.casefold().replace("\u0131", "i"))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _MONTHS.get(plain[:4]) or _MONTHS.get(plain[:3]) or 0


def _time(numbers: list[int], text: str) -> tuple[int, int, int]:
    """Return hour, minute and second of ``926 PM``, ``9 26 PM``, ``21:26`` or ``21:26:00``."""
    if len(numbers) == 1:
        numbers = [*divmod(numbers[0], 100)]
    hour, minute, second = (*numbers, 0)[:3]
    if _AFTERNOON.search(text):
        hour = hour % 12 + 12
    elif _MORNING.search(text):
        hour %= 12
    return hour, minute, second
