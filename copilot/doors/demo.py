"""`copilot demo`: the whole journey on a made-up shop, told as it goes."""

from __future__ import annotations

from pathlib import Path

from copilot.api import Copilot
from copilot.doors.show import progress, say, show_report

__all__ = ["run_demo"]

BRIEF = {
    "brief_id": "demo",
    "objective": "profit",
    "categories": ["beauty"],
    "max_discount_percent": 30,
    "min_margin_percent": 10,
    "budget": 5000,
    "notes": "Move beauty stock, keep a margin of 10 %.",
}


def run_demo(folder: Path, *, customers: int, seed: int, db: str | None) -> None:
    """Make the shop, ingest it, train on it, and print ranked strategies for a brief."""
    from copilot.deciding.training import write_demo_shop

    export = folder / "export"
    say(f"1/4 making a shop of {customers:,} customers in {export}")
    write_demo_shop(export, customers=customers, seed=seed)
    store = db or str(folder / "copilot.db")
    with Copilot(store) as copilot:
        say("2/4 loading it")
        result = copilot.ingest(export)
        say(f"    {', '.join(f'{one.inserted:,} rows of {one.file}' for one in result.files)}")
        say("3/4 training the predictor on its past campaigns")
        trained = copilot.train(seed=seed)
        exposures = f"{trained.exposures:,} exposures (messages sent or held out)"
        say(f"    {exposures} of {trained.campaigns} campaigns")
        say(f"4/4 a brief: {BRIEF['notes']}")
        report = copilot.generate(_fresh(copilot), on_event=progress)
        show_report(report, copilot.shop_settings().currency)
        if db is None:
            say(f"The store is {store}: try `copilot list --db {store}`.")


def _fresh(copilot: Copilot) -> dict[str, object]:
    return {name: value for name, value in BRIEF.items() if name != "brief_id"}
