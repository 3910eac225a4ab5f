"""What a run writes down: the very messages, whatever came back, and nothing that may not be kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from copilot.domain.noun import parse
from copilot.domain.record import (
    LONGEST,
    Accepted,
    Answered,
    Failed,
    Returned,
    Said,
    ToolAnswered,
    Tried,
    Writing,
)
from copilot.drafting.agent import PLANNER, write_drafts
from copilot.settings import load_settings
from tests.fakes.case import FakeCase
from tests.fakes.drafts import a_draft, submit
from tests.fakes.openai_server import MODEL, OpenAIServer, Reply, broken, calls, completion, text
from tests.unit.drafting.conftest import SECRET, settings_for
from tests.unit.drafting.test_model_writes import written

Message = dict[str, Any]


def replayed(writing: Writing) -> list[list[Message]]:
    """The messages of each request that the record says was made, in order."""
    said: list[Message] = []
    made: list[list[Message]] = []
    for step in writing.steps:
        if isinstance(step, Answered | Failed):
            made += [list(said)] * step.requests
        match step:
            case Said():
                said.append({"role": step.role, "content": step.text})
            case ToolAnswered():
                said.append({"role": "tool", "content": step.text, "tool_call_id": step.call_id})
            case Answered(used=False):
                continue
            case Answered(calls=()):
                said.append({"role": "assistant", "content": step.text})
            case Answered():
                told = [
                    {
                        "type": "function",
                        "id": call.call_id,
                        "function": {"name": call.name, "arguments": call.arguments},
                    }
                    for call in step.calls
                ]
                said.append({"role": "assistant", "content": step.text or None, "tool_calls": told})
    return made


def only(writing: Writing, kind: type[Any]) -> list[Any]:
    return [step for step in writing.steps if isinstance(step, kind)]


def test_replaying_the_record_gives_the_messages_of_every_request(server: OpenAIServer) -> None:
    done = written(
        server,
        broken(500),
        calls(("sweep_offers", {"limit": 3}), ("past_campaigns", {"sort": 1}), ("publish", {})),
        calls(
            ("score_drafts", {"drafts": [a_draft("a", 40), a_draft("b", 10, rationale="für dich 你好 <b>")]})
        ),
        text("I am done."),
        submit(a_draft("a", 20), a_draft("c", 250)),
        broken(401),
        case=FakeCase(strategies=3, max_discount_percent=25),
    )
    by_model, by_planner = done.writings
    assert replayed(by_model) == [request["messages"] for request in server.requests]
    assert len(server.requests) == 6
    assert (by_model.author, by_model.planner) == (MODEL, False)
    assert (by_planner.author, by_planner.planner) == (PLANNER, True)


def test_the_rounds_of_a_draft_can_be_told(server: OpenAIServer) -> None:
    done = written(
        server,
        calls(("score_drafts", {"drafts": [a_draft("a", 40), a_draft("b", 10)]})),
        calls(("submit_strategies", {"drafts": [a_draft("a", 20), a_draft("c", 250)], "scored_ids": ["b"]})),
        calls(("submit_strategies", {"scored_ids": ["b"]})),
        case=FakeCase(strategies=2, max_discount_percent=25),
    )
    (writing,) = done.writings
    first, second = only(writing, Tried)
    assert [(one.terms, [check.rule for check in one.broken]) for one in first.trials] == [
        ("40 % off, 7 days, beauty, by email", ["max_discount_percent"]),
        ("10 % off, 7 days, beauty, by email", []),
    ]
    assert [(one.draft_id, one.terms) for one in second.trials] == [
        ("a", "20 % off, 7 days, beauty, by email")
    ]
    (back,) = only(writing, Returned)
    assert (back.draft_id, back.read) == ("c", False)
    assert back.problems == ("offer.value: expected less than or equal to 100, received 250",)
    assert [step.draft_ids for step in only(writing, Accepted)] == [("a", "b"), ("b",)]
    assert {one.draft_id: one.total for one in writing.handed_in} == {
        "a": second.trials[0].total,
        "b": first.trials[1].total,
    }


def test_what_an_answer_cost_and_who_gave_it_is_kept(server: OpenAIServer) -> None:
    (writing,) = written(server, broken(503), submit(a_draft("a"), a_draft("b", 20))).writings
    (answer,) = only(writing, Answered)
    assert (answer.model, answer.finish_reason) == (MODEL, "tool_calls")
    assert (answer.input_tokens, answer.output_tokens, answer.requests) == (100, 20, 2)


REFUSED = {
    "half a character": (submit(a_draft("a", rationale="\ud83d")), "\\ud83d", "encoding"),
    "twice the same id": (
        calls(("sweep_offers", {}), ("past_campaigns", {}), ids=("x", "x")),
        "sweep",
        "duplicate ids",
    ),
    "cut arguments": (calls(("submit_strategies", '{"drafts": [{"dra')), '{"drafts": [{"dra', "arguments"),
    "a filter": (completion({"content": "I ca"}, "content_filter"), "I ca", "content_filter"),
}


@pytest.mark.parametrize(("reply", "came", "cause"), REFUSED.values(), ids=REFUSED)
def test_an_answer_that_is_refused_is_kept_as_it_came(
    server: OpenAIServer, reply: Reply, came: str, cause: str
) -> None:
    writing = written(server, reply).writings[0]
    answer, failed = writing.steps[-2:]
    assert isinstance(answer, Answered)
    assert not answer.used
    assert came in answer.model_dump_json().replace("\\\\", "\\").replace('\\"', '"')
    assert isinstance(failed, Failed)
    assert (failed.type, failed.cause) == ("ModelMisbehaved", cause)


def test_control_characters_are_escaped_and_what_is_endless_is_cut(server: OpenAIServer) -> None:
    (writing, _) = written(server, text("bell \x07 nul \x00 tab \t."), text("x" * 300_000)).writings
    first, second = only(writing, Answered)
    assert first.text == "bell \\u0007 nul \\u0000 tab \t."
    assert len(second.text) < LONGEST + 100
    assert second.text.endswith("300,000 characters were sent)")


def test_the_record_holds_no_key_and_comes_back_from_json(server: OpenAIServer) -> None:
    done = written(server, text("hm"), broken(401, f"wrong key {SECRET}"))
    for writing in done.writings:
        said = writing.model_dump_json()
        assert SECRET not in said
        assert parse(Writing, json.loads(said)) == writing
    (failed,) = only(done.writings[0], Failed)
    assert (failed.type, failed.requests) == ("ModelMisconfigured", 1)


def test_a_revision_that_is_worse_is_told_as_dropped(server: OpenAIServer) -> None:
    done = written(
        server,
        calls(("score_drafts", {"drafts": [a_draft("a", 10)]})),
        calls(("submit_strategies", {"drafts": [a_draft("a", 30)]})),
        case=FakeCase(strategies=1),
    )
    (writing,) = done.writings
    assert [step.dropped for step in only(writing, Tried)] == [(), ("a",)]
    assert [(one.draft_id, one.terms) for one in writing.handed_in] == [
        ("a", "10 % off, 7 days, beauty, by email")
    ]


def test_where_another_model_went_on_both_are_in_the_record(server: OpenAIServer) -> None:
    server.script(
        calls(("score_drafts", {"drafts": [a_draft("a", 20)]})),
        completion({"content": "no"}, "content_filter"),
        submit(a_draft("a", 20), a_draft("b", 10)),
    )
    with_spare = settings_for(server, fallback_model="spare")
    done = write_drafts(FakeCase(strategies=2).as_case, with_spare)
    (writing,) = done.writings
    assert replayed(writing) == [request["messages"] for request in server.requests]
    assert [request["model"] for request in server.requests] == ["scripted", "scripted", "spare"]
    (failed,) = only(writing, Failed)
    assert (failed.author, failed.cause, failed.requests) == ("scripted", "content_filter", 0)
    assert [step.input_tokens for step in only(writing, Answered)] == [100, 100, 100]


def test_the_same_answers_give_the_same_record(server: OpenAIServer) -> None:
    answers = (
        calls(*[("score_drafts", {"drafts": [a_draft("a", value)]}) for value in (10, 15, 20, 25)]),
        calls(("submit_strategies", {"scored_ids": ["a"]})),
        text("done"),
    )
    first, second = (written(server, *answers).writings for _ in range(2))
    assert first == second


def test_the_planner_is_recorded_as_a_model_is() -> None:
    case = FakeCase(strategies=2)
    (writing,) = write_drafts(case.as_case, load_settings()).writings
    assert (writing.author, writing.planner) == (PLANNER, True)
    names = [call.name for step in only(writing, Answered) for call in step.calls]
    assert (names[0], names[-1]) == ("sweep_offers", "submit_strategies")
    assert len(only(writing, ToolAnswered)) == len(names)
    assert {one.draft_id for one in writing.handed_in} <= {
        trial.draft_id for step in only(writing, Tried) for trial in step.trials
    }
