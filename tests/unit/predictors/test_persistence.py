"""Saved predictors: the same after loading, refused when anything about them is off."""

from __future__ import annotations

import json

import numpy as np
import pytest

from predictors.effect import EffectPredictor
from predictors.interface import CustomerTable, UnusableModel
from tests.unit.predictors.conftest import Fitted


@pytest.fixture(scope="module")
def parts(fitted: Fitted) -> dict[str, bytes]:
    return fitted.model.to_parts()


def test_a_loaded_predictor_forecasts_the_same_to_the_last_digit(
    fitted: Fitted, people: CustomerTable, parts: dict[str, bytes]
) -> None:
    loaded = EffectPredictor.from_parts(parts)
    offers = fitted.shop.candidate_offers("home").iloc[::20]
    before = fitted.model.forecast(offers, people, fitted.shop.economics)
    after = loaded.forecast(offers, people, fitted.shop.economics)
    assert loaded.version == fitted.model.version
    assert loaded.metrics == fitted.model.metrics
    for name, figure in before.figures.items():
        for bound in ("mean", "low", "high"):
            np.testing.assert_array_equal(getattr(figure, bound), getattr(after.figures[name], bound))


def test_the_manifest_lists_a_checksum_for_every_other_part(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    assert set(manifest["sha256"]) == set(parts) - {"manifest.json"}
    assert manifest["window"]
    assert manifest["features"]


def test_parts_stay_small(parts: dict[str, bytes]) -> None:
    assert sum(map(len, parts.values())) < 3_000_000


def test_each_damaged_part_is_named_before_it_is_read(parts: dict[str, bytes]) -> None:
    for name in set(parts) - {"manifest.json"}:
        flipped = bytearray(parts[name])
        flipped[len(flipped) // 2] ^= 1
        with pytest.raises(UnusableModel, match=name):
            EffectPredictor.from_parts({**parts, name: bytes(flipped)})


def test_a_missing_or_foreign_part_is_refused(parts: dict[str, bytes]) -> None:
    with pytest.raises(UnusableModel, match=r"schema\.json"):
        EffectPredictor.from_parts({name: part for name, part in parts.items() if name != "schema.json"})
    with pytest.raises(UnusableModel, match=r"stowaway"):
        EffectPredictor.from_parts({**parts, "stowaway.txt": b""})


@pytest.mark.parametrize("manifest", [None, b"", b"[]", b'{"format": "effect-predictor-0", "sha256": {}}'])
def test_a_manifest_that_cannot_be_read_or_is_of_another_format_is_refused(
    parts: dict[str, bytes], manifest: bytes | None
) -> None:
    rest = {name: part for name, part in parts.items() if name != "manifest.json"}
    with pytest.raises(UnusableModel):
        EffectPredictor.from_parts(rest if manifest is None else {**rest, "manifest.json": manifest})
