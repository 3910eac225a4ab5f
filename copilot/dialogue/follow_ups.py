"""Answers about the last report: what if, why not another kind, other words, one strategy in full."""

from __future__ import annotations

from copilot.deciding.ranking import forecast_utility
from copilot.dialogue.figures import CHANNELS_ZH, draft_words, effect_words, total_of, worth_words
from copilot.dialogue.phrases import say
from copilot.dialogue.sentence import in_chinese
from copilot.dialogue.thread import Reply, Thread
from copilot.dialogue.tools import Tools
from copilot.dialogue.wishes import Rewrite, Terms, WhatIf, WhyNot
from copilot.domain.draft import Copy, StrategyDraft
from copilot.domain.forecast import EffectForecast
from copilot.domain.noun import parse
from copilot.domain.score import ScoreLine

__all__ = ["rewritten", "shown", "what_if", "why_not"]

_OTHER = "what-if"
# Words by which the reader of sentences knows an offer type.
_ASKED_FOR = {
    "free_shipping": ("free shipping", "包邮"),
    "gift": ("gifts", "赠品"),
    "points": ("points", "积分"),
    "buy_x_get_y": ("buy 2 get 1 free", "买2送1"),
    "fixed_price": ("a fixed price", "一口价"),
    "amount_off": ("money off", "立减"),
    "percent_off": ("percent off", "打折"),
    "none": ("a message without an offer", "不带优惠的消息"),
}


def what_if(thread: Thread, wish: WhatIf, tools: Tools) -> Reply:
    """A strategy with other terms beside itself, both by the same ruler.

    Raises:
        InvalidInput: no offer has such terms.
    """
    chinese, number = thread.chinese, wish.number or 1
    strategy = thread.strategy(number)
    assert strategy is not None  # the caller looked
    base = strategy.draft
    other = _with_terms(base, wish.terms)
    if other.model_copy(update={"draft_id": base.draft_id}) == base:
        return Reply(words=(say("same", chinese, number=number),))
    if (other.offer.type, other.channel) != (base.offer.type, base.channel):
        # Words about a gift do not sell a percentage, nor a mail's words a text message.
        worded = tools.rewrite(other, thread.brief, shorter=False)
        other = worded.draft if worded else other
    mine, theirs = tools.score([other, base], thread.brief)
    if mine.forecast is None:
        return Reply(words=(say("failed", chinese, error=mine.error.message if mine.error else ""),))
    words = [
        say(
            "what if",
            chinese,
            draft=_terms(other, thread, tools),
            effect=_effect(mine.forecast, thread, tools),
        )
    ]
    if theirs.forecast is not None:
        effect = _effect(theirs.forecast, thread, tools)
        words.append(say("beside", chinese, number=number, draft=_terms(base, thread, tools), effect=effect))
        words += _compared(mine.forecast, theirs.forecast, thread, tools)
    return Reply(words=(*words, *_broken(mine, chinese), say("ruler", chinese)))


def _with_terms(base: StrategyDraft, terms: Terms) -> StrategyDraft:
    data = base.model_dump(mode="json", by_alias=True)
    offer = data["offer"]
    if terms.type and (terms.type != offer["type"] or terms.value is not None):
        dropped = ("value", "buy_quantity", "get_quantity", "max_discount")
        offer = {name: value for name, value in offer.items() if name not in dropped}
        offer |= {"type": terms.type, **({"value": float(terms.value)} if terms.value is not None else {})}
    if terms.min_spend is not None:
        offer["min_spend"] = float(terms.min_spend)
    if terms.valid_days is not None:
        offer["valid_days"] = terms.valid_days
    channel = terms.channel or data["channel"]
    return parse(StrategyDraft, {**data, "draft_id": _OTHER, "offer": offer, "channel": channel})


def _compared(mine: EffectForecast, theirs: EffectForecast, thread: Thread, tools: Tools) -> list[str]:
    objective = thread.brief.objective
    one, other = total_of(mine, objective), total_of(theirs, objective)
    if one is None or other is None:
        return []
    apart = one.mean - other.mean
    difference = worth_words(abs(apart), objective, tools.shop.currency, thread.chinese)
    words = [say("better" if apart >= 0 else "worse", thread.chinese, difference=difference)]
    if one.low <= other.mean <= one.high or other.low <= one.mean <= other.high:
        words.append(say("overlap", thread.chinese))
    return words


def why_not(thread: Thread, wish: WhyNot, tools: Tools) -> Reply:
    """The best draft of a kind beside the first strategy, or what keeps all of the kind out."""
    chinese, brief = thread.chinese, thread.brief
    for one in thread.report.strategies if thread.report else ():
        if wish in (WhyNot(type=one.draft.offer.type), WhyNot(channel=one.draft.channel)):
            told = say("is there", chinese, number=one.rank, draft=_terms(one.draft, thread, tools),
                       effect=_effect(one.forecast, thread, tools))  # fmt: skip
            return Reply(words=(told,))
    field, kind = ("offer_types", wish.type) if wish.type else ("channels", wish.channel)
    allowed = getattr(brief, field)
    words = [say("left out", chinese)] if allowed and kind not in allowed else []
    best = tools.best(brief.model_copy(update={field: (kind,)}))
    if best.found is None or best.found.forecast is None:
        return Reply(words=(*words, say("none such", chinese, binding=best.binding)))
    found, forecast = best.found, best.found.forecast
    told = say(
        "best such",
        chinese,
        draft=_terms(found.draft, thread, tools),
        effect=_effect(forecast, thread, tools),
    )
    return Reply(words=(*words, told, *_against_first(wish, forecast, thread, tools)))


def _against_first(wish: WhyNot, forecast: EffectForecast, thread: Thread, tools: Tools) -> list[str]:
    first, chinese = thread.strategy(1), thread.chinese
    objective, currency = thread.brief.objective, tools.shop.currency
    mine = total_of(forecast, objective)
    theirs = total_of(first.forecast, objective) if first else None
    if first is None or mine is None or theirs is None:
        return []
    difference = worth_words(abs(mine.mean - theirs.mean), objective, currency, chinese)
    if mine.mean < theirs.mean:
        words = [
            say("ranks below", chinese, first=_terms(first.draft, thread, tools),
                first_effect=_effect(first.forecast, thread, tools), difference=difference)
        ]  # fmt: skip
    elif forecast_utility(forecast, objective) < forecast_utility(first.forecast, objective):
        words = [say("ranks above", chinese, difference=difference, low=mine.low, first_low=theirs.low)]
    else:
        kind = _ASKED_FOR[wish.type][chinese] if wish.type else _channel_words(wish.channel, chinese)
        words = [say("ranks first", chinese, difference=difference, kind=kind)]
    theirs_forecast = first.forecast
    words.append(
        say(
            "why lift",
            chinese,
            currency=currency,
            lift=f"{forecast.incremental_conversion.mean:+.2%}",
            first_lift=f"{theirs_forecast.incremental_conversion.mean:+.2%}",
            size=forecast.audience_size,
            first_size=theirs_forecast.audience_size,
            spent=_spent(forecast),
            first_spent=_spent(theirs_forecast),
        )
    )
    return words


def _channel_words(channel: str, chinese: bool) -> str:
    return CHANNELS_ZH[channel] if chinese else channel


def rewritten(thread: Thread, wish: Rewrite, tools: Tools) -> tuple[Thread, Reply]:
    """A strategy in other words, with what those do to its forecast; the thread goes on with them."""
    chinese, number = thread.chinese, wish.number
    draft = _draft(thread, number)
    changes = {name: said for name, said in (("language", wish.language), ("tone", wish.tone)) if said}
    # A draft that was put into Chinese before stays in it.
    written = in_chinese(draft.message.body)
    spoken = {} if written is None else {"language": "zh" if written else _not_chinese(thread.brief.language)}
    brief = thread.brief.model_copy(update={**spoken, **changes})
    found = tools.rewrite(draft, brief, shorter=wish.shorter)
    if found is None:
        key = "not shorter" if wish.shorter else "no words"
        return thread, Reply(words=(say(key, chinese, number=number),))
    (line,) = tools.score([found.draft], brief)
    head = say("shorter" if wish.shorter and not changes else "rewritten", chinese, number=number)
    told = (say("forecast", chinese, effect=_effect(line.forecast, thread, tools)),) if line.forecast else ()
    kept = {**dict(thread.rewritten), number: found.draft}
    after = thread.model_copy(update={"rewritten": tuple(kept.items())})
    return after, Reply(words=(head, *_message(found.message, chinese), *told, *_broken(line, chinese)))


def _not_chinese(language: str) -> str:
    return "en" if language.startswith("zh") else language


def shown(thread: Thread, number: int, tools: Tools) -> Reply:
    """One strategy in full: terms, forecast, reasons and copy."""
    one = thread.strategy(number)
    assert one is not None  # the caller looked
    head = f"{number}. {_terms(one.draft, thread, tools)}: {_effect(one.forecast, thread, tools)}"
    return Reply(words=(head, *one.reasons, *one.forecast.warnings, *_message(one.message, thread.chinese)))


def _message(copy: Copy, chinese: bool) -> tuple[str, ...]:
    names = say("parts", chinese).split("|")
    texts = (copy.subject, copy.preheader, copy.body, copy.call_to_action)
    return tuple(f"{name}: {text}" for name, text in zip(names, texts, strict=True) if text)


def _draft(thread: Thread, number: int) -> StrategyDraft:
    found = thread.draft(number)
    assert found is not None  # the caller looked
    return found


def _broken(line: ScoreLine, chinese: bool) -> tuple[str, ...]:
    rules = "; ".join(f"{one.rule}: {one.message}" for one in line.broken)
    return (say("breaks", chinese, rules=rules),) if rules else ()


def _terms(draft: StrategyDraft, thread: Thread, tools: Tools) -> str:
    return draft_words(draft, tools.shop.currency, thread.chinese)


def _effect(forecast: EffectForecast, thread: Thread, tools: Tools) -> str:
    return effect_words(forecast, thread.brief.objective, tools.shop.currency, thread.chinese)


def _spent(forecast: EffectForecast) -> str:
    return f"{forecast.totals.discount_cost.mean + forecast.totals.contact_cost.mean:,.0f}"
