"""Effect of a draft: response heads, incremental combination, doubt, support."""

from predictors.effect.predictor import EffectPredictor

__all__ = ["EffectPredictor"]
