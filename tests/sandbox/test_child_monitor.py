"""What is seen of a process from outside, in processes that nothing else holds back."""

import subprocess
import sys
import textwrap

import pytest

from grader.sandbox import child_monitor
from grader.sandbox.child_monitor import Ceiling, ChildMonitor, is_above

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what Linux tells of a process")

MIB = 1 << 20
WIDE = {"memory_bytes": 1 << 40, "threads": 1000, "unlinked_bytes": -1, "file_bytes": 4 * MIB}


@pytest.fixture
def started(tmp_path):
    """Start a process that does something, says so and waits."""
    running = []

    def start(text):
        source = textwrap.dedent(text) + "\nprint('done', flush=True)\nimport time; time.sleep(60)"
        process = subprocess.Popen(
            [sys.executable, "-c", source], cwd=tmp_path, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stdout.readline() == "done\n"
        return process.pid

    yield start
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def above(pid, parent=None, **changed):
    return is_above(pid, Ceiling(**{**WIDE, **changed}), pid if parent is None else parent)


def test_children_are_looked_at_from_time_to_time(started, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(child_monitor.time, "monotonic", lambda: now[0])
    threads = "import threading\nfor _ in range(9): threading.Timer(60, print).start()"
    many, few = started(threads), started("")
    monitor = ChildMonitor()
    for pid in (many, few):
        monitor.watch(pid, Ceiling(**{**WIDE, "threads": 5}))
    assert monitor.above() == [many]
    assert monitor.above() == [], "too soon"
    now[0] += 1
    assert monitor.above() == [many]
    monitor.forget(many)
    now[0] += 1
    assert monitor.above() == []


def test_threads_are_counted(started):
    pid = started(
        """
        import threading
        for _ in range(9):
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        """
    )
    assert above(pid, threads=5)
    assert not above(pid, threads=20)


@pytest.mark.slow
def test_shared_memory_is_memory(started):
    parent = started("")
    pid = started(
        """
        import mmap
        kept = mmap.mmap(-1, 1300 << 20, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
        for at in range(0, len(kept), 4096):
            kept[at] = 1
        """
    )
    assert above(pid, parent, memory_bytes=0)
    assert not above(pid, parent, memory_bytes=2 << 30)
    assert not above(pid, memory_bytes=0), "what it was born with is not its own"


@pytest.mark.parametrize("keep", ["file", "mmap.mmap(file.fileno(), 4096)"])
def test_removed_files_are_counted_as_long_as_they_are_held(started, keep):
    pid = started(
        f"""
        import mmap, os
        kept = []
        for _ in range(3):
            file = open("big", "w+b", 0)
            file.write(bytes(4 << 20))
            kept.append({keep})
            file = None
            os.unlink("big")
        """
    )
    assert above(pid, unlinked_bytes=8 * MIB)
    assert not above(pid, unlinked_bytes=16 * MIB)
    assert not above(pid)


def test_files_with_a_name_and_files_in_memory_are_not(started):
    pid = started(
        """
        import os
        kept = open("big", "wb", 0)
        kept.write(bytes(4 << 20))
        nameless = os.memfd_create("x")
        os.write(nameless, bytes(4 << 20))
        """
    )
    assert not above(pid, unlinked_bytes=MIB)


def test_what_is_gone_counts_nothing():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert not above(process.pid, threads=0, unlinked_bytes=0)
