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
    "letter": ("debt", "charges", "claim", "daily", "reply_by"),
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
FILTERS = ("upper", "lower", "capitalize")
TEXTS = ("customer.name", "company.name", "sender.name", "sender.email", "invoice_number")
"""What filters may be put on: everything else is written the way the customer's country writes it."""
NUMBERS = ("count", "overdue_count")
"""What may be compared by size."""
EQUALITY = ("eq", "ne")
DEEPEST = 40
"""Levels of nesting; a message that needs more is none."""
LONGEST = {"subject": 300, "body": 10_000}
"""Characters of a template's own text."""
ALLOWED_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Const,
)


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
    if not source.strip():
        return [TemplateProblem(part, 1, "is empty")]
    if part == "subject" and len(source.splitlines()) > 1:
        return [TemplateProblem(part, 2, "a subject is a single line")]
    try:
        return [TemplateProblem(part, line, message) for line, message in _problems(_ENVIRONMENT.parse(source))]
    except TemplateSyntaxError as error:
        return [TemplateProblem(part, error.lineno, error.message or "cannot be read")]
    except (RecursionError, ValueError):
        return [TemplateProblem(part, 1, "is nested too deeply, or holds a number that is too long")]


def _problems(node: nodes.Node, depth: int = 0) -> Iterator[tuple[int, str]]:
    if depth > DEEPEST:
        yield node.lineno, "is nested too deeply"
    elif isinstance(node, nodes.Getattr | nodes.Name):
        yield from _field_problems(node)
    elif isinstance(node, nodes.Filter):
        yield from _filter_problems(node)
    elif isinstance(node, nodes.Compare):
        yield from _comparison_problems(node)
    elif isinstance(node, ALLOWED_NODES):
        for child in node.iter_child_nodes():
            yield from _problems(child, depth + 1)
    else:
        yield node.lineno, _why_not(node)


def _filter_problems(node: nodes.Filter) -> Iterator[tuple[int, str]]:
    if node.name not in FILTERS:
        yield node.lineno, f"there is no filter {node.name!r}: choose from {', '.join(FILTERS)}"
    if node.args or node.kwargs or node.dyn_args or node.dyn_kwargs:
        yield node.lineno, f"write {node.name!r} without brackets"
    if node.node is None or ".".join(_path(node.node)) not in TEXTS:
        yield node.lineno, f"filters are for {', '.join(TEXTS)}"


def _comparison_problems(node: nodes.Compare) -> Iterator[tuple[int, str]]:
    sides = [node.expr, *(operand.expr for operand in node.ops)]
    for side in sides:
        if isinstance(side, nodes.Getattr | nodes.Name):
            yield from _field_problems(side)
        elif not isinstance(side, nodes.Const):
            yield node.lineno, "compare a field with another field, a number or a text"
    if any(operand.op not in EQUALITY for operand in node.ops) and not all(map(_is_number, sides)):
        yield node.lineno, f"only {' and '.join(NUMBERS)} can be compared by size, and with numbers"


def _is_number(node: nodes.Node) -> bool:
    return ".".join(_path(node)) in NUMBERS or (isinstance(node, nodes.Const) and isinstance(node.value, int))


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
