"""A model's named parts as one file: a zip that may come from anywhere, so nothing in it is trusted."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

from predictors.interface import UnusableModel

__all__ = ["read_zip", "write_zip"]

LARGEST = 64 * 1024 * 1024  # bytes unpacked: far more than any model of texts has
MOST = 64  # parts
_STAMP = (1980, 1, 1, 0, 0, 0)  # the same parts give the same file


def write_zip(parts: Mapping[str, bytes]) -> bytes:
    """The parts as the bytes of a zip; the same parts give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(parts):
            archive.writestr(zipfile.ZipInfo(name, _STAMP), parts[name], zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def read_zip(content: bytes) -> dict[str, bytes]:
    """The parts in a zip.

    Raises:
        UnusableModel: it is no zip, is damaged, or holds far more than a model does.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = archive.infolist()
            if len(inside) > MOST or sum(one.file_size for one in inside) > LARGEST:
                raise UnusableModel("the file holds more than a model of texts does")
            if any(one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for one in inside):
                raise UnusableModel("the file is compressed as no saved model is")
            return {one.filename: archive.read(one) for one in inside}
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise UnusableModel(f"not the file of a saved model: {error}") from error
