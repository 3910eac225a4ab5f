"""Which of two headlines draws more clicks, on tests that were left out of the training.

    python -m tests.benchmarks.bench_copy --folds 10

Filtered pairs: pairs of the Upworthy archive that somebody chose for their clear differences; whole tests
are left out, a tenth at a time. Never seen: both headlines of the pair are in no test trained on. Beside it,
on the same folds: word and character TF-IDF with logistic regression, and the rule that the longer one wins.
All pairs: every two headlines of a left-out test with counted clicks, whatever their difference; how often
the higher forecast had the higher click rate, by how far the rates are apart, how well the forecast
probabilities hold (expected calibration error over ten bins), and how often the 90 % interval of a headline
holds its click rate relative to the other headlines of its test, chance of the count included.
"""

from __future__ import annotations

import argparse
import itertools
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from predictors.copy_effect import CopyEffect
from predictors.copy_effect.contests import read_contests
from predictors.copy_effect.upworthy import read_counts, read_pairs

Array = np.ndarray[Any, Any]
GAPS = (0.0, 0.1, 0.2, 0.4, 0.8, np.inf)
BINS = 10
QUANTILE = 1.6448536269514722


def folds(tests: pd.Series, count: int, seed: int) -> Iterator[Array]:
    """(n,) masks of what is left out, whole tests together."""
    codes = pd.factorize(tests)[0]
    fold = np.random.default_rng(seed).permutation(codes.max() + 1)[codes] % count
    for held in range(count):
        yield fold == held


def tfidf_gaps(counts: pd.DataFrame, pairs: pd.DataFrame, left_out: pd.DataFrame) -> Array:
    """(m,) score differences by TF-IDF and logistic regression, from pairs and clear counted contests."""
    from scipy.sparse import hstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    counted = read_contests(counts, None)
    clear = np.abs(counted.gap) > np.sqrt(counted.variance)
    texts = np.array(counted.texts, dtype=object)
    a = [*pairs["text_a"], *texts[counted.first[clear]]]
    b = [*pairs["text_b"], *texts[counted.second[clear]]]
    won = np.concatenate([pairs["winner"] == "a", counted.gap[clear] > 0]).astype(int)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True).fit(a + b)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=5, sublinear_tf=True).fit(a + b)

    def columns(some: list[str]) -> Any:
        return hstack([words.transform(some), letters.transform(some)]).tocsr()

    fitted = LogisticRegression(C=1.0, fit_intercept=False, solver="liblinear").fit(
        columns(a) - columns(b), won
    )
    gap = columns(list(left_out["text_a"])) - columns(list(left_out["text_b"]))
    return np.asarray(gap @ fitted.coef_[0])


def filtered(counts: pd.DataFrame, pairs: pd.DataFrame, count: int, seed: int, peers: bool) -> None:
    """Print accuracy on left-out filtered pairs."""
    found: dict[str, list[Array]] = {"ours": [], "TF-IDF + logistic": [], "longer wins": []}
    fresh, seconds = [], []
    for held in folds(pairs["test_id"], count, seed):
        known, left = pairs[~held], pairs[held]
        began = time.perf_counter()
        model = CopyEffect().fit(counts, known)
        seconds.append(time.perf_counter() - began)
        a, b, won = list(left["text_a"]), list(left["text_b"]), (left["winner"] == "a").to_numpy()
        found["ours"].append((model.predict(a) > model.predict(b)) == won)
        found["longer wins"].append((left["text_a"].str.len() > left["text_b"].str.len()).to_numpy() == won)
        if peers:
            found["TF-IDF + logistic"].append((tfidf_gaps(counts, known, left) > 0) == won)
        met = {*counts["text"], *known["text_a"], *known["text_b"]}
        fresh.append(np.array([x not in met and y not in met for x, y in zip(a, b, strict=True)]))
    new = np.concatenate(fresh)
    print(
        f"filtered pairs, {count} folds of tests: {len(new):,} pairs, {new.sum():,} of headlines never seen"
    )
    for name, rights in found.items():
        if rights:
            right = np.concatenate(rights)
            error = float(np.std([one.mean() for one in rights]) / np.sqrt(len(rights)))
            print(f"  {name:20s} {right.mean():.4f} (se {error:.4f}), never seen {right[new].mean():.4f}")
    print(f"  one training takes {np.mean(seconds):.0f} s")


def all_pairs(counts: pd.DataFrame, pairs: pd.DataFrame, count: int, seed: int) -> None:
    """Print accuracy by gap and calibration on every contest of left-out counted tests."""
    chances, gaps, holds = [], [], []
    for held in folds(counts["test_id"], count, seed):
        model = CopyEffect().fit(counts[~held], pairs)
        left = read_contests(counts[held], None)
        texts = np.array(left.texts, dtype=object)
        chances.append(model.compare(list(texts[left.first]), list(texts[left.second])))
        gaps.append(left.gap)
        holds.append(inside(model, counts[held]))
    chance, gap = np.concatenate(chances), np.concatenate(gaps)
    some = gap != 0
    chance, gap = chance[some], gap[some]
    right = (chance > 0.5) == (gap > 0)
    print(f"all pairs from counts, {count} folds of tests: {len(gap):,} pairs, {right.mean():.3f} right")
    for low, high in itertools.pairwise(GAPS):
        rows = (np.abs(gap) > low) & (np.abs(gap) <= high)
        told = (
            f"{np.expm1(low):.0%} to {np.expm1(high):.0%}"
            if np.isfinite(high)
            else f"over {np.expm1(low):.0%}"
        )
        print(f"  click rates {told:>14s} apart: {right[rows].mean():.3f} of {rows.sum():,}")
    # Each pair both ways, so that which of the two stands first does not matter.
    both, won = np.concatenate([chance, 1 - chance]), np.concatenate([gap > 0, gap < 0])
    bins = np.minimum((both * BINS).astype(int), BINS - 1)
    misses = [
        np.abs(both[bins == k].mean() - won[bins == k].mean()) * (bins == k).mean() for k in np.unique(bins)
    ]
    print(f"  calibration of the win probability: ECE {sum(misses):.3f}")
    print(f"  90 % intervals hold {np.concatenate(holds).mean():.1%} of headlines' click rates")


def inside(model: CopyEffect, counts: pd.DataFrame) -> Array:
    """(n,) whether each headline's relative click rate lies in its interval, the count's chance added."""
    beside = counts["test_id"].astype(str) + "/" + counts["shown_with"].fillna("").astype(str)
    shown = counts.groupby([beside.rename("beside"), "text"])[["impressions", "clicks"]].sum().reset_index()
    shown = shown[shown.groupby("beside")["text"].transform("size") > 1]
    rate = np.log((shown["clicks"] + 0.5) / (shown["impressions"] + 33))
    mean = pd.Series(model.predict(list(shown["text"])), index=shown.index)
    low, high = model.interval(list(shown["text"]))
    size = shown.groupby("beside")["text"].transform("size")
    own = ((high - low) / 2 / QUANTILE) ** 2 + 1 / (shown["clicks"] + 0.5) + 0.1**2
    # The mean of the test is known no better than its headlines are.
    centre = own.groupby(shown["beside"]).transform("sum") / size**2
    spread = np.sqrt(own * (1 - 2 / size) + centre)
    off = (rate - rate.groupby(shown["beside"]).transform("mean")) - (
        mean - mean.groupby(shown["beside"]).transform("mean")
    )
    return np.asarray(np.abs(off) <= QUANTILE * spread)


def speed(model: CopyEffect, texts: list[str]) -> None:
    """Print how long 1,000 texts take, the best of five."""
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        model.predict(texts[:1000])
        spent.append(time.perf_counter() - began)
    print(f"1,000 texts scored in {min(spent):.2f} s on one thread")


def main() -> None:
    """Print everything, or what is missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-peers", action="store_true")
    asked = parser.parse_args()
    named = os.environ.get("COPILOT_DATA_DIR")
    if not named or not (Path(named) / "upworthy").is_dir():
        print("COPILOT_DATA_DIR names no folder with upworthy and upworthy_pairs: nothing measured")
        return
    counts, pairs = read_counts(Path(named)), read_pairs(Path(named))
    speed(CopyEffect.general(), list(pairs["text_a"]))
    filtered(counts, pairs, asked.folds, asked.seed, not asked.no_peers)
    all_pairs(counts, pairs, 5, asked.seed)


if __name__ == "__main__":
    main()
