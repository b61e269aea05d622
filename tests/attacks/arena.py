"""What is there to be attacked: planted files, open sockets, another process of ours."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.notebooks import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def arena(folder: Path) -> Iterator[dict[str, Any]]:
    """Plant everything, everything open to everyone, in a folder that everyone can enter."""
    secret = "TOPSECRET" + secrets.token_hex(8)
    # Names that look like some that a worker needs, too.
    for name in ("COURSE_SECRET", "NVIDIA_API_KEY", "CUDA_REGISTRY_TOKEN", "LD_SECRET"):
        os.environ[name] = secret
    for name in ("answers", "siblings", "outside"):
        (folder / name).mkdir()
    (folder / "outside").chmod(0o777)
    (folder / "answers/answers.txt").write_text(secret)
    (folder / "siblings/alice.ipynb").write_text(secret)
    (folder / "outside/open").write_text("0123456789")
    (folder / "outside/open").chmod(0o666)
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        path = stack.enter_context(socket.socket(socket.AF_UNIX))
        path.bind(str(folder / "outside/unix"))
        path.listen()
        abstract = stack.enter_context(socket.socket(socket.AF_UNIX))
        abstract.bind("\0" + secret[-8:])
        abstract.listen()
        datagrams = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        datagrams.bind(str(folder / "outside/datagrams"))
        for listening in (tcp, udp, path, abstract, datagrams):
            listening.setblocking(False)
        for name in ("unix", "datagrams"):
            (folder / "outside" / name).chmod(0o777)
        victim = stack.enter_context(
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        )
        stack.callback(victim.kill)
        yield {
            # Backwards, or an attack would find them in its own text.
            "backwards": secret[::-1],
            "ekatsim": "missing_zero_grad"[::-1],
            "halves": ["step_once_"[::-1], "per_epoch"[::-1]],
            "answers": str(folder / "answers/answers.txt"),
            "sibling": str(folder / "siblings/alice.ipynb"),
            "outside": str(folder / "outside"),
            "open_file": str(folder / "outside/open"),
            "reference": [str(REFERENCE), str(REFERENCE.with_name("mistakes") / "training.toml")],
            "home": str(folder),
            "victim": victim.pid,
            "tcp": tcp.getsockname()[1],
            "udp": udp.getsockname()[1],
            "unix": str(folder / "outside/unix"),
            "abstract": secret[-8:],
            "datagrams": str(folder / "outside/datagrams"),
            "called": lambda: _called((tcp, path, abstract), (udp, datagrams)),
        }


def _called(streams: tuple[socket.socket, ...], others: tuple[socket.socket, ...]) -> bool:
    """Whether anybody reached one of the sockets."""
    for reached in (*(s.accept for s in streams), *(lambda s=s: s.recv(1) for s in others)):
        with contextlib.suppress(BlockingIOError):
            reached()
            return True
    return False


def unharmed(folder: Path, planted: dict[str, Any]) -> dict[str, bool]:
    """What of the arena is as it was."""
    return {
        "sockets": not planted["called"](),
        "victim": Path(f"/proc/{planted['victim']}/stat").read_text().split()[2] in "SR",
        "outside": sorted(p.name for p in (folder / "outside").iterdir())
        == ["datagrams", "open", "unix"],
        "open file": (folder / "outside/open").read_text() == "0123456789"
        and (folder / "outside/open").stat().st_mode & 0o777 == 0o666
        and (folder / "outside/open").stat().st_mtime > 0,
        "home": sorted(p.name for p in folder.iterdir() if p.name == ".cache") == [],
        "shared folders": not [
            p for where in ("/tmp", "/dev/shm") for p in Path(where).glob("poison_of_a_*")
        ],
    }
