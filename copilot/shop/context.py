"""What is known of the shop for one brief, read once. After this nobody looks anything up.

Knows the store's frames and the attributes as of a day; knows nothing of predictors or drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from copilot import store
from copilot.domain.brief import CHANNELS
from copilot.domain.scored import CategoryFacts, PastArm, ProductFacts
from copilot.errors import MissingData
from copilot.shop.arms import past_arms
from copilot.shop.catalogue import Catalogue
from copilot.shop.lines import Lines
from copilot.shop.past import Past, known_by, past_of, span_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from copilot.domain.shop import ShopSettings
    from copilot.shop.inline import Inline

__all__ = ["Days", "ShopContext", "inline_context", "read_context"]

STALE_AFTER = timedelta(days=60)
FAR_BEYOND = timedelta(days=90)
CHUNK = 50_000  # customers, or order lines, held at a time in forms that are not kept
OPT_INS = ("email_opt_in", "sms_opt_in", "push_opt_in")


@dataclass(frozen=True)
class ShopContext:
    """A shop as of one day.

    attributes: (U, k) frame indexed by customer_id; affinity: (U, c) share of spending by category.
    opt_ins: the opt-in columns this shop has at all.
    promoted_products: ids that past campaigns promoted by themselves.
    warnings: what every forecast of this shop has to say; notes: what a report says once.
    inline: whether the caller gave the customers; given, dropped: the attributes that came with them, and
        those left out as personal.
    """

    settings: ShopSettings
    as_of: date
    attributes: pd.DataFrame
    affinity: pd.DataFrame
    opt_ins: frozenset[str]
    catalogue: Catalogue
    arms: tuple[PastArm, ...]
    channels: tuple[str, ...]
    offer_types: tuple[str, ...]
    promoted_products: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    inline: bool = False
    given: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        """Every category sold or ever promoted."""
        return tuple(self.affinity.columns)

    def only(self, rows: npt.NDArray[np.bool_]) -> ShopContext:
        """The same shop with only these customers."""
        if rows.all():
            return self
        return replace(self, attributes=self.attributes[rows], affinity=self.affinity[rows])

    def category_facts(self, names: Iterable[str]) -> tuple[CategoryFacts, ...]:
        """What a writer may know of these categories."""
        return tuple(self.catalogue.category_facts(name) for name in names)

    def product_facts(self, product_ids: Iterable[str]) -> tuple[ProductFacts, ...]:
        """What a writer may know of these products."""
        return tuple(self.catalogue.product_facts(product_id) for product_id in product_ids)


@dataclass(frozen=True)
class Days:
    """What decides the day that customers are looked at: the brief's window, an explicit wish, the clock."""

    starts_on: date | None
    ends_on: date | None
    as_of: date | None
    now: datetime

    def decide(self, last_event: datetime | None) -> tuple[date, tuple[str, ...]]:
        """The wish, else the earlier of the start and the day after the last event; a note if stale.

        last_event: the last one known, none of them after now unless the clock is in doubt.
        """
        after_last = (last_event + timedelta(days=1)).date() if last_event else None
        now = after_last or self.now.date()
        starts = self.starts_on or min(now, self.ends_on or now)
        day = self.as_of or min(starts, after_last or starts)
        if after_last is None or starts - after_last <= STALE_AFTER:
            return day, ()
        last = after_last - timedelta(days=1)
        return day, (
            f"The last event in the store is of {last}, long before the campaign starts on {starts}: "
            f"customers are looked at as of {day}.",
        )

    def warnings(self, last_event: datetime | None) -> tuple[str, ...]:
        """What every forecast has to say where the wish lies far beyond the last event."""
        if self.as_of is None or last_event is None:
            return ()
        last = last_event.date()
        if self.as_of - last <= FAR_BEYOND:
            return ()
        return (
            f"the last order or campaign known is of {last}, {(self.as_of - last).days:,} days before "
            f"{self.as_of}, the day customers are looked at: all of them seem to have bought nothing since; "
            "load what came later, or choose an earlier day",
        )


def read_context(opened: store.Store, days: Days, *, chunk: int = CHUNK) -> ShopContext:
    """Read the whole shop once, `chunk` customers, or lines of orders, at a time.

    Raises:
        MissingData: no customers were ever ingested.
    """
    with opened.begin(snapshot=True) as connection:
        ids = store.read_customer_ids(connection)
        if not len(ids):
            raise MissingData("customers.csv", "this")
        spans = store.read_spans(connection, known_by(days.now))

        def lines(before: datetime) -> Lines | None:
            if not spans["orders.csv"].rows:
                return None
            return Lines(store.read_lines(connection, ids, before, chunk), len(ids))

        return _context(
            store.read_shop(connection),
            _People(
                ids, store.read_customer_chunks(connection, chunk), tuple(store.attribute_kinds(connection))
            ),
            store.read_products(connection),
            lines,
            store.read_sent(connection),
            past_of(spans, days.now),
            days,
        )


def inline_context(opened: store.Store, inline: Inline, days: Days) -> ShopContext:
    """A context from records or frames given by the caller; past campaigns still come from the store.

    Raises:
        InvalidInput: a record lacks what is required or holds what cannot be read.
    """
    customers, products, orders = inline.frames()
    with opened.begin() as connection:
        spans = store.read_spans(connection, known_by(days.now))
        if orders is None or orders.empty:
            past = past_of(spans, days.now)
        else:
            given_orders = {"the orders given": span_of(orders["ordered_at"], days.now)}
            past = past_of({"exposures.csv": spans["exposures.csv"], **given_orders}, days.now)
            # What customers did last is what the caller gave, whenever the store's campaigns were.
            past = replace(past, last=past_of(given_orders, days.now).last or past.last)
        settings, exposures = store.read_shop(connection), store.read_sent(connection)
    ids = customers["customer_id"].to_numpy(dtype=object)

    def lines(before: datetime) -> Lines | None:
        return None if orders is None else Lines.of(orders[orders["ordered_at"] < before], ids)

    people = _People(ids, (customers,), tuple(customers.columns))
    context = _context(settings, people, products, lines, exposures, past, days)
    given = tuple(name for name in customers.columns if name not in ("customer_id", "signed_up_on", *OPT_INS))
    return replace(context, inline=True, given=given, dropped=inline.dropped)


@dataclass(frozen=True)
class _People:
    """Customers of a shop: (U,) ids, the frames they come in, in that order, and the columns of each."""

    ids: npt.NDArray[Any]
    frames: Iterable[pd.DataFrame]
    columns: tuple[str, ...]


def _context(
    settings: ShopSettings,
    people: _People,
    products: pd.DataFrame,
    lines_before: Callable[[datetime], Lines | None],
    exposures: pd.DataFrame,
    past: Past,
    days: Days,
) -> ShopContext:
    import pandas as pd

    from copilot.shop.population import population

    day, notes = days.decide(past.last)
    lines = lines_before(past.before(day))
    catalogue = Catalogue.of(products, None if lines is None else lines.frame, settings)
    exposures = past.rows(exposures, "sent_at")
    sent = exposures[exposures["sent_at"] < pd.Timestamp(day)]
    # On the latest day every outcome in the store is final; on an earlier one some windows are still open.
    looking_back = day if len(sent) < len(exposures) else None
    categories = _in_order([*catalogue.categories, *_values(sent, "category")])
    attributes, affinity = population(people.frames, people.ids, lines, products, categories, day)
    used = [value for value in _values(sent, "channel") if value != "holdout"]
    return ShopContext(
        settings=settings,
        as_of=day,
        attributes=attributes,
        affinity=affinity,
        opt_ins=frozenset(name for name in OPT_INS if name in people.columns),
        catalogue=catalogue,
        arms=past_arms(sent, looking_back, settings.attribution_days),
        channels=tuple(
            channel for channel in CHANNELS if channel in (used or _reachable(people.columns, settings))
        ),
        offer_types=tuple(_values(sent[sent["channel"] != "holdout"], "offer_type")),
        promoted_products=frozenset(_values(sent, "product_id")),
        notes=(*notes, *map(_sentence, past.notes), *_history_notes(exposures, day)),
        warnings=days.warnings(past.last),
    )


def _reachable(columns: Iterable[str], settings: ShopSettings) -> set[str]:
    """Channels a shop that never sent anything can use: those with opt-ins or a cost, else e-mail."""
    opted = {name.removesuffix("_opt_in") for name in OPT_INS if name in columns}
    return opted | set(settings.contact_cost) or {"email"}


def _history_notes(exposures: pd.DataFrame, day: date) -> Iterator[str]:
    """What of the past a reader of forecasts has to know."""
    import pandas as pd

    if exposures["outcome_scope"].isin(("category", "product")).any():
        yield (
            "Outcomes of past campaigns count only purchases of what was promoted: sales taken from the rest "
            "of the shop are counted as gains."
        )
    if (exposures["sent_at"] >= pd.Timestamp(day)).any():
        yield f"The predictor has learnt from campaigns later than {day}, the day customers are looked at."


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}."


def _values(frame: pd.DataFrame, column: str) -> list[str]:
    return sorted(str(value) for value in frame[column].dropna().unique())


def _in_order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
