"""The machine's own PostgreSQL, started for tests in a temporary folder and stopped afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "p@ss/w:rd"


def binaries() -> Path:
    """The folder of its programs; the test is skipped where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        pytest.skip("no PostgreSQL server on this machine")
    return found[-1].parent if found else Path(str(on_path)).parent


@contextmanager
def running() -> Iterator[str]:
    """A server of its own on a free port; gives the URL of an empty database."""
    pytest.importorskip("psycopg", reason="the `postgres` extra is not installed")
    programs, account = binaries(), unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        secret = folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)

        def run(*command: str) -> None:
            as_user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
            subprocess.run(
                [str(programs / command[0]), *command[1:]],
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=folder,
                **as_user,
            )

        data, port = str(folder / "data"), free_port()
        run(
            "initdb",
            "-D",
            data,
            "-U",
            "shop",
            "-A",
            "scram-sha-256",
            f"--pwfile={secret}",
            "-N",
            "--no-locale",
            "-E",
            "UTF8",
        )
        options = f"-p {port} -k {folder} -h 127.0.0.1 -F"
        run("pg_ctl", "-D", data, "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql+psycopg://shop:p%40ss%2Fw%3Ard@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run it as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
