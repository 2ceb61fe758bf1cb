"""PDF documents: headings, paragraphs and tables over as many pages as they need, by reportlab.

Plain values come in; nothing in them is markup, whoever wrote it. The typeface (DejaVu Sans Condensed, cut down to
Latin, Greek and Cyrillic) is embedded, so that a document reads the same everywhere; other scripts show as boxes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from importlib.resources import files
from io import BytesIO
from typing import Any

from msgspec import Struct
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, LongTable, PageTemplate, Paragraph, Spacer

PLAIN, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"
INK, FAINT, RULE = HexColor("#1d2433"), HexColor("#5a6475"), HexColor("#c9cfda")
MARGIN = 18 * mm
LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH", "CO", "CL"})
"""Where paper is 8½ by 11 inches."""


class Table(Struct, frozen=True, kw_only=True):
    """Rows under headings. `widths` are shares of the page; `right` the columns that hold amounts."""

    headings: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    widths: tuple[float, ...]
    right: frozenset[int] = frozenset()
    totals: Sequence[tuple[str, ...]] = ()
    """Rows in bold at the end."""


class Section(Struct, frozen=True, kw_only=True):
    """A part of a document: its heading, what is said, and a table."""

    heading: str = ""
    text: Sequence[str] = ()
    table: Table | None = None


class Document(Struct, frozen=True, kw_only=True):
    """A document, from its title to its foot, which stands on every page beside the page number."""

    title: str
    subtitle: str = ""
    sections: Sequence[Section]
    foot: str = ""
    country: str = ""
    """ISO 3166, of whoever prints it: the size of the paper there."""
    language: str = "en"
    watermark: str = ""
    """Across every page, for what is not to be used yet."""


def pdf(document: Document) -> bytes:
    """The document as PDF. The same values give the same bytes."""
    _load_typeface()
    written = BytesIO()
    size = LETTER if document.country in LETTER_COUNTRIES else A4
    frame = Frame(MARGIN, MARGIN, size[0] - 2 * MARGIN, size[1] - 2 * MARGIN, 0, 0, 0, 0)
    template = BaseDocTemplate(
        written,
        pagesize=size,
        title=document.title,
        author="",
        creator="Dunwell",
        invariant=1,
        lang=document.language,
    )
    page = PageTemplate(frames=[frame], onPage=lambda canvas, _made: _around(canvas, document, size))
    template.addPageTemplates([page])
    template.build(list(_flow(document, size[0] - 2 * MARGIN)))
    return written.getvalue()


def _flow(document: Document, width: float) -> Iterator[Flowable]:
    yield Paragraph(_plain(document.title), _style(17, bold=True, after=4))
    if document.subtitle:
        yield Paragraph(_plain(document.subtitle), _style(9.5, faint=True, after=10))
    for section in document.sections:
        if section.heading:
            yield Paragraph(_plain(section.heading), _style(11.5, bold=True, before=12, after=4, keep=True))
        for text in section.text:
            yield Paragraph(_plain(text).replace("\n", "<br/>"), _style(9.5, after=6))
        if section.table is not None:
            yield _table(section.table, width)
            yield Spacer(0, 6)


def _table(table: Table, width: float) -> Flowable:
    def row(cells: Sequence[str], *, bold: bool = False, faint: bool = False) -> list[Paragraph]:
        return [
            Paragraph(_plain(cell), _style(8, bold=bold, faint=faint, right=place in table.right))
            for place, cell in enumerate(cells)
        ]

    rows = [row(table.headings, faint=True), *map(row, table.rows), *(row(cells, bold=True) for cells in table.totals)]
    whole = sum(table.widths)
    made = LongTable(rows, [width * share / whole for share in table.widths], repeatRows=1, hAlign="LEFT")
    lines: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LEFTPADDING", (0, 0), (-1, -1), 3),
        ("RIGHTPADDING", (0, 0), (-1, -1), 3),
        ("TOPPADDING", (0, 0), (-1, -1), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
        ("LINEBELOW", (0, 0), (-1, 0), 0.8, FAINT),
        ("LINEBELOW", (0, 1), (-1, -1), 0.25, RULE),
    ]
    if table.totals:
        lines.append(("LINEABOVE", (0, -len(table.totals)), (-1, -len(table.totals)), 0.8, FAINT))
    made.setStyle(lines)
    return made


def _around(canvas: Any, document: Document, size: tuple[float, float]) -> None:
    canvas.saveState()
    if document.watermark:
        canvas.setFont(BOLD, 54)
        canvas.setFillColor(HexColor("#c0392b"), alpha=0.12)
        canvas.translate(size[0] / 2, size[1] / 2)
        canvas.rotate(50)
        canvas.drawCentredString(0, 0, document.watermark)
        canvas.rotate(-50)
        canvas.translate(-size[0] / 2, -size[1] / 2)
    canvas.setFont(PLAIN, 7.5)
    canvas.setFillColor(FAINT, alpha=1)
    canvas.drawString(MARGIN, MARGIN / 2, document.foot[:150])
    canvas.drawRightString(size[0] - MARGIN, MARGIN / 2, f"Page {canvas.getPageNumber()}")
    canvas.restoreState()


@lru_cache(maxsize=64)
def _style(
    size: float,
    *,
    bold: bool = False,
    faint: bool = False,
    right: bool = False,
    before: float = 0,
    after: float = 0,
    keep: bool = False,
) -> ParagraphStyle:
    return ParagraphStyle(
        "dunwell",
        fontName=BOLD if bold else PLAIN,
        fontSize=size,
        leading=size * 1.35,
        textColor=FAINT if faint else INK,
        alignment=2 if right else 0,
        spaceBefore=before,
        spaceAfter=after,
        keepWithNext=keep,
        splitLongWords=True,
    )


def _plain(text: str) -> str:
    """Escaped for reportlab, whose paragraphs read a little XML; control characters are dropped."""
    return escape("".join(char for char in text if char.isprintable() or char == "\n"), quote=False)


@lru_cache(maxsize=1)
def _load_typeface() -> None:
    for name in (PLAIN, BOLD):
        content = files(__package__).joinpath("fonts", f"{name}.ttf").read_bytes()
        pdfmetrics.registerFont(TTFont(name, BytesIO(content)))
