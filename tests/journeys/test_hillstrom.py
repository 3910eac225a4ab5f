"""The same job on 64,000 real customers who were given one of two e-mails or nothing, at random."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from copilot.api import Copilot
from copilot.domain import CampaignBrief
from copilot.domain.noun import parse
from copilot.domain.report import Report

EXAMPLES = Path(__file__).parents[2] / "examples"
# What the experiment says: the share who visited, by what they were sent.
VISITS = {"mens": 0.182757, "womens": 0.151400}
NOBODY = 0.106167


@pytest.fixture(scope="module")
def store(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The experiment as a shop export, ingested and trained on."""
    folder = tmp_path_factory.mktemp("hillstrom")
    source = data_dir / "hillstrom" / "hillstrom.csv.gz"
    if not source.exists():
        pytest.skip(f"{source.name} is not in the folder of public data sets")
    script = [sys.executable, str(EXAMPLES / "hillstrom.py"), str(source), str(folder / "export")]
    subprocess.run(script, check=True, capture_output=True)
    db = str(folder / "hillstrom.db")
    with Copilot(db) as copilot:
        result = copilot.ingest(folder / "export")
        assert result.rejected == 0
        copilot.train(seed=0)
    return db


@pytest.fixture(scope="module")
def report(store: str) -> Report:
    """The answer to the brief of the example."""
    brief = parse(CampaignBrief, (EXAMPLES / "hillstrom_brief.json").read_text(encoding="utf-8"))
    with Copilot(store) as copilot:
        return copilot.generate(brief)


def test_both_emails_are_ranked_by_what_they_bring(report: Report) -> None:
    assert report.status == "complete"
    first, *others = report.strategies
    assert (first.draft.category, first.forecast.audience_size) == ("mens", 64_000)
    # To everybody the women's e-mail brings 0.045 visits for 0.05: only a part of them is worth it.
    womens = [one for one in others if one.draft.category == "womens"]
    assert womens
    assert all(one.forecast.audience_size < 64_000 for one in womens)


def test_its_forests_run_as_tables(store: str) -> None:
    from predictors.effect import EffectPredictor
    from predictors.effect.forest import why_not

    with Copilot(store) as copilot:
        model = copilot.model
    assert isinstance(model, EffectPredictor)
    every = [one for forests in model._forests.values() for one in forests]
    assert every
    assert {why_not(one) for one in every} == {None}


def test_forecasts_agree_with_the_arms_of_the_experiment(store: str) -> None:
    drafts = [
        {"draft_id": name, "channel": "email", "category": name, "offer": {"type": "none"}} for name in VISITS
    ]
    with Copilot(store) as copilot:
        lines = copilot.score(drafts)
    for line, truth in zip(lines, VISITS.values(), strict=True):
        forecast = line.forecast
        assert forecast is not None
        assert forecast.conversion.low <= truth <= forecast.conversion.high
        assert forecast.baseline_conversion.low <= NOBODY <= forecast.baseline_conversion.high
        effect = forecast.incremental_conversion
        assert effect.low <= truth - NOBODY <= effect.high
        # An interval that holds everything would pass too. One campaign cannot tell how campaigns differ, so
        # it is wider than the error of the arms (0.006 either way), but it must say that the e-mail works.
        assert effect.low > 0
        assert effect.high - effect.low < 0.1
        assert forecast.support > 0.5


def test_a_visit_worth_1_less_5_cents_is_the_profit(report: Report) -> None:
    for one in report.strategies:
        forecast = one.forecast
        expected = forecast.incremental_conversion.mean - 0.05
        assert forecast.incremental_profit.mean == pytest.approx(expected, abs=1e-9)
        assert forecast.as_of.year == 2008


def test_an_offer_never_seen_there_is_an_extrapolation_and_says_so(store: str) -> None:
    draft = {
        "draft_id": "p20",
        "channel": "email",
        "category": "mens",
        "offer": {"type": "percent_off", "value": 20},
    }
    plain = {"draft_id": "none", "channel": "email", "category": "mens", "offer": {"type": "none"}}
    with Copilot(store) as copilot:
        unseen, seen = (line.forecast for line in copilot.score([draft, plain]))
    assert unseen is not None
    assert seen is not None
    assert unseen.support < 0.1
    assert unseen.warnings
    wide = unseen.incremental_conversion.high - unseen.incremental_conversion.low
    assert wide > 2 * (seen.incremental_conversion.high - seen.incremental_conversion.low)


def test_the_example_refuses_another_file(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("segment\nsomething else\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "hillstrom.py"), str(wrong), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "segment" in done.stderr
    assert json.loads((EXAMPLES / "hillstrom_brief.json").read_text(encoding="utf-8"))["unit_profit"] == 1
