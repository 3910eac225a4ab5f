"""Propensities that cannot be right are told by campaign; the rows go in all the same."""

from __future__ import annotations

import random
from collections.abc import Iterable

import pytest

from copilot.shop.ingest import ingest
from copilot.store import Store
from tests.unit.shop.ingest.exports import Export

HEAD = (
    "exposure_id,campaign_id,customer_id,sent_at,channel,offer_type,offer_value,arm_id,subject,propensity,"
    "converted,revenue,discount\n"
)
# Channel, offer, its value, arm, subject, propensity.
TEN = "email,percent_off,10,,,"
TWENTY = "email,percent_off,20,,,"
HELD = "holdout,none,,,,"


def exposures(*arms: str, campaign: str = "k1") -> str:
    """A row for each of these."""
    rows = [f"{campaign}-{n},{campaign},c{1 + n % 3},2024-03-01,{arm},0,0,0\n" for n, arm in enumerate(arms)]
    return "".join(rows)


def noted(notes: Iterable[str]) -> list[str]:
    """What is said of propensities."""
    return [note for note in notes if "propensities" in note]


@pytest.mark.parametrize(
    "arms",
    [
        [f"{TEN}0.4", f"{TWENTY}0.4", f"{HELD}0.2"],
        [f"{TEN}0.4", f"{TEN}0.4", f"{TEN}0.4", f"{HELD}0.6"],
        [f"{TEN}0.335", f"{TWENTY}0.335", f"{HELD}0.34"],
        [f"{TEN}1"],
        [TEN, HELD],
        [f"{TEN}0.5", HELD],
        ["email,none,,a,Dear Anna,0.5", "email,none,,a,Dear Ben,0.5", "email,none,,b,Dear Anna,0.5"],
        ["email,none,,,Soap,0.5", "email,none,,,Robots,0.5"],
        ["email,percent_off,10,a,,0.5", "holdout,none,,b,,0.5", "holdout,none,,,,0.5"],
    ],
    ids=[
        "three arms",
        "more rows than arms",
        "rounded",
        "everybody",
        "unknown",
        "one arm unknown",
        "by arm_id",
        "by copy",
        "held out is one arm",
    ],
)
def test_propensities_that_sum_to_one_over_the_arms_are_not_mentioned(
    store: Store, export: Export, arms: list[str]
) -> None:
    result = ingest(store, export(exposures=HEAD + exposures(*arms)))
    assert result.rejected == 0
    assert noted(result.notes) == []


@pytest.mark.parametrize(
    ("arms", "total"),
    [
        ([f"{TEN}0.5", f"{TWENTY}0.5", f"{HELD}0.5"], "1.50 over its 3 arms"),
        ([f"{TEN}0.45", f"{TWENTY}0.45"], "0.90 over its 2 arms"),
        ([f"{TEN}0.9", f"{TWENTY}0.9", HELD], "1.80 over its 3 arms"),
    ],
    ids=["too much", "nobody held out", "one arm unknown"],
)
def test_propensities_that_do_not_are_told_with_their_campaign(
    store: Store, export: Export, arms: list[str], total: str
) -> None:
    right = exposures(f"{TEN}0.5", f"{HELD}0.5", campaign="right")
    result = ingest(store, export(exposures=HEAD + right + exposures(*arms, campaign="spring")))
    assert result.rejected == 0
    [note] = noted(result.notes)
    assert "'spring'" in note
    assert total in note


def test_propensities_may_differ_from_customer_to_customer(store: Store, export: Export) -> None:
    draw, arms = random.Random(3), []
    for _ in range(2000):
        chance = draw.choice((0.2, 0.8))
        arms.append(f"{TEN}{chance}" if draw.random() < chance else f"{HELD}{1 - chance:.1f}")
    assert noted(ingest(store, export(exposures=HEAD + exposures(*arms))).notes) == []
    doubled = [arm if arm.startswith(TEN) else f"{HELD}{min(1, 2 * float(arm[len(HELD) :]))}" for arm in arms]
    assert len(noted(ingest(store, export(exposures=HEAD + exposures(*doubled))).notes)) == 1


def test_a_campaign_may_come_in_two_exports(store: Store, export: Export) -> None:
    arms = exposures(f"{TEN}0.7", f"{HELD}0.3").splitlines(keepends=True)
    assert len(noted(ingest(store, export(exposures=HEAD + arms[0])).notes)) == 1
    assert noted(ingest(store, export(exposures=HEAD + arms[1])).notes) == []


def test_many_campaigns_do_not_flood_the_notes(store: Store, export: Export) -> None:
    rows = "".join(exposures(f"{TEN}0.7", campaign=f"k{number}") for number in range(40))
    notes = noted(ingest(store, export(exposures=HEAD + rows)).notes)
    assert len(notes) == 10
    assert any("30 more campaigns" in note for note in ingest(store, export(exposures=HEAD + rows)).notes)
