"""What is printed of things, in words that fit them."""

from __future__ import annotations

import pytest

from copilot.deciding.training import Trained
from copilot.doors.show import show_trained


@pytest.mark.parametrize(("campaigns", "told"), [(1, " of 1 campaign\n"), (2, " of 2 campaigns\n")])
def test_campaigns_are_counted_in_words_that_fit(
    campaigns: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show_trained(Trained("effect-1", 80, campaigns, {}))
    assert told in capsys.readouterr().err
