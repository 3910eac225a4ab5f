"""What every test stands on: no network but this machine, and nothing of the developer's own is touched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A shared machine is slow at times, and a suite that everybody runs must answer the same way twice.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")

KEPT = "COPILOT_DATA_DIR"
# Settings, keys, tracing that would call out, and proxies that would swallow a call to a local server.
CLEARED = ("COPILOT_", "OPENAI_", "LANGCHAIN_", "LANGSMITH_", "ANTHROPIC_")
HOMES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
XDG = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")


@pytest.fixture(autouse=True)
def _nobody_at_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has an empty home and no settings, so a developer's store or key is never used."""
    home = tmp_path_factory.mktemp("home", numbered=True)
    for name in HOMES:
        monkeypatch.setenv(name, str(home))
    for name in XDG:
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in list(os.environ):
        if name != KEPT and (name.startswith(CLEARED) or name.lower().endswith("_proxy")):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of public data sets; a test that needs it is skipped where it is absent."""
    named = os.environ.get(KEPT)
    if not named:
        pytest.skip(f"{KEPT} is not set: it names the folder of public data sets")
    folder = Path(named)
    if not folder.is_dir():
        pytest.skip(f"{KEPT} names {named}, which is not a folder")
    return folder
