"""A line as named parts: its names as text, its values as plain arrays of half precision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from predictors.copy_effect.design import Line
from predictors.copy_effect.surface import surface_from_parts, surface_parts
from predictors.interface import FloatArray, UnusableModel
from predictors.persistence import array_bytes, array_from

__all__ = ["line_from_parts", "line_parts"]

LEAST = 2e-5  # log appeal: an n-gram worth less changes no forecast that anybody sees


def line_parts(line: Line) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The parts of a line, and what is left as plain data."""
    terms = {term: value for term, value in line.terms.items() if abs(value) >= LEAST or term[0] == "1"}
    parts = {
        "terms.txt": "\n".join(terms).encode(),
        "terms.npy": _half(list(terms.values())),
        "words.txt": "\n".join(line.words).encode(),
        "words.npy": _half(list(line.words.values())),
        **surface_parts(line.surface),
    }
    about = {
        "traits": line.traits.tolist(),
        "centre": line.centre.tolist(),
        "spread": [None if np.isinf(value) else value for value in line.spread.tolist()],
        "embedding": line.embedding.tolist(),
        "embedding_centre": line.embedding_centre.tolist(),
    }
    return parts, about


def line_from_parts(parts: Mapping[str, bytes], about: Mapping[str, Any]) -> Line:
    """The line that `line_parts` took apart.

    Raises:
        UnusableModel: there are not as many names as values.
    """
    values = array_from(parts["terms.npy"]).astype(float)
    terms = parts["terms.txt"].decode().split("\n") if len(values) else []
    pair = array_from(parts["words.npy"]).astype(float).reshape(-1, 2)
    words = parts["words.txt"].decode().split("\n") if len(pair) else []
    if len(terms) != len(values) or len(words) != len(pair):
        raise UnusableModel("a saved line does not have as many values as names")
    return Line(
        dict(zip(terms, values.tolist(), strict=True)),
        {word: (mean, total) for word, (mean, total) in zip(words, pair.tolist(), strict=True)},
        np.array(about["traits"], dtype=float),
        np.array(about["centre"], dtype=float),
        np.array([np.inf if value is None else value for value in about["spread"]], dtype=float),
        np.array(about["embedding"], dtype=float),
        np.array(about["embedding_centre"], dtype=float),
        surface_from_parts(parts, words, len(about["traits"])),
    )


def _half(values: Any) -> bytes:
    half: FloatArray = np.array(values, dtype=np.float16)
    return array_bytes(half)
