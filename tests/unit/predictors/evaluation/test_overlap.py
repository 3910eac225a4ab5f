"""Overlap and balance: randomised campaigns are seen to be so, targeted and leaking ones too."""

from __future__ import annotations

import numpy as np
import pytest

from predictors.effect.assignment import LEAST, chance_sent, propensities
from predictors.effect.mixed import Cells, sigmoid
from predictors.evaluation.overlap import (
    Assigned,
    balance,
    balance_findings,
    overlap,
    overlap_findings,
)


def assigned(seed: int, target: float = 0.0, leak: float = 0.0, size: int = 12_000) -> Assigned:
    """Two campaigns; `target`: how strongly the first attribute decides who is sent; `leak`: how far the
    second is changed by sending.
    """
    rng = np.random.default_rng(seed)
    columns = rng.standard_normal((size, 12))
    campaign = np.arange(size) % 2
    chance = sigmoid(target * columns[:, 0] + 0.5)
    sent = rng.random(size) < chance
    columns[:, 1] += leak * sent
    cell = 2 * campaign + sent
    cells = Cells(
        cell.astype(np.int64), np.array([0, 0, 1, 1]), np.array([False, True, False, True]), np.zeros(2)
    )
    given = np.full(size, np.nan) if target else np.where(sent, chance, 1 - chance)
    return Assigned(
        covariates=columns,
        names=tuple(f"a{place}" for place in range(12)),
        sent=sent,
        campaign=campaign,
        cell=cell,
        labels=["held 0", "mail 0", "held 1", "mail 1"],
        chance=propensities(given, columns, cells),
        recorded=np.isfinite(given),
        least=LEAST,
        likely=chance_sent(columns, sent.astype(float), campaign),
    )


@pytest.mark.parametrize("seed", range(5))
def test_a_randomised_campaign_is_balanced_and_nobody_is_told_apart(seed: int) -> None:
    given = assigned(seed)
    found, differences = overlap(given), balance(given)
    assert found is not None
    assert found.told_apart == pytest.approx(0.5, abs=0.03)
    assert found.effective > 0.99
    assert sum(found.sent) == pytest.approx(1)
    assert {one.level for one in (*overlap_findings(found), *balance_findings(differences, True))} == {"ok"}
    # Standard errors are those of the differences: few lie beyond three.
    assert all(abs(one.weighted) < 4 * one.error for one in differences)


def test_a_targeted_campaign_is_seen_and_weighting_balances_it() -> None:
    given = assigned(1, target=1.0)
    found, differences = overlap(given), {one.attribute: one for one in balance(given)}
    assert found is not None
    assert found.recorded == 0
    assert found.told_apart is not None
    assert found.told_apart > 0.7
    assert found.effective < 0.95
    assert abs(differences["a0"].raw) > 0.7
    assert abs(differences["a0"].weighted) < 0.15
    said = {one.topic: one.level for one in overlap_findings(found)}
    assert said == {"propensities": "look", "overlap": "look"}


def test_who_was_sent_by_an_attribute_alone_leaves_little_to_compare() -> None:
    found = overlap(assigned(2, target=6.0))
    assert found is not None
    said = {one.topic: one.level for one in overlap_findings(found)}
    assert said["overlap"] == "bad"


def test_an_attribute_changed_by_sending_is_named_where_customers_were_drawn_at_random() -> None:
    given = assigned(3, leak=0.3)
    differences = balance(given)
    assert differences[0].attribute == "a1"
    said = balance_findings(differences, True)
    leaks = [one for one in said if one.topic == "leakage"]
    assert len(leaks) == 1
    assert leaks[0].level == "bad"
    assert "a1" in leaks[0].text
    assert not [one for one in balance_findings(differences, False) if one.topic == "leakage"]


def test_nobody_held_out_is_said() -> None:
    (said,) = overlap_findings(None)
    assert (said.topic, said.level) == ("holdout", "bad")
