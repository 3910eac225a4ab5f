"""The built-in planner: drafts whole strategies by search and templates, through the tools a model has.

Knows no LangChain: it answers one question, which tools to call next, given what the last ones said.
`planner_model` puts it behind the interface of a chat model.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from copilot.domain.brief import CampaignBrief, Channel
from copilot.domain.draft import StrategyDraft
from copilot.domain.scored import CaseFacts
from copilot.drafting.phrases import phrases_of
from copilot.drafting.reading import read_draft
from copilot.drafting.session import MAX_DRAFTS
from copilot.drafting.template_copy import Variant, copy_variants, write_variant
from copilot.wording import Grounds
from copilot.wording.angles import angle_of
from copilot.wording.likeness import too_alike

__all__ = ["PLANNER", "Planner"]

PLANNER = "built-in planner"

Call = tuple[str, dict[str, Any]]
Answers = Sequence[tuple[str, Mapping[str, Any]]]
_Worded = tuple[Channel, Variant]  # and the channel it is for

_SPARE = 2  # more than asked for: ranking may find two alike, or one worse than it looked
_TARGETED, _NARROWER = 2, 2  # the best so many are also tried on so many narrower audiences
_SWEPT_AT_LEAST, _MOST_SWEPT = 12, 40
_ROUNDS = 3
# What another draft of the same kind is worth less than one of a new kind, as shares of the best utility.
_SAME_IDEA, _SAME_TYPE, _SAME_CHANNEL = 0.15, 0.05, 0.05
# The same of copy that leads with what another draft leads with, or says the same by the same channel.
_SAME_ANGLE, _SAME_WORDS = 0.05, 0.15
_MOST_VARIANTS = 3  # of the copy for one offer; forecasts say which is sent


class Planner:
    """Sweeps, looks at the past, writes, scores, replaces what breaks a rule, submits."""

    def __init__(
        self,
        brief: CampaignBrief,
        facts: CaseFacts,
        grounds: Callable[[StrategyDraft], Grounds],
        *,
        wanted: int,
        taken: Sequence[StrategyDraft] = (),
    ) -> None:
        """grounds: what a draft's copy may rest on. taken: drafts somebody else has written; it looks for
        other ideas.
        """
        self._grounds = grounds
        self._brief = brief
        self._facts = facts
        self._phrases, self._language = phrases_of(brief.language)
        self._count = min(wanted + _SPARE, MAX_DRAFTS)
        self._chosen: list[Mapping[str, Any]] = [_as_offer(draft) for draft in taken]
        self._pool: list[Mapping[str, Any]] = []
        self._past: list[Mapping[str, Any]] = []
        self._utility: dict[str, float] = {}
        self._families: dict[str, str] = {}  # of drafts of one offer, of which one is left
        self._variants: dict[str, _Worded] = {}
        self._good: list[str] = []
        self._worded: list[_Worded] = [
            (one.channel, Variant(angle_of(one.message, self._language), one.message)) for one in taken
        ]
        self._told: Counter[str] = Counter()
        self._written = 0
        self._rounds = 0
        self._widened = False

    def next_calls(self, answers: Answers) -> list[Call]:
        """The tool calls to make after these answers; none when everything is handed in."""
        if not answers:
            limit = max(_SWEPT_AT_LEAST, self._count)
            return [("sweep_offers", {"limit": limit}), ("past_campaigns", {"limit": 10})]
        if any(name == "submit_strategies" for name, _ in answers):
            return []
        for name, answer in answers:
            self._take(name, answer)
        if len(self._pool) < self._count and not self._widened and self._pool:
            self._widened = True
            return self._wider()
        return self._write() or self._hand_in()

    def _take(self, name: str, answer: Mapping[str, Any]) -> None:
        if name == "sweep_offers":
            known = [_key(offer) for offer in (*self._pool, *self._chosen)]
            for offer in answer.get("offers", ()):
                if _key(offer) not in known:
                    self._pool.append(offer)
                    known.append(_key(offer))
        elif name == "past_campaigns":
            self._past = list(answer.get("arms", ()))
        elif name == "score_drafts":
            self._judge(answer.get("scored", ()))

    def _wider(self) -> list[Call]:
        # Type by type, deeper than the frontier goes: what is asked for is many, not only the very best.
        kinds = sorted({offer["offer"]["type"] for offer in self._pool})
        each = min(_MOST_SWEPT, max(4, 2 * self._count // len(kinds)))
        return [("sweep_offers", {"offer_type": kind, "limit": each}) for kind in kinds]

    def _judge(self, scored: Iterable[Mapping[str, Any]]) -> None:
        fit = {one["draft_id"]: one["utility"] for one in scored if "broken" not in one and "forecast" in one}
        self._utility |= fit
        families: dict[str, list[str]] = {}
        for key in sorted(fit, key=lambda key: -fit[key]):  # the best offer has the first choice
            families.setdefault(self._families[key], []).append(key)
        for family in families.values():
            self._good.append(key := self._best_of(family))
            self._worded.append(self._variants[key])

    def _best_of(self, family: Sequence[str]) -> str:
        """The draft of an offer that is worth most, less so the more its copy is like others'."""
        best = max(map(abs, self._utility.values()))
        return max(family, key=lambda key: self._utility[key] - best * self._likeness_of_copy(key))

    def _likeness_of_copy(self, key: str) -> float:
        by, copy = self._variants[key]
        same_angle = sum(one.angle == copy.angle for _, one in self._worded)
        heard = [one.copy for channel, one in self._worded if channel == by]
        twins = any(too_alike(copy.copy, one, self._language) for one in heard)
        return _SAME_ANGLE * same_angle + _SAME_WORDS * twins

    def _write(self) -> list[Call]:
        # A revision is another idea from the frontier in place of one that broke a rule.
        missing = self._count - len(self._good)
        if missing <= 0 or self._rounds >= _ROUNDS:
            return []
        self._rounds += 1
        offers = self._pick(missing)
        targeted = max(min(len(offers), _TARGETED - self._written), 0)
        room = MAX_DRAFTS - _NARROWER * targeted
        drafts: list[dict[str, Any]] = []
        narrower: list[dict[str, Any]] = []
        heard = [*self._worded]
        for place, offer in enumerate(offers):
            self._written += 1
            key = f"plan-{self._written}"
            # One call takes all of them; what is left over is for the best.
            share = math.ceil((room - len(drafts)) / (len(offers) - place))
            drafts += self._drafts(offer, key, heard, min(max(share, 1), _MOST_VARIANTS))
            if place < targeted:
                narrower += self._targeted(offer, key, heard)
        return [("score_drafts", {"drafts": [*narrower, *drafts][:MAX_DRAFTS]})] if drafts else []

    def _pick(self, count: int) -> list[Mapping[str, Any]]:
        """The next best offers, each worth less the more it is like those chosen before."""
        picked: list[Mapping[str, Any]] = []
        best = max((abs(offer["utility"]) for offer in self._pool), default=0.0)
        while self._pool and len(picked) < count:
            offer = max(self._pool, key=lambda one: one["utility"] - best * self._likeness(one))
            self._pool.remove(offer)
            self._chosen.append(offer)
            picked.append(offer)
        return picked

    def _likeness(self, offer: Mapping[str, Any]) -> float:
        same_type = [one for one in self._chosen if one["offer"]["type"] == offer["offer"]["type"]]
        same_channel = sum(one["channel"] == offer["channel"] for one in self._chosen)
        same_idea = sum(one["channel"] == offer["channel"] for one in same_type)
        likeness: float = _SAME_IDEA * same_idea + _SAME_TYPE * len(same_type) + _SAME_CHANNEL * same_channel
        return likeness

    def _drafts(
        self, offer: Mapping[str, Any], key: str, heard: list[_Worded], count: int
    ) -> list[dict[str, Any]]:
        """The offer in at most so many ways of wording it, none of them heard on its channel."""
        data, draft, grounds = self._read(offer, key)
        turn = self._told[draft.offer.type]
        self._told[draft.offer.type] += 1
        after = [one for channel, one in heard if channel == draft.channel]
        found = copy_variants(draft, self._brief, grounds, count, turn=turn, after=after)
        if not found:
            found = (write_variant(draft, self._brief, grounds, turn=turn, after=after),)
        heard.append((draft.channel, found[0]))  # of the others it is not known which will be left
        return [
            self._worded_as(data, f"{key}-{n}" if n else key, key, draft, one) for n, one in enumerate(found)
        ]

    def _targeted(
        self, offer: Mapping[str, Any], family: str, heard: Sequence[_Worded]
    ) -> list[dict[str, Any]]:
        if offer.get("audience_limit"):
            return []  # the customers with the best forecast are already all it goes to
        tried: list[Mapping[str, Any]] = [{"attribute": "orders_365d", "operator": ">=", "value": 1}]
        if offer.get("category"):
            tried.insert(0, {"attribute": "favourite_category", "operator": "=", "value": offer["category"]})
        drafts = []
        for n, condition in enumerate(tried, start=1):
            key = f"{family}-to-{n}"
            data, draft, grounds = self._read(offer, key, [condition])
            after = [one for channel, one in heard if channel == draft.channel]
            one = write_variant(draft, self._brief, grounds, turn=self._written - 1, after=after)
            drafts.append(self._worded_as(data, key, family, draft, one, targeted=True))
        return drafts

    def _read(
        self, offer: Mapping[str, Any], key: str, narrower: Sequence[Mapping[str, Any]] = ()
    ) -> tuple[dict[str, Any], StrategyDraft, Grounds]:
        target = {name: value for name, value in offer.items() if name not in ("forecast", "utility")}
        data = {**target, "draft_id": key, "audience": [*target.get("audience", ()), *narrower]}
        draft = read_draft(data, self._brief, self._facts, trusted=True)
        return data, draft, self._grounds(draft)

    def _worded_as(
        self,
        data: Mapping[str, Any],
        key: str,
        family: str,
        draft: StrategyDraft,
        one: Variant,
        *,
        targeted: bool = False,
    ) -> dict[str, Any]:
        self._families[key], self._variants[key] = family, (draft.channel, one)
        why = self._why(draft, targeted=targeted)
        return {**data, "draft_id": key, "copy": one.copy.model_dump(mode="json"), "rationale": why}

    def _why(self, draft: StrategyDraft, *, targeted: bool) -> str:
        why = self._phrases.why
        said = [why["found"].format(objective=self._phrases.objectives[self._brief.objective])]
        if targeted:
            said.append(why["targeted"])
        if draft.audience_limit:
            said.append(why["limited"])
        alike = [arm for arm in self._past if arm.get("channel") == draft.channel and arm.get("terms")]
        if alike:
            said.append(why["past"].format(campaign=alike[0]["campaign"], terms=alike[0]["terms"]))
        return self._phrases.space.join(said)

    def _hand_in(self) -> list[Call]:
        best = sorted(self._good, key=lambda key: -self._utility[key])[: self._count]
        return [("submit_strategies", {"scored_ids": best})] if best else []


def _as_offer(draft: StrategyDraft) -> Mapping[str, Any]:
    return draft.model_dump(mode="json", exclude_none=True)


def _key(offer: Mapping[str, Any]) -> tuple[Any, ...]:
    terms = offer["offer"]
    return (
        offer["channel"],
        offer.get("category"),
        tuple(offer.get("product_ids", ())),
        offer.get("audience_limit"),
        *(terms.get(name) for name in ("type", "value", "buy_quantity", "get_quantity", "min_spend")),
        *(terms.get(name) for name in ("max_discount", "valid_days")),
    )
