"""A language model's drafts that say the same: the later one goes back once, and never fails a run."""

from __future__ import annotations

from typing import Any

from copilot.drafting.listener import Listener
from copilot.drafting.session import Session
from tests.fakes.case import FakeCase
from tests.fakes.drafts import a_draft

SAME = {"subject": "For you", "body": "You get {discount} off {category}, until {ends_on}."}
LIKE_IT = {"subject": "For you!", "body": "Get {discount} off {category} now, until {ends_on}."}
OTHER = {"subject": "Running low?", "body": "Is your shelf empty? You get {discount} off."}


def session(wanted: int = 2, *, trusted: bool = False) -> Session:
    return Session(FakeCase().as_case, wanted=wanted, listener=Listener(None), trusted=trusted)


def rules(answer: dict[str, Any]) -> list[str]:
    return [problem["rule"] for one in answer.get("returned", ()) for problem in one["broken"]]


def test_the_later_of_two_drafts_that_say_the_same_goes_back_with_the_angles_that_are_left() -> None:
    asked = session()

    answer = asked.submit([a_draft("a", 10, copy=SAME), a_draft("b", 20, copy=LIKE_IT)], [])

    assert (answer["accepted"], answer["finished"], rules(answer)) == (["a"], False, ["copy_variety"])
    told = answer["returned"][0]["broken"][0]["message"]
    assert told == "says the same as a; take another angle: question, urgency"
    revised = asked.submit([a_draft("b", 20, copy=OTHER)], [])
    assert (revised["accepted"], revised["finished"]) == (["a", "b"], True)


def test_it_goes_back_only_once() -> None:
    asked = session()
    asked.submit([a_draft("a", 10, copy=SAME), a_draft("b", 20, copy=LIKE_IT)], [])

    answer = asked.submit([], ["b"])

    assert (answer["accepted"], answer["finished"]) == (["a", "b"], True)


def test_it_is_told_already_where_drafts_are_scored() -> None:
    scored = session().appraise([a_draft("a", 10, copy=SAME), a_draft("b", 20, copy=LIKE_IT)])["scored"]

    assert [one.get("alike", "")[:19] for one in scored] == ["", "says the same as a;"]
    assert [one["angle"] for one in scored] == ["benefit", "benefit"]


def test_a_revision_of_a_draft_is_no_duplicate_of_it() -> None:
    asked = session(1)
    asked.appraise([a_draft("a", 10, copy=SAME)])

    assert rules(asked.submit([a_draft("a", 20, copy=LIKE_IT)], [])) == []


def test_the_same_offer_by_another_channel_may_be_told_in_the_same_words() -> None:
    asked, body = session(), {"body": f"{SAME['body']} Reply STOP to opt out."}

    answer = asked.submit([a_draft("a", 10, copy=SAME), a_draft("b", 10, channel="sms", copy=body)], [])

    assert answer["accepted"] == ["a", "b"]


def test_where_enough_others_are_there_it_is_not_waited_for() -> None:
    asked = session(2)

    answer = asked.submit(
        [a_draft("a", 10, copy=SAME), a_draft("b", 20, copy=LIKE_IT), a_draft("c", 30, copy=OTHER)], []
    )

    assert (answer["accepted"], answer["finished"]) == (["a", "c"], True)
    assert "dropped" in answer["returned"][0]


def test_at_the_end_it_is_taken_rather_than_nothing() -> None:
    asked = session(3)
    asked.submit([a_draft("a", 10, copy=SAME), a_draft("b", 20, copy=LIKE_IT)], [])

    answer = asked.submit([], ["a"])  # nothing new: the writer is done

    assert (answer["finished"], answer["accepted"]) == (True, ["a", "b"])


def test_the_planner_sees_to_it_itself() -> None:
    asked = session(trusted=True)

    answer = asked.submit([a_draft("a", 10, copy=SAME), a_draft("b", 20, copy=LIKE_IT)], [])

    assert answer["accepted"] == ["a", "b"]
