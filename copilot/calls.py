"""One call each: open a store, do one thing, close it. What they do is `copilot.api.Copilot`."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from datetime import date
from typing import Any

from copilot.api import Copilot, Drafts, OnEvent
from copilot.domain.audience import Condition
from copilot.domain.brief import CampaignBrief
from copilot.domain.events import Event
from copilot.domain.report import Report
from copilot.domain.score import ScoreLine
from copilot.settings import Settings

__all__ = ["generate_strategy", "score", "stream_strategy"]


def generate_strategy(
    brief: CampaignBrief | Mapping[str, Any] | str,
    *,
    customers: Any = None,
    products: Any = None,
    orders: Any = None,
    db: str | None = None,
    as_of: date | None = None,
    on_event: OnEvent | None = None,
    fallback: bool = True,
    settings: Settings | None = None,
) -> Report:
    """Ranked strategies for a brief, each with predicted CTR, conversion, incremental profit and ROI.

    brief: a `CampaignBrief`, a mapping or JSON text with its fields.
    customers, products, orders: context given inline instead of the store's: data frames or lists of
        records with the columns of a shop export. One customer and one product are enough.
    db: where the store is: a URL or a path; default `COPILOT_DB`, else a file in the user's data folder.
    fallback: whether the built-in planner completes what a failing language model leaves undone.

    Raises:
        InvalidInput: the brief or the inline context is wrong; names the field.
        NotTrained: the store holds no predictor; run `copilot train`.
        ModelError: the language model failed and `fallback` is False.
    """
    with Copilot(db, settings=settings) as copilot:
        return copilot.generate(
            brief,
            customers=customers,
            products=products,
            orders=orders,
            as_of=as_of,
            on_event=on_event,
            fallback=fallback,
        )


def stream_strategy(
    brief: CampaignBrief | Mapping[str, Any] | str,
    *,
    customers: Any = None,
    products: Any = None,
    orders: Any = None,
    db: str | None = None,
    as_of: date | None = None,
    fallback: bool = True,
    settings: Settings | None = None,
) -> Generator[Event, None, Report]:
    """What `generate_strategy` does, as it happens: one typed event after the other, then the report.

    Events, told apart by `stage`: context, frontier, draft, scored, revised, ranked, saved, cost. `saved`
    has the report, which is also what the generator returns. Leaving the loop, or closing the generator,
    cancels the run: a model that is being waited on is cut off at once, and nothing is saved unless an
    event after `ranked` was asked for.

    Raises:
        As `generate_strategy`, from the event it would have been.
    """
    with Copilot(db, settings=settings) as copilot:
        return (
            yield from copilot.stream(
                brief,
                customers=customers,
                products=products,
                orders=orders,
                as_of=as_of,
                fallback=fallback,
            )
        )


def score(
    drafts: Drafts,
    *,
    audience: str | Iterable[Condition] = (),
    customers: Any = None,
    products: Any = None,
    orders: Any = None,
    db: str | None = None,
    as_of: date | None = None,
    why: bool = False,
    settings: Settings | None = None,
) -> list[ScoreLine]:
    """Forecast drafts; one line each, same order, an error in place of a forecast where one is wrong.

    why: whether to add what each forecast depends on: one step of its terms, and the customers.

    Raises:
        NotTrained: the store holds no predictor; run `copilot train`.
    """
    with Copilot(db, settings=settings) as copilot:
        return copilot.score(
            drafts,
            audience=audience,
            customers=customers,
            products=products,
            orders=orders,
            as_of=as_of,
            why=why,
        )
