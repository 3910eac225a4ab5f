"""A model as named parts of bytes: text, JSON and plain arrays, every one under a checksum. No pickle.

A damaged LightGBM file kills the process that loads it, so nothing is parsed before its sha256 is right.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from predictors.interface import FloatArray, UnusableModel

__all__ = [
    "MANIFEST",
    "array_bytes",
    "array_from",
    "content_version",
    "json_bytes",
    "read_manifest",
    "with_manifest",
]

MANIFEST = "manifest.json"


def json_bytes(data: Any) -> bytes:
    """Canonical JSON: the same data gives the same bytes."""
    return json.dumps(data, sort_keys=True, allow_nan=False, separators=(",", ":")).encode()


def array_bytes(values: npt.NDArray[Any]) -> bytes:
    """A numeric array as .npy."""
    buffer = io.BytesIO()
    np.save(buffer, np.ascontiguousarray(values), allow_pickle=False)
    return buffer.getvalue()


def array_from(part: bytes) -> FloatArray:
    """The array that `array_bytes` wrote."""
    loaded: FloatArray = np.load(io.BytesIO(part), allow_pickle=False)
    return loaded


def content_version(parts: Mapping[str, bytes], prefix: str) -> str:
    """A version that is the same if and only if every part is."""
    digest = hashlib.sha256()
    for name in sorted(parts):
        digest.update(name.encode() + b"\0" + hashlib.sha256(parts[name]).digest())
    return f"{prefix}-{digest.hexdigest()[:12]}"


def with_manifest(parts: Mapping[str, bytes], facts: Mapping[str, Any]) -> dict[str, bytes]:
    """The parts and a manifest that holds `facts` and the sha256 of every one."""
    sums = {name: hashlib.sha256(part).hexdigest() for name, part in parts.items()}
    return {**parts, MANIFEST: json_bytes({**facts, "sha256": sums})}


def read_manifest(parts: Mapping[str, bytes], format_name: str) -> dict[str, Any]:
    """The manifest, once every part is there and undamaged.

    Raises:
        UnusableModel: a part is missing, damaged or unknown, or the model is of another format.
    """
    try:
        manifest = json.loads(parts[MANIFEST])
        sums, found = dict(manifest["sha256"]), str(manifest["format"])
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableModel(f"no readable {MANIFEST} among the saved parts") from error
    if found != format_name:
        raise UnusableModel(f"saved as {found}, this version reads {format_name}: train again")
    if set(sums) != set(parts) - {MANIFEST}:
        odd = sorted(set(sums) ^ (set(parts) - {MANIFEST}))
        raise UnusableModel(f"saved parts do not match the manifest: {', '.join(odd)}")
    for name, digest in sums.items():
        if hashlib.sha256(parts[name]).hexdigest() != digest:
            raise UnusableModel(f"part {name} is damaged: its checksum differs from the manifest's")
    return dict(manifest)
