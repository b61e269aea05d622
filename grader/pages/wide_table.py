"""The style of the table of students, which keeps names and scores on a screen that is narrow."""

from __future__ import annotations

_PAGE = 77  # rem: the widest that the page's content gets
_MARGINS = 6  # rem: what a screen is wider than the content, with its scroll bar


def wide_table(least: float, stay: int) -> str:
    """Return CSS for a table that needs ``least`` rem.

    Where the screen has less, the table alone scrolls sideways, and the first ``stay`` columns stay
    on it: the names, and the scores if there are two.
    """
    screen = f"(max-width: {least + _MARGINS}rem)" if least <= _PAGE else "all"
    stays = f":nth-child(-n + {stay})"
    return f"""\
#class {{ --least: {least}rem; --name: 10rem; }}
@media screen and {screen} {{
  #students .scroll {{ overflow-x: auto; }}
  #class tbody tr > {stays} {{ position: sticky; left: 0; z-index: 1; background: var(--page); }}
  #class thead tr > {stays} {{ position: sticky; left: 0; z-index: 3; }}
  #class thead th:nth-child(n) {{ top: 0; }}
  #class tr > :nth-child(2){stays} {{ left: var(--name); }}
}}
@media screen and (max-width: 44rem) {{
  #class {{ --name: 8rem; }}
}}
"""
