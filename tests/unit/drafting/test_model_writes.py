"""A language model writes: over real HTTP, with tool calls, and nothing it says is trusted."""

from __future__ import annotations

import json
from typing import Any

import pytest

from copilot.domain.events import Event
from copilot.drafting.agent import PLANNER, Written, write_drafts
from copilot.settings import Settings
from tests.fakes.case import FakeCase
from tests.fakes.drafts import a_draft, submit
from tests.fakes.openai_server import MODEL, OpenAIServer, Reply, calls, text
from tests.unit.drafting.conftest import SECRET, settings_for


def written(server: OpenAIServer, *replies: Any, case: FakeCase | None = None, **options: Any) -> Written:
    server.script(*replies)
    return write_drafts((case or FakeCase(strategies=2)).as_case, settings_for(server), **options)


def test_a_model_sweeps_scores_revises_and_submits(server: OpenAIServer) -> None:
    events: list[Event] = []
    case = FakeCase(strategies=2, max_discount_percent=25)

    done = written(
        server,
        calls(("sweep_offers", {"channel": "email", "limit": 3}), ("past_campaigns", {})),
        calls(("score_drafts", {"drafts": [a_draft("a", 40), a_draft("b", 10)]})),
        calls(("submit_strategies", {"drafts": [a_draft("a", 20)], "scored_ids": ["b"]})),
        case=case,
        on_event=events.append,
    )

    sweep, past = server.tool_answers(1)
    assert [offer["channel"] for offer in sweep["offers"]] == ["email"] * 3
    assert past["arms"][0]["campaign"] == "spring"
    (scored,) = server.tool_answers(2)
    assert [one.get("broken", [{}])[0].get("rule") for one in scored["scored"]] == [
        "max_discount_percent",
        None,
    ]
    assert {draft.draft_id: draft.offer.value for draft in done.drafts} == {"a": 20, "b": 10}
    assert set(done.authors.values()) == {MODEL}
    assert (done.writer, done.completed_by_planner, done.notes) == (MODEL, False, ())
    assert done.prompts == ("strategist.v4", "case.v1")
    assert (done.usage.model_calls, done.usage.tool_calls) == (3, 4)
    assert (done.usage.input_tokens, done.usage.output_tokens) == (300, 60)
    assert [event.stage for event in events] == ["draft", "scored", "scored", "revised"]


def test_the_model_is_told_the_strongest_levers_of_what_it_scores(server: OpenAIServer) -> None:
    case = FakeCase(strategies=1, max_discount_percent=25)
    written(
        server,
        calls(("score_drafts", {"drafts": [a_draft("a", 40), a_draft("b", 10)]})),
        submit(a_draft("b", 10)),
        case=case,
    )
    (answer,) = server.tool_answers(1)
    deep, fine = (one["levers"] for one in answer["scored"])
    assert [set(one) for one in fine] == [{"channel", "gain"}] * 2
    low, mean, high = fine[0]["gain"]
    assert low < mean < high
    assert abs(mean) >= abs(fine[1]["gain"][1])
    assert deep[0]["breaks"] == ["max_discount_percent"]
    assert len(str(fine)) < 200


def test_the_request_holds_the_frontier_the_tools_and_no_secret(server: OpenAIServer) -> None:
    written(server, submit(a_draft("a"), a_draft("b", 20)))

    request = server.requests[0]
    assert request["model"] == "scripted"
    assert {tool["function"]["name"] for tool in request["tools"]} == {
        "sweep_offers",
        "past_campaigns",
        "audience_facts",
        "product_facts",
        "check_copy",
        "score_drafts",
        "submit_strategies",
    }
    system, user = request["messages"]
    assert system["role"] == "system"
    assert "Hand in 2 different strategies" in system["content"]
    assert '"incremental_profit":[' in user["content"]
    assert SECRET not in str(request)
    assert server.headers[0]["authorization"] == f"Bearer {SECRET}"
    assert len(str(request)) < 24_000


def test_the_plan_is_filled_with_the_dates_of_the_case(server: OpenAIServer) -> None:
    done = written(server, submit(a_draft("a"), a_draft("b", 20, plan={"starts_on": "2026-03-05"})))

    starts = {draft.draft_id: str(draft.plan.starts_on) for draft in done.drafts}
    assert starts == {"a": "2026-03-01", "b": "2026-03-05"}
    assert {str(draft.plan.ends_on) for draft in done.drafts} == {"2026-03-14"}


def test_what_a_draft_leaves_open_the_brief_settles(server: OpenAIServer) -> None:
    drafts = [a_draft("a"), a_draft("b", 20)]
    for draft in drafts:
        del draft["category"]
    products = FakeCase(strategies=2, categories=[], product_ids=["p1", "p2"])

    by_category = written(server, submit(*drafts))
    by_product = written(server, submit(*drafts), case=products)

    assert {draft.category for draft in by_category.drafts} == {"beauty"}
    assert {draft.product_ids for draft in by_product.drafts} == {("p1", "p2")}


BROKEN = [
    (a_draft("a", "20"), "offer.value", "a number"),
    (a_draft("a", True), "offer.value", "a number"),
    (a_draft("a", 250), "offer.value", "less than or equal to 100"),
    (a_draft("a", -1), "offer.value", "greater than 0"),
    (a_draft("a", 10**400), "offer.value", "a number of at most"),
    (a_draft("a", float("nan")), "offer.value", "a finite number"),
    (a_draft("a", 1e308), "offer.value", ""),
    (a_draft("a", uplift=0.37), "uplift", "no field of this name"),
    (a_draft("a", channel="fax"), "channel", "'email'"),
    (a_draft("a", plan={"starts_on": "2026-03-09", "ends_on": "2026-03-02"}), "plan.ends_on", "not before"),
    (a_draft("a", copy={"body": "bell \u0007"}), "draft.copy.body", "without control characters"),
    ("not a draft", "draft", "an object"),
]


@pytest.mark.parametrize(("draft", "field", "expected"), BROKEN)
def test_a_broken_draft_comes_back_with_field_and_reason_and_may_be_corrected(
    server: OpenAIServer, draft: Any, field: str, expected: str
) -> None:
    done = written(server, submit(draft, a_draft("b", 20)), submit(a_draft("a")))

    (answer,) = server.tool_answers(1)
    (fault,) = answer["returned"]
    assert fault["field"] == field
    assert expected in fault["expected"]
    assert answer["accepted"] == ["b"]
    assert {one.draft_id for one in done.drafts} == {"a", "b"}
    assert not done.completed_by_planner


def test_copy_with_figures_of_its_own_is_refused(server: OpenAIServer) -> None:
    lying = a_draft("a", copy={"body": "Save 50% today with {discount}"})

    done = written(server, submit(lying, a_draft("b", 20)), submit(a_draft("a")))

    (fault,) = server.tool_answers(1)[0]["returned"]
    assert fault["broken"][0]["rule"] == "copy_figures"
    assert all("50" not in draft.message.body for draft in done.drafts)


def test_figures_in_a_rationale_are_cut(server: OpenAIServer) -> None:
    boast = "Beauty buyers like small gifts. We expect 37% uplift and 12,000 EUR! Serum fans get 10%."

    done = written(server, submit(a_draft("a", rationale=boast), a_draft("b", 20)))

    rationale = next(draft.rationale for draft in done.drafts if draft.draft_id == "a")
    assert rationale == "Beauty buyers like small gifts. Serum fans get 10%."


@pytest.mark.parametrize(
    "boast", ["Profit doubles.", "Half of them will buy!", "利润翻倍。", "It sells twice as well."]
)
def test_multiples_in_a_rationale_are_cut(server: OpenAIServer, boast: str) -> None:
    done = written(server, submit(a_draft("a", rationale=f"They like gifts. {boast}"), a_draft("b", 20)))

    assert next(one.rationale for one in done.drafts if one.draft_id == "a") == "They like gifts."


@pytest.mark.parametrize(
    "body",
    [
        "See http://evil.example/login {discount}",
        "Write to bob@evil.example for {discount}",
        "Log in at secure-login.evil-shop.com, {discount}",
        "{discount} at www.evil",
        "打开 evil.cn 领取 {discount}",
    ],
)
def test_addresses_of_a_model_s_own_are_refused(server: OpenAIServer, body: str) -> None:
    case = FakeCase(strategies=2, must_say=["shop.example"])
    good = [
        a_draft(key, n, copy={"subject": "News", "body": "{discount} at shop.example!"})
        for key, n in (("a", 10), ("b", 20))
    ]
    bad = a_draft("a", copy={"subject": "News", "body": f"{body} shop.example"})

    done = written(server, submit(bad, good[1]), submit(good[0]), case=case)

    (fault,) = server.tool_answers(1)[0]["returned"]
    assert [one["rule"] for one in fault["broken"]] == ["copy_links"]
    assert all("evil" not in draft.message.body for draft in done.drafts)


def test_what_was_tried_and_then_not_handed_in_is_no_strategy(server: OpenAIServer) -> None:
    probe = calls(("score_drafts", {"drafts": [a_draft("probe", 5)]}))
    lying = a_draft("b", copy={"body": "90% off"})

    done = written(server, probe, submit(a_draft("a", 20), lying), submit(lying), submit(lying))

    assert "probe" not in done.authors
    assert done.completed_by_planner
    assert "drafts went back for copy_figures" in done.notes[0]


def test_a_draft_that_stays_broken_is_dropped_and_the_planner_completes(server: OpenAIServer) -> None:
    done = written(server, submit(a_draft("b", 20), a_draft("a", 250)), submit(a_draft("a", 250)))

    assert len(server.requests) == 3
    assert done.completed_by_planner
    assert done.authors["b"] == MODEL
    assert {author for key, author in done.authors.items() if key != "b"} == {PLANNER}
    told = f"The language model {MODEL} handed in 1 of 2 usable strategies; drafts went back for offer.value"
    assert done.notes == (f"{told}. The built-in planner completed the rest.",)


def test_drafts_of_one_name_are_told_apart(server: OpenAIServer) -> None:
    done = written(server, submit(a_draft("a"), a_draft("a", 20)))

    assert {draft.draft_id: draft.offer.value for draft in done.drafts} == {"a": 10, "a-2": 20}


def test_a_draft_too_like_another_comes_back(server: OpenAIServer) -> None:
    done = written(server, submit(a_draft("a", 20), a_draft("b", 21)), submit(a_draft("b", 10)))

    (fault,) = server.tool_answers(1)[0]["returned"]
    assert fault["broken"] == [
        {"rule": "distinct", "message": "too like a; change its type, channel, audience or value"}
    ]
    assert {draft.draft_id: draft.offer.value for draft in done.drafts} == {"a": 20, "b": 10}


def test_a_listener_that_raises_ends_the_writing_and_is_heard(server: OpenAIServer) -> None:
    def stop(event: Event) -> None:
        if event.stage == "scored":
            raise TimeoutError("enough")

    with pytest.raises(TimeoutError, match="enough"):
        written(server, calls(("score_drafts", {"drafts": [a_draft("a")]})), on_event=stop)
    assert len(server.requests) == 1


def test_no_model_is_asked_where_nothing_beats_sending_nothing(server: OpenAIServer) -> None:
    done = written(server, text("unused"), case=FakeCase(feasible=False), fallback=False)

    assert server.requests == []
    assert done.drafts == ()
    assert "no language model was asked" in done.notes[0]


def test_tool_calls_of_one_answer_all_run(server: OpenAIServer) -> None:
    sweeps = [
        ("sweep_offers", {"offer_type": kind}) for kind in ("percent_off", "free_shipping", "none", "points")
    ]

    written(server, calls(*sweeps), submit(a_draft("a"), a_draft("b", 20)))

    kinds = [{offer["offer"]["type"] for offer in answer["offers"]} for answer in server.tool_answers(1)]
    assert kinds == [{"percent_off"}, {"free_shipping"}, {"none"}, set()]


@pytest.mark.parametrize(
    ("name", "args", "said"),
    [
        ("sweep_offers", {"channel": "fax"}, "one of email"),
        ("sweep_offers", {"limit": 1000}, "whole number from 1"),
        ("sweep_offers", {"limit": "5"}, "whole number from 1"),
        ("sweep_offers", {"category": ["a"]}, "a text"),
        ("sweep_offers", {"sort": 1}, "no argument of this name"),
        ("past_campaigns", {"run_manager": {}, "self": 1}, "no argument of this name"),
        ("score_drafts", {}, "a list of 1 to 20"),
        ("score_drafts", {"drafts": "[]"}, "a list of 1 to 20"),
        ("score_drafts", {"drafts": [a_draft("a", audience="shoe_size > 40")]}, "unknown attribute"),
        ("submit_strategies", {"scored_ids": ["zz"]}, "scored before"),
        ("publish_everything", {}, "the name of a tool: sweep_offers"),
    ],
)
def test_a_wrong_tool_call_is_answered_not_fatal(
    server: OpenAIServer, name: str, args: dict[str, Any], said: str
) -> None:
    done = written(server, calls((name, args)), submit(a_draft("a"), a_draft("b", 20)))

    assert said in server.requests[1]["messages"][-1]["content"]
    assert not done.completed_by_planner


def test_a_broken_tool_is_reported_to_the_model_and_the_run_goes_on(
    server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = FakeCase(strategies=2)
    monkeypatch.setattr(case, "past_campaigns", lambda **_: 1 / 0)

    done = written(server, calls(("past_campaigns", {})), submit(a_draft("a"), a_draft("b", 20)), case=case)

    assert "past_campaigns failed (ZeroDivisionError)" in str(server.tool_answers(1))
    assert not done.completed_by_planner


def test_a_model_that_only_talks_is_reminded_once(server: OpenAIServer) -> None:
    done = written(server, text("Here are my ideas: ..."), submit(a_draft("a"), a_draft("b", 20)))

    assert "Call submit_strategies with 2" in server.requests[1]["messages"][-1]["content"]
    assert not done.completed_by_planner


def test_a_model_that_says_done_without_a_tool_is_completed_by_the_planner(server: OpenAIServer) -> None:
    done = written(server, text("Done!"))

    assert len(server.requests) == 2
    assert done.writer == PLANNER
    assert "it stopped before it handed in" in done.notes[0]
    assert len(done.drafts) >= 2


def test_drafts_scored_but_never_handed_in_are_not_lost(server: OpenAIServer) -> None:
    scored = calls(("score_drafts", {"drafts": [a_draft("a"), a_draft("b", 20, copy={})]}))

    done = written(server, scored, text("Done!"))

    assert done.authors["a"] == MODEL
    assert "b" not in done.authors
    assert done.completed_by_planner


def test_the_model_id_that_really_answered_is_recorded(server: OpenAIServer) -> None:
    body = json.loads(submit(a_draft("a"), a_draft("b", 20)).body)

    done = written(server, Reply(json.dumps({**body, "model": "another-model"}).encode()))

    assert done.writer == "another-model"


def test_how_much_to_think_is_sent_only_where_it_is_set(server: OpenAIServer) -> None:
    server.script(submit(a_draft("a"), a_draft("b", 20)))
    for effort in (None, "none"):
        write_drafts(FakeCase(strategies=2).as_case, settings_for(server, reasoning_effort=effort))

    assert [request.get("reasoning_effort") for request in server.requests] == [None, "none"]


def test_a_local_server_that_counts_no_tokens_leaves_them_unknown(server: OpenAIServer) -> None:
    body = json.loads(submit(a_draft("a"), a_draft("b", 20)).body)

    done = written(server, Reply(json.dumps({**body, "usage": None}).encode()))

    assert (done.usage.input_tokens, done.usage.output_tokens) == (None, None)


def test_settings_alone_decide_who_writes(server: OpenAIServer, settings: Settings) -> None:
    server.script(submit(a_draft("a"), a_draft("b", 20)))

    done = write_drafts(FakeCase(strategies=2).as_case, settings.model_copy(update={"openai_api_key": None}))

    assert server.requests == []
    assert done.writer == PLANNER
    assert not done.completed_by_planner
    assert "OPENAI_BASE_URL is set without OPENAI_API_KEY" in done.notes[0]
