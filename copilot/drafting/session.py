"""One writer at work on one brief: what it had forecast, what it handed in, what went back to it.

Nothing the writer says is trusted: drafts are parsed strictly, scored and held to the rules by code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from copilot.deciding.ranking import alike, distinct
from copilot.domain.appeal import CopyAppeal
from copilot.domain.draft import StrategyDraft
from copilot.domain.events import DraftsScored, Revised
from copilot.domain.scored import ScoredDraft
from copilot.domain.terms import draft_in_words
from copilot.domain.why import Lever
from copilot.drafting.answers import broken_answer, checked_answer, fault_answer, scored_answer
from copilot.drafting.counts import about_few
from copilot.drafting.listener import Listener
from copilot.drafting.reading import id_of, read_draft
from copilot.drafting.record import Record
from copilot.drafting.variety import RULE, said_before
from copilot.errors import CallerError, InvalidInput
from copilot.shop.group import FEWEST
from copilot.wording.advice import advice

if TYPE_CHECKING:
    from copilot.deciding.case import Case

__all__ = ["FRONTIER", "MAX_DRAFTS", "Session"]

FRONTIER = 12  # offers a writer is shown unasked
MAX_DRAFTS = 20  # in one call of a tool
_BEST, _WITH_LEVERS = (
    5,
    8,
)  # drafts of a call whose levers are told: the best, and with those that break one rule
RETURNS = 2  # how often one broken draft goes back
SUBMISSIONS = 3


class Session:
    """The state behind the tools of one writer."""

    def __init__(
        self,
        case: Case,
        *,
        wanted: int,
        listener: Listener,
        trusted: bool = False,
        taken: Sequence[ScoredDraft] = (),
    ) -> None:
        """`trusted`: figures in rationales may stay, they are not a model's.

        `taken`: drafts of another writer; their ids and near-duplicates of them are not accepted again.
        `author`: who is writing now; `authors`: who wrote each draft that was scored.
        """
        self.case = case
        self.wanted = wanted
        self.scored: dict[str, ScoredDraft] = {}
        self.accepted: dict[str, ScoredDraft] = {}
        self.author = ""
        self.authors: dict[str, str] = {}
        self.finished = False
        self.failure: Exception | None = None
        self.trusted = trusted
        self.listener = listener
        self.record = Record(case.brief.objective, case.facts.currency)
        self._taken = tuple(taken)
        self._returned: Counter[str] = Counter()
        self._alike: dict[str, str] = {}  # drafts that went back for saying what another says, and why
        self._swept: dict[tuple[tuple[str, Any], ...], tuple[ScoredDraft, ...]] = {}
        self._submissions = 0
        self._rounds = 0

    def sweep(self, **filters: Any) -> tuple[ScoredDraft, ...]:
        """The frontier; the same question is not worked out twice."""
        asked = tuple(sorted(filters.items()))
        if asked not in self._swept:
            self._swept[asked] = self.case.sweep(**filters)
        return self._swept[asked]

    def appraise(self, entries: Sequence[Any]) -> dict[str, Any]:
        """Forecast and check what the writer proposes; what came of it, in words for the writer."""
        drafts, faults = self._read_all(entries)
        scored, refused = self._score(drafts)
        faults += refused
        self.record.returned(faults)
        answer: dict[str, Any] = {"scored": self._told(scored)}
        return {**answer, "unreadable": faults} if faults else answer

    def _told(self, scored: Sequence[ScoredDraft]) -> list[dict[str, Any]]:
        best_first = sorted((one for one in scored if one.forecast), key=lambda one: -one.utility)
        ranks = {one.draft.draft_id: place for place, one in enumerate(best_first, start=1)}
        levers = {} if self.trusted else self._levers(best_first)
        return [
            {
                **scored_answer(
                    one,
                    levers.get(key, ()),
                    language=self.case.brief.language,
                    appeal=self._appeal(one.draft),
                    rank=ranks.get(key),
                    exact=self.trusted,
                ),
                **self._kept_before(one),
                **self._alike_to_those(one, scored),
            }
            for one in scored
            if (key := one.draft.draft_id)
        ]

    def _appeal(self, draft: StrategyDraft) -> CopyAppeal | None:
        # The planner goes by the forecasts, where it is already.
        return None if self.trusted else self.case.appeal(draft)

    def _kept_before(self, one: ScoredDraft) -> dict[str, str]:
        stays = self.scored[one.draft.draft_id] == one
        return {} if stays else {"kept": "the draft of this name before, whose forecast is better"}

    def _alike_to_those(self, one: ScoredDraft, scored: Sequence[ScoredDraft]) -> dict[str, str]:
        if self.trusted:
            return {}
        earlier = [other.draft for other in scored[: scored.index(one)]]
        told = said_before(one.draft, [*self._others(), *earlier], self.case.brief)
        return {"alike": told} if told else {}

    def _others(self) -> list[StrategyDraft]:
        return [one.draft for one in (*self._taken, *self.accepted.values())]

    def _levers(self, best_first: Sequence[ScoredDraft]) -> dict[str, tuple[Lever, ...]]:
        # They cost more than all forecasts of the call. Only a language model reads them: the planner goes by
        # its own search.
        shown = [one for one in best_first if not about_few(one.forecast)]
        nearly = [one for one in shown[_BEST:] if len(one.broken) == 1]
        return {
            one.draft.draft_id: tuple(
                lever for lever in self.case.levers(one.draft) if lever.audience_size >= FEWEST
            )
            for one in (*shown[:_BEST], *nearly)[:_WITH_LEVERS]
        }

    def proofread(self, entry: Any) -> dict[str, Any]:
        """Which copy rules a draft breaks, and its message as the customer reads it. Forecasts nothing.

        Raises:
            InvalidInput: the draft cannot be read.
        """
        named = {"draft_id": "draft", **entry} if isinstance(entry, Mapping) else entry
        draft = read_draft(named, self.case.brief, self.case.facts, trusted=self.trusted)
        checks = self.case.check_copy(draft)
        broken = [{"rule": check.rule, "message": check.message} for check in checks if not check.passed]
        told, language = broken + _no_body(draft), self.case.brief.language
        message, appeal = self.case.message(draft), self._appeal(draft)
        return checked_answer(draft, told, message, advice(checks), appeal, language=language)

    def submit(self, entries: Sequence[Any], scored_ids: Sequence[str]) -> dict[str, Any]:
        """Take final drafts, new ones or ones scored before; those that break something go back."""
        drafts, faults = self._read_all(entries)
        known, missing = self._known(scored_ids, {draft.draft_id for draft in drafts})
        scored, refused = self._score(drafts)
        self._submissions += 1
        returned = [self._returning(fault) for fault in (*faults, *refused)] + missing
        before, kept, taken = len(self.accepted), [], []
        for one in (*scored, *known):
            key = one.draft.draft_id
            problems = (
                _problems(one, exact=self.trusted) or self._taken_already(one) or self._said_already(one)
            )
            if problems:
                returned.append(self._returning({"draft_id": key, "broken": problems}))
                continue
            self.accepted[key] = self.scored[key]
            taken.append(key)
            kept += [{"draft_id": key, **told}] if (told := self._kept_before(one)) else []
        self._let_go(returned)
        self.record.returned(returned)
        open_again = [fault for fault in returned if "dropped" not in fault]
        nothing_new = len(self.accepted) == before and not open_again
        enough = len(self.accepted) >= self.wanted and not open_again
        self.finished = enough or nothing_new or self._submissions >= SUBMISSIONS
        taken += self._complete() if self.finished else []
        self.record.accepted(taken)
        answer: dict[str, Any] = {"accepted": list(self.accepted), "wanted": self.wanted}
        answer |= {"finished": self.finished}
        answer |= {"kept": kept} if kept else {}
        return {**answer, "returned": returned} if returned else answer

    def best_scored(self, count: int) -> list[ScoredDraft]:
        """The best admissible drafts with copy that were scored but never handed in."""
        fit = [one for key, one in self.scored.items() if key not in self.accepted and not _problems(one)]
        kept = [*self._taken, *self.accepted.values()]
        found = distinct([*kept, *sorted(fit, key=lambda one: -one.utility)], len(kept) + max(count, 0))
        return [one for one in found if one not in kept]

    def _taken_already(self, one: ScoredDraft) -> list[dict[str, str]]:
        # Ranking keeps one of each set of near-duplicates: better to hear it now than to come up short.
        for other in (*self._taken, *self.accepted.values()):
            same = other.draft.draft_id == one.draft.draft_id
            if not same and alike(other, one):
                advice = "change its type, channel, audience or value"
                return [{"rule": "distinct", "message": f"too like {other.draft.draft_id}; {advice}"}]
        return []

    def _said_already(self, one: ScoredDraft) -> list[dict[str, str]]:
        # Once only: a set of strategies in like words is better than none.
        key = one.draft.draft_id
        if self.trusted or key in self._alike:
            return []
        told = said_before(one.draft, self._others(), self.case.brief)
        if told is None:
            return []
        self._alike[key] = told
        return [{"rule": RULE, "message": told}]

    def _let_go(self, returned: Sequence[dict[str, Any]]) -> None:
        # Where enough others say something of their own, a near-duplicate is not waited for.
        if len(self.accepted) < self.wanted:
            return
        for fault in returned:
            if any(problem["rule"] == RULE for problem in fault.get("broken", ())):
                fault.setdefault("dropped", "enough others say something of their own")

    def _complete(self) -> list[str]:
        """At the end, what only says the same as another is taken after all where too few are left."""
        missing = max(self.wanted - len(self.accepted), 0)
        waiting = [key for key in self._alike if key not in self.accepted and not _problems(self.scored[key])]
        taken = waiting[:missing]
        self.accepted |= {key: self.scored[key] for key in taken}
        return taken

    def _known(self, ids: Sequence[str], given: set[str]) -> tuple[list[ScoredDraft], list[dict[str, Any]]]:
        known = [self.scored[key] for key in dict.fromkeys(ids) if key in self.scored and key not in given]
        missing = [
            fault_answer(InvalidInput("scored_ids", "the draft_id of a draft scored before", key))
            for key in ids
            if key not in self.scored and key not in given
        ]
        return known, missing

    def _score(self, drafts: Sequence[StrategyDraft]) -> tuple[list[ScoredDraft], list[dict[str, Any]]]:
        if not drafts:
            return [], []
        scored, refused = self._forecast(drafts)
        self._rounds += 1
        revised = [change for one in scored if (change := self._keep(one))]
        self.record.tried(self._rounds, scored, [one.draft_id for one in revised if not one.kept])
        admissible = [one for one in scored if one.admissible]
        best = max(admissible, key=lambda one: one.utility, default=None)
        rejected = len(drafts) - len(admissible)
        told = draft_in_words(best.draft, self.case.facts.currency) if best else "none keeps the rules"
        self.listener.tell(DraftsScored(round=self._rounds, drafts=len(drafts), rejected=rejected, best=told))
        for change in revised:
            self.listener.tell(change)
        return scored, refused

    def _keep(self, child: ScoredDraft) -> Revised | None:
        """The better of a draft and the one it revises stays; what to tell if it revises one."""
        key = child.draft.draft_id
        parent = self.scored.get(key)
        worse = parent is not None and _merit(child) < _merit(parent)
        if not worse:
            self.scored[key] = child
            self.authors[key] = self.author
        if parent is None or parent.draft == child.draft:
            return None
        currency = self.case.facts.currency
        before, after = draft_in_words(parent.draft, currency), draft_in_words(child.draft, currency)
        return Revised(draft_id=key, before=before, after=after, kept=not worse)

    def _forecast(self, drafts: Sequence[StrategyDraft]) -> tuple[list[ScoredDraft], list[dict[str, Any]]]:
        try:
            return list(self.case.score(drafts)), []
        except CallerError as error:
            if len(drafts) == 1:
                return [], [{"draft_id": drafts[0].draft_id, "message": str(error)}]
        # One draft of the batch names something unknown: find out which, keep the others.
        each = [self._forecast([draft]) for draft in drafts]
        return [one for scored, _ in each for one in scored], [one for _, refused in each for one in refused]

    def _read_all(self, entries: Sequence[Any]) -> tuple[list[StrategyDraft], list[dict[str, Any]]]:
        drafts: dict[str, StrategyDraft] = {}
        faults: list[dict[str, Any]] = []
        for place, entry in enumerate(entries):
            try:
                draft = read_draft(entry, self.case.brief, self.case.facts, trusted=self.trusted)
            except InvalidInput as error:
                faults.append(fault_answer(error, id_of(entry) or f"drafts.{place}"))
                continue
            unique = _unique(draft.draft_id, {*drafts, *(one.draft.draft_id for one in self._taken)})
            drafts[unique] = draft.model_copy(update={"draft_id": unique})
        return list(drafts.values()), faults

    def _returning(self, fault: dict[str, Any]) -> dict[str, Any]:
        key = str(fault.get("draft_id", ""))
        self._returned[key] += 1
        if self._returned[key] > RETURNS:
            return {**fault, "dropped": f"sent back {RETURNS} times already"}
        return fault


def _problems(one: ScoredDraft, *, exact: bool = False) -> list[dict[str, str]]:
    problems = broken_answer(one, exact=exact)
    if one.forecast is None and not problems:
        problems.append({"rule": "audience", "message": "reaches nobody"})
    return problems + _no_body(one.draft)


def _no_body(draft: StrategyDraft) -> list[dict[str, str]]:
    told = "copy.body: expected the text of the message, received nothing"
    return [] if draft.message.body.strip() else [{"rule": "copy", "message": told}]


def _merit(one: ScoredDraft) -> tuple[bool, bool, float]:
    return one.admissible, bool(one.draft.message.body.strip()), one.utility


def _unique(key: str, taken: set[str]) -> str:
    tries = (key if n == 1 else f"{key[:190]}-{n}" for n in range(1, len(taken) + 2))
    return next(name for name in tries if name not in taken)
