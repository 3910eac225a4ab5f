"""Whom to send which e-mail, judged on a real randomised experiment beside published uplift learners.

    python -m tests.benchmarks.bench_hillstrom --splits 20

Hillstrom's 64,000 customers were given a men's e-mail, a women's or none, a third each. Every learner sees
one random half and says for each customer of the other half what either e-mail adds to the chance of a visit.
The policy sends the e-mail that adds most, if it adds more than the 0.05 that it costs; its value by inverse
propensity is the mean of 3 x [arm given = arm assigned] x (visit - 0.05 x mailed). Qini is scikit-uplift's,
of one e-mail against none. Standard errors are over splits: they say how far the splits agree, and not how
far the experiment itself may be from the truth, which is printed beside it.

Effects of the peers are kept in out/bench_hillstrom, so that a run that was stopped goes on where it was;
ours are always learned anew. It says so where the data (COPILOT_DATA_DIR) or the peers (make bench installs
them) are missing.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from examples.hillstrom import ARMS, ATTRIBUTES, exposures
from predictors.effect import EffectPredictor
from predictors.interface import OFFER_COLUMNS, CustomerTable, Economics
from tests.benchmarks import uplift_peers

Array = np.ndarray[Any, Any]
COST, CHANCE = 0.05, 3  # of a message; one over the chance of an arm
NAMES = ("mens", "womens")
OURS, MENS = "ours", "everyone men's"
KEPT = Path(__file__).parents[2] / "out" / "bench_hillstrom"
PACKAGES = ("sklift", "econml", "causalml")


@dataclass(frozen=True)
class Experiment:
    """n customers: what a shop knows of them, as numbers, what they were given (0 nobody), if they came."""

    exposures: pd.DataFrame
    attributes: pd.DataFrame
    rows: Array
    arm: Array
    visit: Array


def read(path: Path) -> Experiment:
    """The experiment as a shop export and as a matrix."""
    raw = pd.read_csv(path)
    sent = exposures(raw, [f"H{number:05d}" for number in range(1, len(raw) + 1)])
    sent["sent_at"] = pd.to_datetime(sent["sent_at"])
    words = ["product_id", "body"]
    blank = {name: None if name in words else np.nan for name in OFFER_COLUMNS if name not in sent}
    attributes = raw[ATTRIBUTES].rename(columns={"channel": "bought_by"})
    text = {name: object for name in attributes.columns if pd.api.types.is_string_dtype(attributes[name])}
    numbers = raw[["recency", "history", "mens", "womens", "newbie"]]
    band = raw["history_segment"].str[0].astype(float)
    levels = pd.get_dummies(raw[["zip_code", "channel"]])
    return Experiment(
        sent.assign(**blank),
        attributes.astype(text),
        np.column_stack([numbers, band, levels]).astype(float),
        raw["segment"].map({name: [None, *NAMES].index(kind) for name, kind in ARMS.items()}).to_numpy(),
        raw["visit"].to_numpy(dtype=float),
    )


def our_effects(data: Experiment, learned: Array, judged: Array, seed: int) -> Array:
    """(m, 2) effects on the chance of a visit, as the predictor tells them to a shop."""
    worth = Economics(unit_profit=1.0, contact_cost={"email": COST})
    model = EffectPredictor.fit(
        data.exposures.iloc[learned], data.attributes.iloc[learned], worth, seed=seed, threads=1
    )
    first = data.exposures.drop_duplicates("category").set_index("category")
    offers = first.loc[list(NAMES)].reset_index()[list(OFFER_COLUMNS)]
    people = data.attributes.iloc[judged]
    table = CustomerTable(people, pd.DataFrame(index=people.index))
    found = model.forecast(offers, table, worth, side="search", per_customer=True).per_customer
    assert found is not None
    return found["incremental_conversion"].T


def kept(name: str, split: int, make: Callable[[], Array]) -> tuple[Array, float]:
    """Effects of a peer and the seconds it took, from an earlier run where there is one of the same code."""
    code = hashlib.sha256(Path(uplift_peers.__file__).read_bytes()).hexdigest()[:8]
    path = KEPT / f"{'-'.join(name.replace(',', '').split())}.{split}.{code}.npz"
    if not path.exists():
        started = time.perf_counter()
        effects = make()
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part.npz")
        np.savez_compressed(part, effects=effects, seconds=time.perf_counter() - started)
        part.replace(path)
    with np.load(path) as found:
        return found["effects"], float(found["seconds"])


def assigned(effects: Array) -> Array:
    """The arm each customer is sent: the one that adds most beyond its cost, or none."""
    gain = np.column_stack([np.zeros(len(effects)), effects - COST])
    return gain.argmax(axis=1)


def values(chosen: Array, arm: Array, visit: Array) -> Array:
    """Worth of an assignment by inverse propensity, customer by customer."""
    return CHANCE * (arm == chosen) * (visit - COST * (chosen > 0))


def qini(effects: Array, arm: Array, visit: Array) -> list[float]:
    """scikit-uplift's Qini coefficient of each e-mail against none."""
    from sklift.metrics import qini_auc_score

    pairs = [(number, (arm == number) | (arm == 0)) for number in (1, 2)]
    return [
        float(qini_auc_score(visit[rows], effects[rows, number - 1], (arm[rows] == number).astype(int)))
        for number, rows in pairs
    ]


def judge(data: Experiment, split: int, names: list[str]) -> pd.DataFrame:
    """One row for each learner."""
    order = np.random.default_rng(split).permutation(len(data.arm))
    learned, judged = order[: len(order) // 2], order[len(order) // 2 :]
    arm, visit = data.arm[judged], data.visit[judged]
    mens = values(np.ones_like(arm), arm, visit)
    rows = [{"learner": MENS, "value": mens.mean()}]
    for name in [OURS, *names]:
        if name == OURS:
            started = time.perf_counter()
            effects = our_effects(data, learned, judged, split)
            seconds = time.perf_counter() - started
        else:
            peer = uplift_peers.PEERS[name]
            shown, told = data.rows[learned], data.rows[judged]
            effects, seconds = kept(
                name,
                split,
                lambda: peer(shown, data.arm[learned], data.visit[learned], told, split),  # noqa: B023
            )
        chosen = assigned(effects)
        worth = values(chosen, arm, visit)
        row = {"learner": name, "value": worth.mean(), "doubt": (worth - mens).std() / np.sqrt(len(data.arm))}
        row |= {"to_mens": (chosen == 1).mean(), "to_womens": (chosen == 2).mean(), "seconds": seconds}
        row |= dict(zip(("qini_mens", "qini_womens"), qini(effects, arm, visit), strict=True))
        rows.append(row)
    return pd.DataFrame(rows).assign(split=split)


def summary(every: pd.DataFrame) -> pd.DataFrame:
    """Means over splits, and differences paired by split with their standard errors."""
    means = every.drop(columns="split").groupby("learner", sort=False).mean()
    root = np.sqrt(every["split"].nunique())
    for name in ("value", "qini_mens", "qini_womens"):
        table = every.pivot(index="split", columns="learner", values=name)
        bases = {"over_mens": table[MENS]} if name == "value" else {}
        for label, base in (bases | {f"ours_less_{name}": None}).items():
            gap = table.sub(base, axis=0) if base is not None else table.rsub(table[OURS], axis=0)
            means[label], means[f"{label}_se"] = gap.mean(), gap.std() / root
    return means


def show(table: pd.DataFrame) -> None:
    """The table, and one line for each figure to reach."""

    def beside(name: str, digits: int = 4) -> pd.Series[str]:
        return table[name].map(f"{{:+.{digits}f}}".format) + table[f"{name}_se"].map(
            f" ({{:.{digits}f}})".format
        )

    shown = pd.DataFrame(
        {
            "value": table["value"].round(4),
            "over everyone men's": beside("over_mens"),
            "ours less its": beside("ours_less_value"),
            "Qini men's": table["qini_mens"].round(4),
            "ours less its ": beside("ours_less_qini_mens"),
            "Qini women's": table["qini_womens"].round(4),
            "ours less its  ": beside("ours_less_qini_womens"),
            "to men's": table["to_mens"].round(2),
            "to women's": table["to_womens"].round(2),
            "seconds": table["seconds"].round(1),
        }
    )
    print(shown.to_string())
    doubt = table.loc[OURS, "doubt"]
    print(f"ours over everyone men's: the experiment itself leaves a standard error of {doubt:.4f}")
    peers = table.drop(index=[OURS, MENS])
    for name in ("value", "qini_mens", "qini_womens"):
        if len(peers):
            best = peers[name].idxmax()
            gap, error = peers.loc[best, [f"ours_less_{name}", f"ours_less_{name}_se"]]
            print(f"{name}: the best peer is {best}; ours less its: {gap:+.4f} (standard error {error:.4f})")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--splits", type=int, default=20)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True)
    options = parser.parse_args()
    path = Path(os.environ.get("COPILOT_DATA_DIR", ".")) / "hillstrom" / "hillstrom.csv.gz"
    if not path.exists():
        print("skipped: hillstrom/hillstrom.csv.gz is not in the folder that COPILOT_DATA_DIR names")
        return
    if lacking := [name for name in PACKAGES if importlib.util.find_spec(name) is None]:
        print(f"skipped: {', '.join(lacking)} not installed; make bench installs what is compared with")
        return
    warnings.simplefilter("ignore")  # of the peers, about each other's versions
    data = read(path)
    names = list(uplift_peers.PEERS) if options.peers else []
    with threadpool_limits(limits=1):
        found = [judge(data, split, names) for split in range(options.splits)]
    show(summary(pd.concat(found)))


if __name__ == "__main__":
    main()
