"""Stands in for the probes: needs no PyTorch, and does what each task is called."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path


def warm_up():
    return {"python": "3", "torch": "none", "threads": 1, "cuda_devices": 0}


def perform(request, task):
    challenge = request["challenges"]["one"]["numbers"]
    if task == "endless":
        time.sleep(60)
    if task == "crash":
        os.abort()
    if task == "kill":
        # Its parent is the fork server, whose parent is the Dask worker.
        os.kill(_parent(os.getppid()), signal.SIGKILL)
        time.sleep(60)
    if task.startswith("slow"):
        time.sleep(0.5)
    return {"task": task, "numbers": challenge[:5] * request["seed"], "text": "\x1b[31m한국"}


def _parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
