"""THE STORY: a brief comes in, a ranked report goes out. Read this first.

`Copilot.generate` is the whole journey; every other method is a shorter one through the same rooms.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from copilot.domain.audience import Condition, parse_audience
from copilot.domain.brief import CampaignBrief
from copilot.domain.draft import StrategyDraft
from copilot.domain.events import Cost, Event, Ranked, Saved
from copilot.domain.noun import parse
from copilot.domain.report import Report
from copilot.errors import InvalidInput, UnknownName
from copilot.settings import Settings, load_settings
from copilot.shop.inline import Inline

if TYPE_CHECKING:
    from copilot.deciding.allocation import Assignment
    from copilot.deciding.appeal import CopyPredictor
    from copilot.deciding.case import Case
    from copilot.deciding.scoring import EffectModel
    from copilot.deciding.training import Trained
    from copilot.deciding.trust import PredictorReport
    from copilot.domain.appeal import CopyComparison, CopyScore
    from copilot.domain.brand import BrandKit
    from copilot.domain.explanation import Explanation
    from copilot.domain.record import RunRecord
    from copilot.domain.score import ScoreLine
    from copilot.domain.shop import ShopSettings
    from copilot.domain.why import Why
    from copilot.drafting.stopping import Stop
    from copilot.shop.context import ShopContext
    from copilot.shop.ingest import IngestResult
    from copilot.store import Store

__all__ = ["Copilot", "Drafts", "OnEvent"]

Drafts = Iterable[StrategyDraft | Mapping[str, Any] | str]
OnEvent = Callable[[Event], None]


def _utc_now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Copilot:
    """The engine behind every door: one store, its predictor, the settings and a clock."""

    def __init__(
        self,
        db: str | None = None,
        *,
        settings: Settings | None = None,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.settings = settings or load_settings()
        self._db = db or self.settings.db
        self._now = now
        self._models: dict[str, tuple[EffectModel, CopyPredictor]] = {}

    def __enter__(self) -> Copilot:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def store(self) -> Store:
        """The store, opened (and made or migrated) on first use."""
        from copilot.store import open_store

        return open_store(self._db)

    def close(self) -> None:
        """Let go of the database."""
        if "store" in self.__dict__:
            self.store.dispose()
            del self.__dict__["store"]

    def generate(
        self,
        brief: CampaignBrief | Mapping[str, Any] | str,
        *,
        customers: Any = None,
        products: Any = None,
        orders: Any = None,
        as_of: date | None = None,
        on_event: OnEvent | None = None,
        fallback: bool = True,
        stop: Stop | None = None,
    ) -> Report:
        """The whole journey; see `generate_strategy`. `stop` ends it from another thread: `Cancelled`."""
        from copilot.deciding.reporting import context_read, frontier_swept, named
        from copilot.drafting.agent import write_drafts
        from copilot.drafting.reported import reported

        tell, started = on_event or _silent, time.monotonic()
        wanted = named(parse(CampaignBrief, brief), self._now())
        shop = self._context(wanted, as_of, Inline(customers, products, orders))
        tell(context_read(shop))
        case = self._case(wanted, shop)
        tell(frontier_swept(case))
        written = write_drafts(case, self.settings, on_event=tell, fallback=fallback, stop=stop)
        report, record = reported(case, written, self._now(), time.monotonic() - started)
        tell(Ranked(strategies=len(report.strategies), status=report.status))
        self._save(case, report, record, stop)
        tell(Saved(brief_id=report.brief_id, report=report))
        tell(Cost(**dict(report.usage)))
        return report

    def stream(
        self, brief: CampaignBrief | Mapping[str, Any] | str, **options: Any
    ) -> Generator[Event, None, Report]:
        """The events of `generate` as they happen, with its options; see `copilot.stream_strategy`."""
        from copilot.drafting.streaming import as_they_happen

        return as_they_happen(lambda tell, stop: self.generate(brief, on_event=tell, stop=stop, **options))

    def score(
        self,
        drafts: Drafts,
        *,
        audience: str | Iterable[Condition] = (),
        customers: Any = None,
        products: Any = None,
        orders: Any = None,
        as_of: date | None = None,
        why: bool = False,
        brief: CampaignBrief | None = None,
    ) -> list[ScoreLine]:
        """Forecast drafts; see `copilot.score`. brief: whose audience and limits they are held against."""
        from copilot.deciding.batches import parse_drafts, score_lines

        inline = Inline(customers, products, orders)
        case = self.case(audience, as_of=as_of, inline=inline, brief=brief)
        return score_lines(case, parse_drafts(drafts), why=why, limits=brief is not None)

    def why(
        self,
        draft: StrategyDraft | Mapping[str, Any] | str,
        *,
        audience: str | Iterable[Condition] = (),
        as_of: date | None = None,
        inline: Inline | None = None,
    ) -> Why:
        """What the forecast of one draft depends on: one step of its terms, and the customers.

        Raises:
            InvalidInput, UnknownName: the draft is wrong; names the field, or what there is instead.
            MissingData: it reaches nobody.
        """
        from copilot.deciding.batches import why_of

        return why_of(self.case(audience, as_of=as_of, inline=inline), parse(StrategyDraft, draft))

    def allocate(
        self,
        drafts: Iterable[StrategyDraft],
        *,
        audience: str | Iterable[Condition] = (),
        as_of: date | None = None,
    ) -> Assignment:
        """The best draft for each customer of the audience, or none."""
        from copilot.deciding.allocation import allocate

        return allocate(self.case(audience, as_of=as_of).scorer, list(drafts))

    def ingest(self, folder: Path, **options: Any) -> IngestResult:
        """Load a shop export; see `copilot.shop.ingest.ingest` for the options."""
        from copilot.shop.ingest import ingest

        return ingest(self.store, folder, **options)

    def train(self, *, seed: int | None = None, priors: Path | None = None) -> Trained:
        """Fit every predictor the data allows and keep it; priors: a file of assumptions of one's own."""
        from copilot.deciding.training import train

        drawn = self.settings.seed if seed is None else seed
        self._models.clear()
        return train(self.store, seed=drawn, now=self._now(), priors=priors or self.settings.priors)

    def copy_scores(self, texts: Iterable[str], *, general: bool = False) -> list[CopyScore]:
        """How much each text draws clicks, against average; general: as any shop's, which needs no store."""
        from copilot.deciding.copy_scores import copy_scores

        return copy_scores(self._words(general), texts)

    def copy_compare(self, a: str, b: str, *, general: bool = False) -> CopyComparison:
        """Which of two texts draws the higher click rate, with what probability, and why.

        Raises:
            InvalidInput: one of them holds no words.
        """
        from copilot.deciding.copy_scores import copy_comparison

        return copy_comparison(self._words(general), a, b)

    def _words(self, general: bool) -> CopyPredictor:
        from copilot.deciding.scoring import general_copy

        return general_copy() if general else self._predictors()[1]

    def audience(self, strategy_id: str, *, as_of: date | None = None) -> list[str]:
        """The customers a saved strategy would go to: by its audience, today's opt-ins, and its limit.

        Who the best customers are is asked of the predictor that made the report, as of the report's day
        unless another is named.
        """
        from copilot.store import find_strategy

        with self.store.begin() as connection:
            saved = find_strategy(connection, strategy_id)
        if saved["extra"].get("inline"):
            wanted = "a strategy for customers of the store"
            raise InvalidInput("strategy_id", wanted, f"{strategy_id}, whose customers were given inline")
        brief = parse(CampaignBrief, saved["brief"])
        draft = parse(StrategyDraft, saved["draft"])
        day = as_of or date.fromisoformat(saved["as_of"])
        context = self._context(brief, day, Inline())
        case = self._case(brief, context, saved["predictor_version"])
        return [str(customer) for customer in case.scorer.contacted(draft)]

    def shop_settings(self) -> ShopSettings:
        """The shop's name, currency and costs."""
        from copilot.store import read_shop

        with self.store.begin() as connection:
            return read_shop(connection)

    def reports(self, limit: int = 50) -> list[dict[str, Any]]:
        """Saved reports, newest first."""
        from copilot.store import list_reports

        with self.store.begin() as connection:
            return list_reports(connection, limit)

    def report(self, name: str) -> Report:
        """A saved report by its brief's id, or one strategy of it by the strategy's."""
        from copilot.store import find_report, find_strategy

        with self.store.begin() as connection:
            try:
                saved = find_report(connection, find_strategy(connection, name)["report_id"])
            except UnknownName:
                saved = find_report(connection, name)
        report = parse(Report, saved["report"])
        only = tuple(one for one in report.strategies if one.strategy_id == name)
        return report.model_copy(update={"strategies": only}) if only else report

    def explain(self, strategy_id: str) -> Explanation:
        """Why a saved strategy ranks where it does, from its report and the record of its run alone.

        Raises:
            UnknownName: no such strategy.
        """
        from copilot.deciding.explaining import explain
        from copilot.deciding.saved_run import read_run

        return explain(read_run(self.store, strategy_id), strategy_id)

    def record(self, strategy_id: str) -> RunRecord | None:
        """What was said and answered while the report of a strategy was made; None where nothing was kept.

        Raises:
            UnknownName: no such strategy.
        """
        from copilot.deciding.saved_run import read_run

        return read_run(self.store, strategy_id).record

    def predictor_report(self, *, as_of: date | None = None) -> PredictorReport:
        """How far the newest predictor can be trusted, measured on what it never saw."""
        from copilot.deciding.trust import predictor_report

        return predictor_report(self.case(as_of=as_of))

    def forget(self, customer_id: str) -> dict[str, int]:
        """Delete a customer and all that is keyed by them; rows deleted by table."""
        from copilot.store import forget_customer

        with self.store.begin(write=True) as connection:
            return forget_customer(connection, customer_id)

    def attributes(self) -> list[tuple[str, str, str]]:
        """Name, kind and meaning of every customer attribute an audience may use."""
        from copilot.shop.attributes import describe_attributes
        from copilot.store import read_customers, read_products

        with self.store.begin() as connection:
            return describe_attributes(read_customers(connection), read_products(connection))

    def case(
        self,
        audience: str | Iterable[Condition] = (),
        *,
        as_of: date | None = None,
        inline: Inline | None = None,
        brief: CampaignBrief | None = None,
    ) -> Case:
        """A case of a brief; without one, of an audience and no other wishes."""
        conditions = parse_audience(audience) if isinstance(audience, str) else tuple(audience)
        wanted = brief or parse(CampaignBrief, {"brief_id": "scoring", "audience": conditions})
        return self._case(wanted, self._context(wanted, as_of, inline or Inline()))

    def _context(self, brief: CampaignBrief, as_of: date | None, inline: Inline) -> ShopContext:
        from copilot.shop.context import Days, inline_context, read_context

        days = Days(brief.starts_on, brief.ends_on, as_of, self._now())
        if inline.customers is None:
            if inline.products is not None or inline.orders is not None:
                raise InvalidInput("customers", "customers beside inline products or orders", "none")
            return read_context(self.store, days)
        return inline_context(self.store, inline, days)

    def _case(self, brief: CampaignBrief, shop: ShopContext, version: str | None = None) -> Case:
        from copilot.deciding.case import Case

        kit, (model, words) = self.brand_kit(), self._predictors(version)
        names = self._names_in(brief, kit)
        return Case(brief, shop, model, seed=self.settings.seed, names=names, brand=kit, words=words)

    def brand_kit(self) -> BrandKit | None:
        """The kit of the setting `brand`; None where none is set.

        Raises:
            InvalidInput: its file cannot be used; names the key.
        """
        from copilot.wording.brand import read_brand

        return read_brand(self.settings.brand) if self.settings.brand else None

    def _names_in(self, brief: CampaignBrief, kit: BrandKit | None) -> re.Pattern[str] | None:
        from copilot.store import names_among
        from copilot.wording.privacy import name_candidates, names_pattern

        if self.settings.openai_api_key is None:
            return None  # the built-in planner is at home in this process
        section = kit.section(brief.language) if kit else None
        texts = section.texts if section else ()
        words = name_candidates((brief.notes, brief.tone, *brief.must_say, *brief.must_not_say, *texts))
        if not words:
            return None
        with self.store.begin() as connection:
            return names_pattern(names_among(connection, words))

    @property
    def model(self) -> EffectModel:
        """The newest predictor of this store."""
        return self._predictors()[0]

    def _predictors(self, version: str | None = None) -> tuple[EffectModel, CopyPredictor]:
        """Those of a version, else the newest of this store."""
        from copilot.deciding.scoring import load_copy, load_model
        from copilot.store import load_predictor, newest_predictor

        with self.store.begin() as connection:
            version = version or newest_predictor(connection)
            if version not in self._models:
                parts = load_predictor(connection, version)[1]
                self._models = {version: (load_model(parts), load_copy(parts))}
        return self._models[version]

    def _save(self, case: Case, report: Report, record: RunRecord, stop: Stop | None) -> None:
        from copilot.store import save_report

        brief = case.brief.model_dump(mode="json")
        with self.store.begin() as connection:
            save_report(
                connection,
                brief,
                report.model_dump(mode="json"),
                self._now(),
                case.scorer.model.version,
                {"as_of": case.shop.as_of.isoformat(), "inline": case.shop.inline},
                record.model_dump(mode="json"),
            )
            if stop is not None:
                stop.check()  # the last moment at which nothing is saved


def _silent(_: Event) -> None:
    return None
