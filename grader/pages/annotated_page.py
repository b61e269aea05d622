"""A student's whole notebook as a page, through nbconvert's HTML exporter."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined
from nbconvert.exporters.html import HTMLExporter

from grader.pages.annotated_notebook import notebook_of, shown_cells
from grader.pages.code import style_sheet
from grader.pages.feedback import facts
from grader.pages.markdown import markdown_html
from grader.pages.templating import harmless, quotes_apart, style
from grader.pages.views import views

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jinja2 import Environment
    from markupsafe import Markup
    from nbformat import NotebookNode

    from grader.classroom import Graded

_TEMPLATES = Path(__file__).parent / "templates"
_MOST_CELLS = 300  # those with a finding are always shown


def page_text(
    graded: Graded, notebook: NotebookNode, title: str, left_out: Iterable[str] = ()
) -> str:
    """Return a sanitised notebook as HTML that needs no other file, runs and loads nothing.

    ``left_out`` are sentences about what the notebook does not show.
    """
    cells = list(shown_cells(graded, notebook, _MOST_CELLS))
    rows, shown = views(graded, more=[cell.metadata.number for cell in cells])
    looks = style("look.css", "feedback.css", "annotated.css", style_sheet())
    page = _Variables(
        facts(graded, title),
        style={"css": looks.css, "policy": f"{looks.policy}; img-src data:"},
        rows=rows,
        cells={cell.number: cell for cell in shown},
        answers={},
        left_out=[*left_out, *_cells_left_out(len(notebook.cells) - len(cells))],
    )
    html, _ = _exporter().from_notebook_node(notebook_of(cells), {"page": page})
    return str(html)


class _Variables(dict[str, Any]):
    """The template's variables; nbconvert copies its resources, and these need no copy."""

    def __deepcopy__(self, _memo: object) -> _Variables:
        return self


class _Exporter(HTMLExporter):
    """nbconvert's exporter with our template, escaping all that a template shows."""

    def from_notebook_node(  # type: ignore[override]  # as nbconvert's own
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        """Render the template, and no more.

        ``HTMLExporter`` then parses the page and writes it anew to add texts to pictures that have
        none. Ours have some, and it takes longer than all the rest.
        """
        html, more = super(HTMLExporter, self).from_notebook_node(nb, resources, **options)
        return html, more

    @property
    def template(self) -> Any:
        """The template, which gets the page's variables beside nbconvert's own."""
        template = super().template

        def render(nb: NotebookNode, resources: dict[str, Any]) -> str:
            return str(template.render(nb=nb, resources=resources, **resources["page"]))

        return SimpleNamespace(render=render)

    def _create_environment(self) -> Environment:
        """Make Jinja's environment as those of the other pages; nbconvert's escapes nothing."""
        environment: Environment = super()._create_environment()
        environment.autoescape = True
        environment.finalize = harmless
        environment.undefined = StrictUndefined
        environment.trim_blocks = environment.lstrip_blocks = True
        return environment


@cache
def _exporter() -> _Exporter:
    return _Exporter(
        default_preprocessors=[],  # the cells have been prepared
        template_name="annotated",
        extra_template_basedirs=[str(_TEMPLATES)],
        extra_template_paths=[str(_TEMPLATES)],
        filters={"stranger_markdown": _markdown, "quotes_apart": quotes_apart},
    )


def _markdown(cell: NotebookNode) -> Markup:
    return markdown_html(cell.source, cell.get("attachments", {}))


def _cells_left_out(count: int) -> list[str]:
    """Return a line about the cells that are not shown."""
    if not count:
        return []
    cells = "1 cell without a finding is" if count == 1 else f"{count} cells without a finding are"
    return [f"The notebook is very long: {cells} left out here."]
