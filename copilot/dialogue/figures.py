"""Forecasts in words, English or Chinese. Every figure comes from a forecast; none is made here."""

from __future__ import annotations

from decimal import Decimal

from copilot.deciding.ranking import OBJECTIVE_FIGURE, amount
from copilot.domain.brief import Objective
from copilot.domain.draft import StrategyDraft
from copilot.domain.forecast import EffectForecast, Estimate
from copilot.domain.report import Report
from copilot.domain.terms import draft_in_words

__all__ = ["CHANNELS_ZH", "draft_words", "effect_words", "report_lines", "total_of", "worth_words"]

CHANNELS_ZH = {"email": "邮件", "sms": "短信", "push": "推送", "onsite": "站内", "ads": "广告"}
_AIMS_ZH = {"profit": "利润", "revenue": "销售额", "conversion": "成交", "clicks": "点击"}


def total_of(forecast: EffectForecast, objective: Objective) -> Estimate | None:
    """What a forecast says of the objective over all customers contacted."""
    figure: Estimate | None = getattr(forecast, OBJECTIVE_FIGURE[objective])
    return None if figure is None else figure.times(forecast.audience_size)


def worth_words(value: float, objective: Objective, currency: str, chinese: bool) -> str:
    """`1,234 EUR of profit`, `1,234 EUR利润`."""
    told = amount(value, objective, currency)
    if not chinese:
        return told
    # `1,234 EUR of profit` keeps its money, `56 conversions` its figure alone.
    figure = told.rpartition(" of ")[0] or told.rpartition(" ")[0]
    return f"{figure} {_AIMS_ZH[objective]}"


def effect_words(forecast: EffectForecast, objective: Objective, currency: str, chinese: bool) -> str:
    """What a draft brings: the objective with its interval, conversion, what it costs, how sure that is."""
    total = total_of(forecast, objective)
    spent = forecast.totals.discount_cost.mean + forecast.totals.contact_cost.mean
    roi = f"{forecast.roi.mean:.2f}" if forecast.roi else "–"
    lift = f"{forecast.incremental_conversion.mean:+.2%}"
    if chinese:
        worth = (
            f"{worth_words(total.mean, objective, currency, True)}"
            f"(90 %: {total.low:,.0f} 至 {total.high:,.0f})"
            if total
            else "点击未知"
        )
        return (
            f"{'比不发送多' if objective != 'clicks' and forecast.incremental else '预计'} {worth}, "
            f"{forecast.audience_size:,} 位顾客, 转化率 {forecast.conversion.mean:.2%} ({lift}), "
            f"花费 {spent:,.0f} {currency}, ROI {roi}, 支持度 {forecast.support:.2f}"
        )
    worth = (
        f"{worth_words(total.mean, objective, currency, False)} (90 %: {total.low:,.0f} to {total.high:,.0f})"
        if total
        else "clicks not known"
    )
    against = " more than sending nothing" if objective != "clicks" and forecast.incremental else ""
    return (
        f"{worth}{against}, {forecast.audience_size:,} customers, conversion {forecast.conversion.mean:.2%} "
        f"({lift}), costs {spent:,.0f} {currency}, ROI {roi}, support {forecast.support:.2f}"
    )


def draft_words(draft: StrategyDraft, currency: str, chinese: bool) -> str:
    """The terms of a draft: `15 % off from 40 EUR, 7 days, beauty, by email`."""
    if not chinese:
        return draft_in_words(draft, currency)
    offer = draft.offer
    value, unit = _plain(offer.value), currency
    told = {
        "none": "不带优惠的消息",
        "percent_off": f"减 {value} %",
        "amount_off": f"减 {value} {unit}",
        "free_shipping": "包邮",
        "fixed_price": f"一口价 {value} {unit}",
        "buy_x_get_y": f"买 {offer.buy_quantity} 送 {offer.get_quantity}",
        "gift": f"赠品(成本 {value} {unit})",
        "points": f"送 {value} 积分",
    }[offer.type]
    told += f", 满 {_plain(offer.min_spend)} {unit}" if offer.min_spend else ""
    told += f", 最多减 {_plain(offer.max_discount)} {unit}" if offer.max_discount else ""
    told += f", {offer.valid_days} 天" if offer.type != "none" else ""
    promoted = ", ".join(draft.product_ids) or draft.category
    return ", ".join(part for part in (told, promoted, CHANNELS_ZH[draft.channel]) if part)


def report_lines(report: Report, objective: Objective, currency: str, chinese: bool) -> tuple[str, ...]:
    """The strategies, a line each, and the notes."""
    lines = [
        f"{one.rank}. {draft_words(one.draft, currency, chinese)}: "
        f"{effect_words(one.forecast, objective, currency, chinese)}"
        for one in report.strategies
    ]
    if not lines:
        lines = ["没有可行的方案。" if chinese else "Nothing is feasible."]
    return (*lines, *(f"{'注' if chinese else 'Note'}: {note}" for note in report.notes))


def _plain(value: Decimal | None) -> str:
    return f"{float(value or 0):g}"
