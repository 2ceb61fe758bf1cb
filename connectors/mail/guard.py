"""What a message template may contain: text, the documented fields, a few filters, and `if`. All else is refused.

A sandbox alone stops what a template may touch, not what it may cost: `{{ 'a' * 10**9 }}` and nested loops are plain
Jinja. So a list of what is allowed is held against the parsed template, when it is saved and again when it is used.
"""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from msgspec import Struct

FIELDS: dict[str, tuple[str, ...]] = {
    "customer": ("name",),
    "company": ("name",),
    "sender": ("name", "email"),
    "discount": ("percent", "saving", "last_day", "amount"),
    "count": (),
    "total": (),
    "invoice_number": (),
    "first_due_date": (),
    "overdue_count": (),
    "overdue_total": (),
    "overdue_for": (),
    "today": (),
    "invoice_table": (),
    "how_to_pay": (),
    "signature": (),
}
"""Every field a template may use; those with parts are written `customer.name`. What they hold: `context.fields_of`."""
FILTERS = ("upper", "lower", "capitalize", "default")
LONGEST = {"subject": 300, "body": 10_000}
"""Characters of a template's own text."""
PLAIN_NODES = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Compare, nodes.Operand)
LOGIC_NODES = (nodes.And, nodes.Or, nodes.Not, nodes.Const)


class TemplateProblem(Struct, frozen=True):
    """What is wrong with a template, and where: `part` is "subject" or "body", `line` counts from 1."""

    part: str
    line: int
    message: str


def environment() -> ImmutableSandboxedEnvironment:
    """The one environment that templates are parsed and rendered in."""
    made = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=False, undefined=StrictUndefined
    )
    made.globals.clear()
    made.tests.clear()
    made.filters = {name: made.filters[name] for name in FILTERS}
    return made


_ENVIRONMENT = environment()


def problems_in(part: str, source: str) -> list[TemplateProblem]:
    """Everything wrong with one part of a template; empty when it is fit to use."""
    if len(source) > LONGEST[part]:
        return [TemplateProblem(part, 1, f"is longer than {LONGEST[part]} characters")]
    if part == "subject" and len(source.splitlines()) > 1:
        return [TemplateProblem(part, 2, "a subject is a single line")]
    try:
        return [TemplateProblem(part, line, message) for line, message in _problems(_ENVIRONMENT.parse(source))]
    except TemplateSyntaxError as error:
        return [TemplateProblem(part, error.lineno, error.message or "cannot be read")]
    except RecursionError:
        return [TemplateProblem(part, 1, "is nested too deeply")]


def _problems(node: nodes.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, nodes.Getattr | nodes.Name):
        yield from _field_problems(node)
        return
    if isinstance(node, nodes.Filter):
        if node.name not in FILTERS:
            yield node.lineno, f"there is no filter {node.name!r}: choose from {', '.join(FILTERS)}"
    elif not isinstance(node, PLAIN_NODES + LOGIC_NODES):
        yield node.lineno, _why_not(node)
        return
    for child in node.iter_child_nodes():
        yield from _problems(child)


def _field_problems(node: nodes.Getattr | nodes.Name) -> Iterator[tuple[int, str]]:
    path = _path(node)
    name, part = (*path, "")[:2]
    if name not in FIELDS or len(path) > 2:
        yield node.lineno, f"there is no field {'.'.join(path) or '?'!r}: choose from {', '.join(FIELDS)}"
    elif FIELDS[name] and part not in FIELDS[name]:
        choices = ", ".join(f"{name}.{known}" for known in FIELDS[name])
        yield node.lineno, f"{'.'.join(path)!r} is not a field: write {choices}"
    elif part and not FIELDS[name]:
        yield node.lineno, f"{name!r} has no parts: write {{{{ {name} }}}}"


def _path(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        before = _path(node.node)
        return (*before, node.attr) if before else ()
    return ()


def _why_not(node: nodes.Node) -> str:
    if isinstance(node, nodes.For):
        return "loops are not allowed: {{ invoice_table }} lists the invoices"
    if isinstance(node, nodes.Call):
        return "calls are not allowed: fields are written {{ customer.name }}"
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
        return "sums are not allowed: every figure comes ready to be shown"
    return f"{type(node).__name__.lower()} is not allowed: use text, fields and if"
