"""A page as a browser's parser would see it, without a browser."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "input", "link", "br", "img", "circle", "path", "rect"}


class Page(HTMLParser):
    """Elements in document order, each as (tag, attributes, text inside)."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self._open = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag, attributes):
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), attributes
        self.elements.append([tag, dict(attributes), ""])
        if tag not in VOID:
            self._open.append(self.elements[-1])

    def handle_startendtag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        for element in self._open:
            element[2] += data

    def all(self, tag=None, **wanted):
        """Elements of a tag whose attributes are these; ``class_`` is one class of several."""
        name = wanted.pop("class_", None)
        return [
            element
            for element in self.elements
            if (tag is None or element[0] == tag)
            and (name is None or name in (element[1].get("class") or "").split())
            and all(element[1].get(key.replace("_", "-")) == value for key, value in wanted.items())
        ]

    def texts(self, tag=None, **wanted):
        return [" ".join(text.split()) for _, _, text in self.all(tag, **wanted)]

    @property
    def text(self):
        return next(text for tag, _, text in self.elements if tag == "body")

    def order(self, *elements):
        return [
            next(i for i, e in enumerate(self.elements) if e is element) for element in elements
        ]
