"""In which language a page speaks: the reader's own choice, else what their browser asks for, else English.

On a page for a customer it is the language that the company has noted for them. What is said is the catalogue's
business (`engine.telling`); how amounts and days are written follows the company's country too (`webapp.formatting`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from babel import Locale
from flask import Flask, g, has_request_context, request
from markupsafe import Markup
from wtforms import Field

from engine.telling import LANGUAGES, catalogue
from webapp.words import Words


def install(app: Flask) -> None:
    """Make every template speak the reader's language."""
    app.jinja_env.add_extension(Words)
    app.jinja_env.globals.update(told_here=told_here, speaking=speaking, language=language)
    app.jinja_env.globals.update(direction=direction, languages=LANGUAGES)


def language() -> str:
    """One of `LANGUAGES`, for the answer being made."""
    if not has_request_context():
        return "en"
    if "language" not in g:
        g.language = chosen() or request.accept_languages.best_match(LANGUAGES) or "en"
    return cast(str, g.language)


def chosen() -> str:
    """What the person signed in has chosen; empty where nobody has."""
    user = g.get("user")
    found = user.language if user is not None else ""
    return found if found in LANGUAGES else ""


def direction() -> str:
    """`ltr` or `rtl`."""
    return str(Locale(language()).text_direction)


def told_here(message: str, /, **facts: object) -> Markup:
    """A template's text in the reader's language, the facts escaped and in their slots."""
    return Markup(catalogue(language()).message(message)).format(**facts)  # noqa: S704  # our own words, not a fact


def in_reader_s_words(sentence: str) -> str:
    """A finished sentence of ours, from a view, a form or a decision, in the reader's language."""
    return catalogue(language()).sentence(sentence)


def speaking(field: Field) -> Field:
    """A form field whose choices are in the reader's language. Choices that are names are not ours, and stay."""
    if language() != "en" and (choices := getattr(field, "choices", None)):
        field.choices = [replace(one, label=in_reader_s_words(str(one.label))) for one in choices]
    return field
