"""Data frames and texts in, forecasts out. Names are fetched when asked for, so that importing is free."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["CopyEffect"]


def __getattr__(name: str) -> Any:
    if name == "CopyEffect":
        return import_module("predictors.copy_effect").CopyEffect
    raise AttributeError(f"module 'predictors' has no attribute {name!r}")
