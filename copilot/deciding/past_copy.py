"""Past messages as a copy model learns from them: their words, how many saw them, clicked, were to click."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from copilot.deciding.appeal import first_line
from copilot.shop.arms import TERMS
from copilot.shop.group import FEWEST

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

__all__ = ["COUNTS", "past_counts"]

COUNTS = ("test_id", "text", "impressions", "clicks", "expected")
ENOUGH = 2_000  # customers of an arm whose expected click rate stands for all of them
MOST_ARMS = 1_000  # the largest; words written for one customer each would be as many arms as customers
_SAME = ("campaign_id", *TERMS, "subject", "body")  # what the messages of one arm share

# Exposures of one arm, and the same customers' attributes as of sending -> the click rate to expect of them.
Expect = Callable[["pd.DataFrame", "pd.DataFrame"], float]


def past_counts(exposures: pd.DataFrame, attributes: pd.DataFrame, expect: Expect) -> pd.DataFrame:
    """One row of COUNTS for each arm: a campaign's messages of one channel, the same terms and words.

    exposures: n rows; attributes: n aligned rows, as of sending. Rows whose clicks were not recorded are left
    out, and so are messages without words and those to a handful, which teach nothing and tell on people.
    """
    import numpy as np
    import pandas as pd

    known = np.flatnonzero((exposures["channel"] != "holdout") & exposures["clicked"].notna())
    arms = [(text, rows) for rows in _arms(exposures, known) if (text := _words(exposures.iloc[rows[0]]))]
    largest = sorted(arms, key=lambda arm: -len(arm[1]))[:MOST_ARMS]
    rows = [_row(text, exposures.iloc[rows], attributes.iloc[rows], expect) for text, rows in largest]
    return pd.DataFrame(rows, columns=list(COUNTS))


def _arms(exposures: pd.DataFrame, known: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """The rows of each arm, of those known."""
    import numpy as np
    import pandas as pd

    # As codes first: terms and texts of a million rows are a few different ones.
    codes = {name: pd.factorize(exposures[name].iloc[known])[0] for name in _SAME}
    arm = pd.DataFrame(codes).groupby(list(_SAME), sort=False).ngroup().to_numpy()
    order = np.argsort(arm, kind="stable")
    for rows in np.split(known[order], np.flatnonzero(np.diff(arm[order])) + 1):
        if len(rows) >= FEWEST:
            yield rows


def _words(sent: pd.Series) -> str:
    subject, body = (one if isinstance(one, str) else "" for one in (sent["subject"], sent["body"]))
    return first_line(subject, body)


def _row(text: str, sent: pd.DataFrame, people: pd.DataFrame, expect: Expect) -> dict[str, Any]:
    some = slice(None, None, -(-len(sent) // ENOUGH))
    return {
        "test_id": str(sent["campaign_id"].iloc[0]),
        "text": text,
        "impressions": len(sent),
        "clicks": int((sent["clicked"] > 0).sum()),
        "expected": expect(sent.iloc[some], people.iloc[some]),
    }
