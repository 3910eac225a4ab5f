"""The story of an ingest: find the files, check every row, stage them, merge them in one transaction.

Good rows go in, bad rows go to a rejects file, and the same export twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from copilot.domain.noun import parse
from copilot.domain.shop import ShopSettings
from copilot.errors import InvalidInput, MissingData, UnknownHeaders
from copilot.shop.ingest.customers import Attributes, sort_columns
from copilot.shop.ingest.headers import near
from copilot.shop.ingest.listing import list_rejects
from copilot.shop.ingest.mapping import FileMap, read_map
from copilot.shop.ingest.merge import merge_file
from copilot.shop.ingest.propensities import odd_propensities
from copilot.shop.ingest.proposing import propose_map
from copilot.shop.ingest.result import IngestResult
from copilot.shop.ingest.schema import FILES
from copilot.shop.ingest.source import Source, find_files
from copilot.shop.ingest.stage import StagedFile, stage_file
from copilot.store import ColumnKind, Loading, Store, loading

__all__ = ["ingest"]

Progress = Callable[[str, int], None]


def ingest(
    store: Store,
    folder: Path | str,
    *,
    mapping: Path | str | None = None,
    rejects: Path | str | None = None,
    keep_personal: bool = False,
    on_progress: Progress | None = None,
) -> IngestResult:
    """Bring a shop export into the store.

    Args:
        folder: holds `customers.csv` and any of `products.csv`, `orders.csv`, `exposures.csv`, `shop.json`.
        mapping: a header map (YAML), or the name of a bundled one: `shopify`, `woocommerce`.
        rejects: where rejected rows are listed (file, line, reason, row). By default `rejects.csv` in the
            folder, or in the current folder if that cannot be written. Written only if rows were rejected.
        keep_personal: store e-mail, phone and name as they are instead of as keyed hashes.
        on_progress: called with a file's name and the rows read of it so far.

    Raises:
        MissingData: no customers.
        UnknownHeaders: columns that are not called as documented; proposes a map.
        UnknownName: no such map.
        InvalidInput: a file, header, map or `shop.json` that cannot be used; nothing has changed then.
        StoreUnavailable: the database failed; nothing has changed then either.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InvalidInput("folder", "a folder with the files of a shop export", str(folder))
    shop = _read_shop(folder)
    sources = _open_sources(folder, read_map(mapping))
    attributes = sort_columns(sources["customers"])
    with loading(store) as load:
        staged = _stage_all(load, sources, attributes, keep_personal, on_progress)
        with load.merging():
            if shop is not None:
                load.keep_shop(shop)
            notes = _keep_columns(load, attributes, sources["customers"])
            counts = tuple(merge_file(load, file) for file in staged.values())
            notes += odd_propensities(load) if "exposures" in staged else []
    path = list_rejects(folder, rejects, list(staged.values()), attributes)
    return IngestResult(
        files=counts,
        rejects=path,
        personal=(*attributes.hashed, *attributes.personal),
        left_out=attributes.free_text,
        notes=(*notes, *_left_by_map(staged.values())),
    )


def _left_by_map(files: Iterable[StagedFile]) -> list[str]:
    return [f"{file.schema.name}: {file.skipped} rows left out by the map" for file in files if file.skipped]


def _read_shop(folder: Path) -> ShopSettings | None:
    found = find_files(folder, "shop.json")
    if not found:
        return None
    try:
        text = found[0].read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("encoding", "UTF-8 text", "other bytes", where="shop.json") from None
    shop: ShopSettings = parse(ShopSettings, text, where="shop.json")
    return shop


def _open_sources(folder: Path, maps: dict[str, FileMap]) -> dict[str, Source]:
    sources = {}
    for name in FILES:
        found = (find_files(folder, pattern) for pattern in maps[name].sources)
        paths = next((paths for paths in found if paths), ())
        if paths:
            sources[name] = Source.open(name, paths, maps[name])
            _require_columns(folder, sources[name])
    if "customers" not in sources:
        others = find_files(folder, "*.csv")
        if not others:
            raise MissingData("customers.csv", f"the export in {folder}")
        names = ", ".join(path.name for path in others)
        wanted = " or ".join(maps["customers"].sources)
        raise UnknownHeaders("customers", wanted, names, propose_map(others), where=str(folder))
    return sources


def _require_columns(folder: Path, source: Source) -> None:
    have = source.columns()
    missing = [name for name in FILES[source.kind].required if name not in have]
    if missing:
        close = {name: near(name, have) for name in missing}
        hint = "".join(f"; {theirs} may be {ours}" for ours, theirs in close.items() if theirs)
        raise UnknownHeaders(
            ", ".join(missing),
            f"a column of this name, or a map (--map) that says which it is{hint}",
            f"the columns {', '.join(source.header_names())}",
            propose_map(find_files(folder, "*.csv")),
            where=source.paths[0].name,
        )


def _stage_all(
    load: Loading,
    sources: dict[str, Source],
    attributes: Attributes,
    keep_personal: bool,
    on_progress: Progress | None,
) -> dict[str, StagedFile]:
    key = None if keep_personal else load.hash_key()
    # An attribute that is empty throughout is of no use, unless the store holds values that are now gone.
    stored = load.attribute_kinds()
    extra = [*attributes.kinds, *(name for name in attributes.empty if name in stored)]
    staged = {}
    with load.staging():
        for name, source in sources.items():

            def report(rows: int, file: str = source.paths[0].name) -> None:
                if on_progress:
                    on_progress(file, rows)

            staged[name] = stage_file(
                load, FILES[name], source, extra if name == "customers" else (), key, report
            )
    return staged


def _keep_columns(load: Loading, attributes: Attributes, source: Source) -> list[str]:
    known = [
        name
        for name in source.columns()
        if name in ("signed_up_on", "email_opt_in", "sms_opt_in", "push_opt_in")
    ]
    dropped = load.drop_attributes([*attributes.personal, *attributes.free_text])
    kinds: dict[str, ColumnKind] = {**dict.fromkeys(known, "known"), **attributes.kinds}
    other = load.keep_columns(kinds)
    notes = [f"{name} holds {reason}: kept out" for name, reason in attributes.personal.items()]
    notes += [f"{name} is different for nearly every customer: kept out" for name in attributes.free_text]
    notes += [f"{name} is empty: left out" for name in attributes.empty]
    notes += [f"{name} was an attribute before: deleted from the store" for name in dropped]
    notes += [f"{name} held numbers and text in different exports: treated as categories" for name in other]
    return notes
