"""Webhooks by somebody who does not know the secret are refused unread."""

from random import Random

import pytest

from bench.reliability.forging import STORED, TOO_LARGE, forge


@pytest.mark.hazard("H34")
async def test_every_forged_webhook_is_refused_before_it_is_read(tmp_path) -> None:
    found = await forge(tmp_path, 400, Random(7))  # noqa: S311 - repeatable
    assert (found.let_in, found.stored) == (0, 0), found.statuses
    assert found.statuses.keys() == {403, 404}
    assert (found.right, found.huge) == (STORED, TOO_LARGE)
