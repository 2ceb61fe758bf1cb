"""Policies as files: read one with its errors at their place, show and save a company's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
import yaml
from pydantic import ValidationError

from dunwell.policy_problems import told, unknown_wordings
from dunwell.wiring import House
from engine.policy import Policy
from engine.policy.presets import PresetName, with_preset
from store import companies, policies


def read_policy(file: Path) -> Policy:
    """Raises click.UsageError that names every wrong field, its value and what was expected."""
    try:
        text = file.read_text(encoding="utf-8")
        policy = Policy.from_yaml(text)
    except UnicodeDecodeError:
        raise click.UsageError(f"{file} is not text in UTF-8") from None
    except yaml.YAMLError as error:
        raise click.UsageError(f"{file} is not YAML: {error}") from None
    except ValidationError as error:
        raise _invalid(file, told(error.errors(), text)) from None
    if wrong := list(unknown_wordings(policy, text)):
        raise _invalid(file, wrong)
    return policy


def _invalid(file: Path, wrong: Iterable[str]) -> click.UsageError:
    return click.UsageError(f"{file} is not a valid policy:\n  " + "\n  ".join(wrong))


def policy_of(house: House, company_id: int) -> Policy:
    """Raises LookupError for a company that is not there."""
    with house.database.read() as session:
        return policies.current(session, companies.get(session, company_id).id or 0)


def save_policy(house: House, company_id: int, policy: Policy) -> Policy:
    """Raises LookupError for a company that is not there."""
    now = house.parts.clock()
    with house.database.begin() as session:
        companies.get(session, company_id)
        saved = policies.save(session, company_id, policy, now, "command line")
        companies.bring_forward(session, company_id, now)
    return saved


def preset_for(house: House | None, company_id: int | None, name: PresetName) -> Policy:
    """A preset on top of a company's policy, or of the default one. Raises LookupError for a company not there."""
    own = Policy() if house is None or company_id is None else policy_of(house, company_id)
    return with_preset(own, name)
