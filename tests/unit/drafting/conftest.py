"""A scripted model server, and settings that point at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from copilot.settings import Settings, load_settings
from tests.fakes.faults import SECRET
from tests.fakes.openai_server import OpenAIServer
from tests.fakes.planted import planted_store


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """A model server on this machine."""
    with OpenAIServer() as running:
        yield running


@pytest.fixture
def settings(server: OpenAIServer) -> Settings:
    """Settings under which the scripted model writes."""
    return settings_for(server)


def settings_for(server: OpenAIServer, **changed: Any) -> Settings:
    """The same, with some of them changed."""
    given = {"openai_api_key": SecretStr(SECRET), "openai_base_url": server.url, "model": "scripted"}
    return load_settings(**{**given, "deadline_seconds": 20.0, **changed})


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real store with something to hide in every file; copy it before writing to it."""
    return planted_store(tmp_path_factory.mktemp("planted"))


@pytest.fixture
def planted_db(planted: Path, tmp_path: Path) -> str:
    """A copy of one's own."""
    return str(shutil.copy(planted, tmp_path / "copilot.db"))
