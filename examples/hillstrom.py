"""Turn the Hillstrom e-mail experiment into a shop export that `copilot ingest` takes.

    python examples/hillstrom.py hillstrom.csv.gz OUT_FOLDER

64,000 customers were given a men's e-mail, a women's e-mail or nothing, at random, a third each. The file
has no customer ids, so rows are numbered; fully equal rows are different people. A *visit* is the conversion
and a message costs 0.05, so that a brief with `unit_profit: 1` asks which visits are worth a message. What
was spent is kept as the revenue of those who visited. The day of sending is not published: two weeks before
the data were.

Source: Kevin Hillstrom, The MineThatData E-Mail Analytics And Data Mining Challenge, 2008.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

SENT_AT = "2008-03-06"
ARMS = {"Mens E-Mail": "mens", "Womens E-Mail": "womens", "No E-Mail": None}
ATTRIBUTES = ["recency", "history", "history_segment", "mens", "womens", "zip_code", "newbie", "channel"]


def main(source: Path, folder: Path) -> None:
    """Read the experiment, write customers, exposures and shop.json."""
    import pandas as pd

    rows = pd.read_csv(source)
    wrong = set(rows["segment"].unique()) - set(ARMS)
    if wrong:
        sys.exit(f"segment: expected one of {', '.join(ARMS)}, received {', '.join(map(str, wrong))}")
    ids = [f"H{number:05d}" for number in range(1, len(rows) + 1)]
    folder.mkdir(parents=True, exist_ok=True)
    customers = rows[ATTRIBUTES].rename(columns={"channel": "bought_by"})
    customers.insert(0, "customer_id", ids)
    customers.to_csv(folder / "customers.csv", index=False)
    exposures(rows, ids).to_csv(folder / "exposures.csv", index=False)
    settings = {
        "name": "Hillstrom",
        "currency": "USD",
        "contact_cost": {"email": 0.05},
        "attribution_days": 14,
    }
    (folder / "shop.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    print(f"wrote {len(rows):,} customers to {folder}")


def exposures(rows: Any, ids: list[str]) -> Any:
    """One campaign of two messages without an offer, and those who got nothing."""
    import pandas as pd

    category = rows["segment"].map(ARMS)
    sent = category.notna()
    return pd.DataFrame(
        {
            "exposure_id": [f"X{customer}" for customer in ids],
            "campaign_id": "hillstrom-2008",
            "customer_id": ids,
            "sent_at": SENT_AT,
            "channel": sent.map({True: "email", False: "holdout"}),
            "offer_type": "none",
            "category": category,
            "outcome_scope": "basket",
            "arm_id": category.where(sent, "nobody"),
            "subject": category.map({"mens": "Men's merchandise", "womens": "Women's merchandise"}),
            "propensity": 1 / 3,
            # A visit is the click and the conversion of this experiment; nobody can click what was not sent.
            "clicked": rows["visit"].where(sent, 0),
            "converted": rows["visit"],
            "revenue": rows["spend"],
            "discount": 0,
        }
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python examples/hillstrom.py PATH_TO_CSV OUT_FOLDER")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
