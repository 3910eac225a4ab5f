"""How much words draw clicks, from randomised tests of texts."""

from __future__ import annotations

from predictors.copy_effect.predictor import CopyEffect, NotFitted
from predictors.copy_effect.shop import ShopCopyEffect

__all__ = ["CopyEffect", "NotFitted", "ShopCopyEffect"]
