"""Every answer of a platform lost, cut or wrong, before and after its effect; the mail server gone at every word."""

from __future__ import annotations

from itertools import product

import pytest

from sandbox.faults import Fault
from tests.crash.conftest import Count
from tests.crash.scenes import IS_EXHAUSTIVE, TROUBLED, Scene
from tests.crash.stage import Case, Stage
from tests.crash.trying import try_all, undisturbed

TROUBLE = (
    Fault("drop_before"),
    Fault("drop_after"),
    Fault("truncate"),
    Fault("status", args={"code": 503}),
    Fault("status", args={"code": 500, "after": True}),
)
MORE_TROUBLE = (
    Fault("empty"),
    Fault("html"),
    Fault("status", args={"code": 401}),
    Fault("status", args={"code": 403}),
    Fault("status", args={"code": 429, "headers": {"Retry-After": "30"}}),
)
MAIL_TROUBLE = ("smtp_reject", "smtp_later", "smtp_cut_before_data", "smtp_cut_after_data")


def words(fault: Fault) -> str:
    return " ".join([fault.name, *(f"{name}={value}" for name, value in fault.args.items() if name != "headers")])


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("scene", TROUBLED, ids=lambda scene: scene.name)
@pytest.mark.parametrize("fault", TROUBLE + MORE_TROUBLE if IS_EXHAUSTIVE else TROUBLE, ids=words)
def test_any_call_may_go_wrong(stage: Stage, platform: str, scene: Scene, fault: Fault, count: Count) -> None:
    points, expected = undisturbed(stage, scene, platform)
    calls = points.count("call")

    def go_wrong(case: Case, call: int) -> None:
        faults = case.trial.sandbox.faults
        faults.add(Fault(fault.name, skip=call, args=fault.args))
        case.run()
        assert not faults.waiting or not faults.waiting[0].times, "it did not come to the call that was to go wrong"

    found = list(try_all(stage, scene, platform, range(calls), go_wrong, expected))
    count(calls)
    assert "\n".join(found) == ""


@pytest.mark.parametrize("scene", TROUBLED, ids=lambda scene: scene.name)
def test_any_mail_may_go_wrong(stage: Stage, platform: str, scene: Scene, count: Count) -> None:
    _, expected = undisturbed(stage, scene, platform)
    cases = list(product(range(expected.messages.total()), MAIL_TROUBLE))

    def go_wrong(case: Case, where: tuple[int, str]) -> None:
        case.trial.sandbox.faults.add(Fault(where[1], skip=where[0]))
        case.run()

    found = list(try_all(stage, scene, platform, cases, go_wrong, expected))
    count(len(cases))
    assert "\n".join(found) == ""
