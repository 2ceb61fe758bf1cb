"""The messages that customers get: from a template and the facts, a subject, a text and an HTML twin.

The house's own templates are the files in `texts/`, one per step of the default ladder, in a folder of its own for each
language but English. A company's own wording goes
through the same door, after `check_template`. Sending is `smtp`'s job; when and to whom is the engine's.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from css_inline import CSSInliner
from jinja2 import Environment, Template
from msgspec import Struct

from connectors.mail.brand import look_of
from connectors.mail.clean import one_line
from connectors.mail.context import MessageContext, Writer, safe_url
from connectors.mail.guard import TemplateProblem, problems_in
from connectors.mail.markup import Filled
from engine.telling import LANGUAGES, catalogue

NAMES = (
    *("pre_due", "reminder_1", "reminder_2", "reminder_3", "reminder_4", "final_notice"),
    *("discount_offer", "statement", "thank_you"),
)
"""The house's own templates: the ladder from the gentlest to the last, and what is said beside it."""

STOP = "Stop these emails"
_INLINER = CSSInliner(load_remote_stylesheets=False, keep_style_tags=False, keep_at_rules=True)


class Source(Struct, frozen=True):
    """A template as its author writes it."""

    subject: str
    body: str


class Rendered(Struct, frozen=True):
    """One message, ready for `ports.Mail`: the subject is a single line, text and HTML say the same."""

    subject: str
    text: str
    html: str


class BadTemplateError(ValueError):
    """A template holds something that no template may. `problems` says what and where."""

    def __init__(self, problems: list[TemplateProblem]) -> None:
        super().__init__("; ".join(f"{each.part}, line {each.line}: {each.message}" for each in problems))
        self.problems = problems


@lru_cache(maxsize=len(NAMES) * len(LANGUAGES))
def template(name: str, language: str = "en") -> Source:
    """One of the house's own templates. Raises KeyError for a name that is not in `NAMES`."""
    if name not in NAMES:
        raise KeyError(f"there is no template {name!r}: choose from {', '.join(NAMES)}")
    folder = files(__package__).joinpath("texts", *(() if language == "en" else (language,)))
    subject, body = folder.joinpath(f"{name}.txt").read_text("utf-8").split("\n\n", 1)
    return Source(subject.removeprefix("Subject: "), body)


def check_template(subject: str, body: str) -> list[TemplateProblem]:
    """Everything wrong with a template, for its author; empty when it may be used."""
    return problems_in("subject", subject) + problems_in("body", body)


def render(name: str, context: MessageContext) -> Rendered:
    """A message from one of the house's own templates. Raises KeyError for an unknown name."""
    return render_source(template(name, context.language), context)


def render_source(source: Source, context: MessageContext) -> Rendered:
    """A message from any template. Raises BadTemplateError for one that `check_template` finds fault with."""
    if problems := _checked(source):
        raise BadTemplateError(problems)
    subject = one_line(Filled(source.subject, context).text(), 200)
    body = Filled(source.body, context)
    say, company = Writer(context.country, context.language).say, one_line(context.company_name, 80)
    page = _layout().render(
        subject=subject,
        look=look_of(context.colour),
        logo_url=safe_url(context.logo_url),
        company=company,
        body=body.html(),
        unsubscribe_url=safe_url(context.unsubscribe_url),
        language=context.language,
        why=say(f"You receive this message because {company} has sent you an invoice. Replies reach a person."),
        stop=say(STOP),
    )
    return Rendered(subject=subject, text=_with_footer(body.text(), context), html=_INLINER.inline(page))


@lru_cache(maxsize=256)
def _checked(source: Source) -> list[TemplateProblem]:
    return check_template(source.subject, source.body)


def _with_footer(text: str, context: MessageContext) -> str:
    url = safe_url(context.unsubscribe_url)
    return text + "\n" + (f"\n--\n{catalogue(context.language).message(STOP)}: {url}\n" if url else "")


@lru_cache(maxsize=1)
def _layout() -> Template:
    return Environment(autoescape=True).from_string(files(__package__).joinpath("layout.html").read_text("utf-8"))
