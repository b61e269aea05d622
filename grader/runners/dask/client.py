"""Connects to a Dask cluster and asks its workers; turns Dask's errors into ours."""

from __future__ import annotations

import gc
import logging
import warnings
from typing import TYPE_CHECKING, Any

import distributed

from grader.errors import GraderError, InternalError
from grader.sandbox import JobLostError, wire
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

# How long a cluster may be without any worker: at the start, and when all have died.
EMPTY_SECONDS = 120.0
_CONNECT_SECONDS = 15.0
_LOGGERS = ("distributed", "distributed.client", "tornado.application")


def connect(address: str) -> distributed.Client:
    """Return a client of the scheduler at an address; raises ``GraderError``."""
    for name in _LOGGERS:  # the errors below say the same, once
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about other versions, which ``facts`` refuses
            return distributed.Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except Exception as error:  # noqa: BLE001 - anything may listen at that address
        what = printable(str(error) or type(error).__name__, 200)
    # Dask's half-made client closes itself when it is garbage collected. If that happened while
    # another one starts, both would wait for one lock for ever.
    gc.collect()
    raise GraderError(
        f"no Dask scheduler answers at {printable(address, 100)}: {what}",
        "give the address that `dask scheduler` prints: --scheduler tcp://HOST:8786",
    )


def ask_all(
    client: distributed.Client, function: Callable[..., Any], *arguments: bytes
) -> dict[str, dict[str, Any]]:
    """Run a function of ``worker`` on every worker; return the answers by the worker's address.

    A worker that dies meanwhile is left out; the one that takes its place is asked with its first
    job. Raises what ``read`` does, and ``GraderError`` if there is no worker.
    """
    while True:
        try:
            client.wait_for_workers(1, timeout=EMPTY_SECONDS)
        except distributed.TimeoutError:
            raise nobody() from None
        said = client.run(function, *arguments, on_error="return")
        alive = {str(name): one for name, one in said.items() if not isinstance(one, OSError)}
        if alive:
            return {name: _told_by(name, one) for name, one in sorted(alive.items())}


def read(said: bytes, where: str) -> dict[str, Any]:
    """Return a worker's answer.

    Raises the error that it sent instead: ``GraderError``, ``JobLostError`` or ``InternalError``.
    """
    told: dict[str, Any] = wire.decode(said, wire.TRUSTED)
    if "trouble" not in told:
        return told
    message = f"on {where}: {told['message']}"
    if told["trouble"] == "user":
        raise GraderError(message, told["hint"])
    raise (JobLostError if told["trouble"] == "lost" else InternalError)(message)


def nobody() -> GraderError:
    """Return the error for a cluster that has no workers."""
    return GraderError(
        f"the Dask cluster has had no worker for {EMPTY_SECONDS:g} seconds",
        "start workers, then give the same command again",
    )


def _told_by(name: str, said: Any) -> dict[str, Any]:
    where = f"the worker {printable(name, 100)}"
    if isinstance(said, (ImportError, AttributeError)):
        raise GraderError(
            f"{where} has no grader, or another one: {printable(str(said), 200)}",
            "install the same version of the grader for every worker",
        )
    if not isinstance(said, bytes):
        raise InternalError(f"{where} could not be asked: {said}")
    return read(said, where)
