"""The public headline tests that the general model learns from: the Upworthy Research Archive, CC BY 4.0.

News and advocacy headlines of 2013 to 2015, in English: not product copy. Packages of one test were shown to
visitors at random, but not from the end of June 2013 to the beginning of January 2014, when a fault of the
cache mixed them up (the archive's authors, 2024): those weeks are left out.
"""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ATTRIBUTION", "article_texts", "read_counts", "read_pairs"]

ATTRIBUTION = {
    "source": "Matias, Munger, Aubin Le Quere and Ebersole (2021), The Upworthy Research Archive, Scientific "
    "Data 8:195, doi 10.1038/s41597-021-00934-7: exploratory packages, and pairs of the confirmatory ones "
    "formed by the authors of arXiv 2406.02611",
    "licence": "CC BY 4.0",
    "changes": "weeks 201325 to 201402 left out; only what was learned is kept, no row of the data",
    "about": "English news headlines of 2013 to 2015, not product copy",
}
NOT_RANDOM = (201325, 201402)  # first and last week, as YYYYWW
_MARKUP = re.compile(r"<[^>]{0,2000}>")


def read_counts(folder: Path) -> pd.DataFrame:
    """[test_id, shown_with, text, impressions, clicks] of the exploratory packages, randomised weeks only.

    Headlines are compared beside the same picture only, so that only words differ.
    """
    packages = _packages(folder)
    first, last = NOT_RANDOM
    kept = packages[~packages["test_week"].between(first, last)]
    names = {"clickability_test_id": "test_id", "eyecatcher_id": "shown_with", "headline": "text"}
    return kept.rename(columns=names)[[*names.values(), "impressions", "clicks"]].reset_index(drop=True)


def read_pairs(folder: Path) -> pd.DataFrame:
    """[test_id, text_a, text_b, winner] of the confirmatory pairs, shown beside the same picture."""
    import pandas as pd

    raw = pd.read_csv(folder / "upworthy_pairs" / "confirmatory_pairs.csv.gz")
    return pd.DataFrame(
        {
            "test_id": raw["clickability_test_id"],
            "text_a": raw["headline_1"],
            "text_b": raw["headline_2"],
            "winner": raw["higher_CTR"].map({1: "a", 2: "b"}),
        }
    )


def article_texts(folder: Path) -> list[str]:
    """Headlines and summaries of the exploratory packages, for the meanings of words; no outcome is read."""
    packages = _packages(folder)
    found = list(packages["headline"].dropna().unique())
    for name in ("lede", "excerpt"):
        found += [_MARKUP.sub(" ", html.unescape(text)) for text in packages[name].dropna().unique()]
    return found


def _packages(folder: Path) -> pd.DataFrame:
    import pandas as pd

    return pd.read_csv(folder / "upworthy" / "exploratory_packages.csv.gz")
