"""The parts of a message that Dunwell lays out itself, as text and as HTML: invoice table, how to pay, signature."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from connectors.mail.clean import one_line
from connectors.mail.context import Block, MessageContext, Writer, in_days, safe_url, totals
from engine.plan import InvoiceDue


class Piece(Struct, frozen=True):
    """One value as it is written down: plain text and HTML, the latter already escaped."""

    text: str
    html: Markup
    is_block: bool = False


def lay_out(block: Block, context: MessageContext, writer: Writer) -> Piece:
    return _LAYOUTS[block.name](context, writer)


def when_due(invoice: InvoiceDue) -> str:
    """How late an invoice is, as people say it."""
    days = invoice.days_overdue
    if days == 0:
        return "due today"
    return f"{in_days(days)} overdue" if days > 0 else f"due in {in_days(-days)}"


def _invoice_table(context: MessageContext, writer: Writer) -> Piece:
    rows = [
        (one_line(invoice.number, 40), writer.write(invoice.due_on), when_due(invoice), writer.write(invoice.balance))
        for invoice in sorted(context.invoices, key=lambda invoice: invoice.due_on)
    ]
    sums = [writer.write(total) for total in totals(context.invoices)]
    return Piece(_table_as_text(rows, sums), _table_as_html(rows, sums), is_block=True)


Row = tuple[str, str, str, str]
HEADINGS: Row = ("Invoice", "Due date", "Status", "Balance")


def _table_as_text(rows: list[Row], sums: list[str]) -> str:
    lines: list[Row] = [HEADINGS, *rows, *(("Total", "", "", total) for total in sums)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    written = [
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line[:3], widths, strict=False)), line[3].rjust(widths[3])]
        )
        for line in lines
    ]
    rule = "-" * len(written[0])
    return "\n".join([written[0], rule, *written[1 : len(rows) + 1], rule, *written[len(rows) + 1 :]])


def _table_as_html(rows: list[Row], sums: list[str]) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format("amount" if heading == "Balance" else "", heading)
        for heading in HEADINGS
    )
    body = Markup("").join(
        Markup('<tr><td class="number">{}</td><td>{}</td><td>{}</td><td class="amount">{}</td></tr>').format(*row)
        for row in rows
    )
    foot = Markup("").join(
        Markup('<tr class="total"><th scope="row" colspan="3">Total</th><td class="amount">{}</td></tr>').format(total)
        for total in sums
    )
    return Markup('<table class="invoices"><thead><tr>{}</tr></thead><tbody>{}{}</tbody></table>').format(
        head, body, foot
    )


BY_THE_INVOICE = (
    "To pay, please use the payment details shown on the invoice, with the invoice number as the reference."
)


def _how_to_pay(context: MessageContext, _writer: Writer) -> Piece:
    parts = []
    if url := safe_url(context.pay_url):
        parts.append(_link("You can pay online here:", "Pay online", url))
    else:
        parts.append(Piece(BY_THE_INVOICE, Markup("<p>{}</p>").format(BY_THE_INVOICE)))
    if url := safe_url(context.statement_url):
        parts.append(_link("All your open invoices, and a way to tell us about them:", "See your account", url))
    html = Markup("\n").join(part.html for part in parts)
    return Piece("\n\n".join(part.text for part in parts), html, is_block=True)


def _link(said: str, label: str, url: str) -> Piece:
    button = Markup('<p class="pay"><a class="button" href="{}">{}</a></p>').format(url, label)
    return Piece(f"{said}\n{url}", button)


def _signature(context: MessageContext, _writer: Writer) -> Piece:
    names = list(dict.fromkeys([context.sender, one_line(context.company_name, 80)]))
    html = Markup("<br>").join(names)
    return Piece("\n".join(["Kind regards,", *names]), Markup("<p>Kind regards,<br>{}</p>").format(html), is_block=True)


_LAYOUTS = {"invoice_table": _invoice_table, "how_to_pay": _how_to_pay, "signature": _signature}
