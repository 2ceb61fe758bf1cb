"""`dunwell backtest`: what a policy would have done over a company's own last months, for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

from dunwell.wiring import House
from engine.backtest import Backtest
from engine.money import Money
from engine.policy import Policy
from engine.would import Would
from store import companies, policies
from store.backtests import run_backtest

SAMPLES = 10


def backtest_company(house: House, company_id: int, months: int, policy: Policy | None, *, as_json: bool) -> str:
    """The text to print. Without a policy, the one in force is tested. Raises LookupError for an unknown company."""
    with house.database.read() as session:
        name = companies.get(session, company_id).name
        tested = policy or policies.current(session, company_id)
    today = tested.calendar.day_of(house.parts.clock())
    result = run_backtest(house.database, company_id, tested, today, months)
    return as_document(company_id, result) if as_json else in_words(name, result)


def as_document(company_id: int, result: Backtest) -> str:
    """One JSON object: the fields of `engine.backtest.Backtest`, amounts as plain digits beside their currency."""
    plain = msgspec.to_builtins(result, enc_hook=str)
    for sample in plain["samples"]:
        sample["amounts"] = [str(Money(**amount)) for amount in sample["amounts"]]
    return json.dumps({"company": company_id} | plain, ensure_ascii=False)


def in_words(name: str, result: Backtest) -> str:
    lines = [
        f"{name}, {result.first_on} to {result.last_on}: what would have been done",
        f"  messages   {result.messages} to {result.written_to} of {result.customers} customers",
        f"  by kind    {_numbers(result.counts)}",
        f"  crossed    at most {result.had_paid} would have reached somebody who had already paid",
        "  busiest    " + (", ".join(f"{day} ({times})" for day, times in result.worst_days) or "no day"),
        "  most       " + (", ".join(f"{who} ({times})" for _, who, times in result.most_written) or "nobody"),
    ]
    lines += [f"  {month.first_on:%Y-%m}    {_numbers(month.counts)}" for month in result.months]
    if result.samples:
        lines += ["", "The last of them:", *(_sample(would) for would in result.samples[-SAMPLES:])]
    return "\n".join(lines)


def _sample(would: Would) -> str:
    crossed = " [had paid]" if would.had_paid else ""
    return f"  {would.on} {would.kind} {would.customer_name}{crossed}: {would.reason}"


def _numbers(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {kind.replace('_', ' ')}" for kind, number in counts.items()) or "nothing"
