"""What is wrong with a policy file, at its place: the line, the field, and what was expected instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

import yaml
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from connectors.mail.templates import NAMES
from engine.policy import Policy, Step

Place = Sequence[int | str]


def told(problems: Sequence[ErrorDetails], text: str) -> Iterator[str]:
    """One line for each thing that the policy refuses."""
    for problem in problems:
        yield f"{_where(problem['loc'], text)}: {_what(problem)}"


def unknown_wordings(policy: Policy, text: str) -> Iterator[str]:
    """Steps whose wording does not exist: it would be missed only when the message is to go out."""
    ladders: list[tuple[Place, Sequence[Step]]] = [(("ladder",), policy.ladder)]
    ladders += [(("groups", at, "ladder"), group.ladder or ()) for at, group in enumerate(policy.groups)]
    for place, steps in ladders:
        for number, step in enumerate(steps):
            if step.channel == "email" and step.template not in NAMES:
                where = _where((*place, number, "template"), text)
                yield f"{where}: there is no wording {step.template!r}: choose from {', '.join(NAMES)}"


def _where(place: Place, text: str) -> str:
    named = ", ".join(f"entry {part + 1}" if isinstance(part, int) else part for part in place)
    return f"line {_line(place, text)}, {named}" if place else "the whole"


def _line(place: Place, text: str) -> int:
    """The line on which the place begins, as far down as the file has it."""
    node = yaml.compose(text, yaml.SafeLoader)
    line = 1
    for part in place:
        found: yaml.Node | None = None
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == part), None)
            line = next((key.start_mark.line + 1 for key, _ in node.value if key.value == part), line)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            found = node.value[part]
            line = found.start_mark.line + 1
        node = found
    return line


def _what(problem: ErrorDetails) -> str:
    if problem["type"] == "extra_forbidden":
        known = sorted(_fields(problem["loc"][:-1]))
        near = get_close_matches(str(problem["loc"][-1]), known, 1)
        return "there is no such field" + (
            f": did you mean {near[0]!r}?" if near else f": choose from {', '.join(known)}"
        )
    if problem["type"] == "model_type":
        return f"expected fields such as {', '.join(list(_fields(problem['loc']))[:3])}"
    return problem["msg"].removeprefix("Value error, ")


def _fields(place: Place) -> Mapping[str, Any]:
    """The fields of the section at a place of the document."""
    model: type[BaseModel] = Policy
    for part in place:
        if isinstance(part, str) and part in model.model_fields:
            model = next(_models(model.model_fields[part].annotation), model)
    return model.model_fields


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every section that a field may hold, however it is wrapped."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
