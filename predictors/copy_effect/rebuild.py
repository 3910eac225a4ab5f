"""Make the files that come with the package anew, from the public data they are learned from.

    python -m predictors.copy_effect.rebuild FOLDER

FOLDER holds `upworthy` and `upworthy_pairs`; unset, COPILOT_DATA_DIR names it. The same data give the same
files, up to how the machine rounds.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from predictors.copy_effect.meanings import learn_meanings
from predictors.copy_effect.predictor import GENERAL, CopyEffect
from predictors.copy_effect.saved import write_zip
from predictors.copy_effect.upworthy import ATTRIBUTION, article_texts, read_counts, read_pairs

__all__ = ["main", "rebuild"]


def rebuild(data: Path, out: Path) -> CopyEffect:
    """Learn from the data, and write `meanings.zip` and `general.zip` to a folder."""
    corpus = article_texts(data)
    meanings = learn_meanings(corpus)
    (out / "meanings.zip").write_bytes(write_zip(meanings.to_parts(ATTRIBUTION)))
    model = CopyEffect(corpus=corpus).fit(read_counts(data), read_pairs(data))
    (out / GENERAL).write_bytes(write_zip(model.to_parts(ATTRIBUTION)))
    return model


def main(arguments: Sequence[str]) -> int:
    """Exit status: 0 done, 2 no folder of data was named."""
    named = arguments[0] if arguments else os.environ.get("COPILOT_DATA_DIR", "")
    if not named or not (Path(named) / "upworthy").is_dir():
        print(f"name a folder that holds upworthy and upworthy_pairs; received {named!r}", file=sys.stderr)
        return 2
    model = rebuild(Path(named), Path(__file__).parent)
    print(model.version, *(f"{name} {value}" for name, value in model.facts.items()), sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
