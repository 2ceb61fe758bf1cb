"""The parts of a message that Dunwell lays out itself, as text and as HTML: invoice table, how to pay, signature."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from connectors.mail.clean import one_line
from connectors.mail.context import Block, MessageContext, Writer, safe_url, totals
from engine.plan import InvoiceDue


class Piece(Struct, frozen=True):
    """One value as it is written down: plain text and HTML, the latter already escaped."""

    text: str
    html: Markup
    is_block: bool = False


def lay_out(block: Block, context: MessageContext, writer: Writer) -> Piece:
    return _LAYOUTS[block.name](context, writer)


def when_due(invoice: InvoiceDue, writer: Writer) -> str:
    """How late an invoice is, as people say it."""
    days = abs(invoice.days_overdue)
    if days == 0:
        return writer.say("due today")
    count = "1 day" if days == 1 else f"{days} days"
    return writer.say(f"{count} overdue" if invoice.days_overdue > 0 else f"due in {count}")


def _invoice_table(context: MessageContext, writer: Writer) -> Piece:
    rows = [
        (
            _called(invoice, writer),
            writer.write(invoice.due_on),
            when_due(invoice, writer),
            writer.write(invoice.balance),
        )
        for invoice in sorted(context.invoices, key=lambda invoice: invoice.due_on)
    ]
    sums = [writer.write(total) for total in totals(context.invoices)]
    heads = tuple(writer.say(head) for head in HEADINGS)
    total = writer.say("Total")
    return Piece(_table_as_text(rows, sums, heads, total), _table_as_html(rows, sums, heads, total), is_block=True)


def _called(invoice: InvoiceDue, writer: Writer) -> str:
    """The number, which instalment it stands for, and whose it is where that is a sub-customer of the reader's."""
    parts = (one_line(invoice.number, 40), writer.instalment(invoice), one_line(invoice.customer, 60))
    return " – ".join(filter(None, parts))


Row = tuple[str, str, str, str]
HEADINGS = ("Invoice", "Due date", "Status", "Balance")


def _table_as_text(rows: list[Row], sums: list[str], heads: tuple[str, ...], total: str) -> str:
    lines: list[tuple[str, ...]] = [heads, *rows, *((total, "", "", amount) for amount in sums)]
    widths = [max(len(line[column]) for line in lines) for column in range(4)]
    written = [
        "  ".join(
            [*(cell.ljust(width) for cell, width in zip(line[:3], widths, strict=False)), line[3].rjust(widths[3])]
        )
        for line in lines
    ]
    rule = "-" * len(written[0])
    return "\n".join([written[0], rule, *written[1 : len(rows) + 1], rule, *written[len(rows) + 1 :]])


def _table_as_html(rows: list[Row], sums: list[str], heads: tuple[str, ...], total: str) -> Markup:
    head = Markup("").join(
        Markup('<th scope="col" class="{}">{}</th>').format("amount" if head == heads[-1] else "", head)
        for head in heads
    )
    body = Markup("").join(
        Markup('<tr><td class="number">{}</td><td>{}</td><td>{}</td><td class="amount">{}</td></tr>').format(*row)
        for row in rows
    )
    foot = Markup("").join(
        Markup('<tr class="total"><th scope="row" colspan="3">{}</th><td class="amount">{}</td></tr>').format(
            total, amount
        )
        for amount in sums
    )
    return Markup('<table class="invoices"><thead><tr>{}</tr></thead><tbody>{}{}</tbody></table>').format(
        head, body, foot
    )


BY_THE_INVOICE = (
    "To pay, please use the payment details shown on the invoice, with the invoice number as the reference."
)


def _how_to_pay(context: MessageContext, writer: Writer) -> Piece:
    parts = []
    if url := safe_url(context.pay_url):
        parts.append(_link(writer.say("You can pay online here:"), writer.say("Pay online"), url))
    else:
        said = writer.say(BY_THE_INVOICE)
        parts.append(Piece(said, Markup("<p>{}</p>").format(said)))
    if url := safe_url(context.statement_url):
        said = writer.say("All your open invoices, and a way to tell us about them:")
        parts.append(_link(said, writer.say("See your account"), url))
    html = Markup("\n").join(part.html for part in parts)
    return Piece("\n\n".join(part.text for part in parts), html, is_block=True)


def _link(said: str, label: str, url: str) -> Piece:
    button = Markup('<p class="pay"><a class="button" href="{}">{}</a></p>').format(url, label)
    return Piece(f"{said}\n{url}", button)


def _signature(context: MessageContext, writer: Writer) -> Piece:
    names = list(dict.fromkeys([context.sender, one_line(context.company_name, 80)]))
    html = Markup("<br>").join(names)
    regards = writer.say("Kind regards,")
    return Piece("\n".join([regards, *names]), Markup("<p>{}<br>{}</p>").format(regards, html), is_block=True)


_LAYOUTS = {"invoice_table": _invoice_table, "how_to_pay": _how_to_pay, "signature": _signature}
