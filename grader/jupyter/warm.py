"""Starts the grader in a process of its own, and keeps it for the next notebook.

Nothing of a submission runs in the kernel, and nothing of the kernel can reach the judge.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING

from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.jupyter.protocol import Reply, Request

# Only installed modules count: a file of the student's in the working folder may be torch.py.
_START = """
import sys
sys.path[:] = filter(None, sys.path)
from grader.jupyter.serve import main
main()
"""
_ENDING_SECONDS = 10


class WarmGrader:
    """A grader whose workers have imported PyTorch when the second request comes."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._said: IO[bytes] | None = None

    def grade(self, request: Request, progress: Callable[[str], None]) -> Reply:
        """Return how a request ended: its page and its text.

        Raises ``GraderError`` for what the student can mend, and if the grader's process ended.
        An interrupt ends that process: the next request starts another.
        """
        process = self._running()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
            for line in process.stdout:
                reply: Reply = json.loads(line)
                if "step" not in reply:
                    return _without_errors(reply)
                progress(reply["step"])
        except KeyboardInterrupt:
            self.close()
            raise
        except BrokenPipeError:
            pass
        raise GraderError(f"the grader's process ended{self._last_words()}", "run %grade again")

    def close(self) -> None:
        """End the process, and with it its workers."""
        process, self._process = self._process, None
        if process is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        try:
            process.wait(_ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        finally:
            assert process.stdout is not None
            process.stdout.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the process
        # Not in the kernel's group, which an interrupt is sent to.
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a text of ours
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._said,
            start_new_session=os.name == "posix",
        )
        return self._process

    def _last_words(self) -> str:
        """Return the last line that the ended process wrote, with how it ended."""
        assert self._process is not None
        assert self._said is not None
        status = self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode(errors="replace").strip().splitlines()
        return f" with status {status}" + (f": {lines[-1][:300]}" if lines else "")


def _without_errors(reply: Reply) -> Reply:
    if "error" in reply:
        raise GraderError(reply["error"], reply.get("hint"))
    return reply
