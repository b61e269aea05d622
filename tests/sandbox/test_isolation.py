import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader.errors import GraderError
from grader.sandbox import LEVELS, IsolationUnavailable, Workers, unprotected_sentences
from grader.sandbox.layers import LAYERS, Context, Layer, LayerUnavailable, apply_layers
from grader.sandbox.model import Limits

CONTEXT = Context("/nowhere", (), 0, Limits({}).caps(()))


def test_strict_names_what_is_missing(tmp_path):
    with pytest.raises(IsolationUnavailable) as caught:
        Workers(str(tmp_path / "never_started.py"), isolation="strict")
    assert isinstance(caught.value, GraderError)
    for name in ("namespaces", "own user id", "Landlock", "seccomp"):
        assert name in caught.value.message
    assert "--isolation auto" in caught.value.hint


def test_other_words_are_refused(tmp_path):
    with pytest.raises(ValueError, match="isolation is one of"):
        Workers(str(tmp_path / "entry.py"), isolation="paranoid")
    with pytest.raises(ValueError, match="'thread'"):
        Workers(str(tmp_path / "entry.py"), start="thread")


def test_every_sentence_is_one_short_sentence():
    for level in LEVELS:
        for start in ("fork", "spawn"):
            for sentence in unprotected_sentences(level, start):
                assert sentence.endswith(".")
                assert sentence.count(".") == 1
                assert len(sentence) < 80


def test_less_isolation_leaves_more_unprotected():
    basic, none = set(unprotected_sentences("basic")), set(unprotected_sentences("none"))
    assert basic < none
    assert any("Memory" in sentence for sentence in none - basic)


def test_a_layer_that_was_refused_is_told():
    assert "Memory, processor time and file sizes are not limited." in unprotected_sentences(
        "auto", missing={"limits"}
    )


def test_none_limits_nothing_but_keeps_processes_apart(new_bench):
    bench = new_bench(isolation="none")
    found = bench.run("limits", "session", "descriptors", file_bytes=1 << 20)
    assert found["limits"].value["FSIZE"] != 1 << 20
    assert found["session"].value is True
    assert len(found["descriptors"].value) == 4
    assert list(bench.workers.applied) == ["session", "descriptors", "scratch"]
    assert "Memory, processor time and file sizes are not limited." in bench.workers.unprotected


def test_auto_has_every_layer_there_is(bench):
    bench.workers.ready()
    assert list(bench.workers.applied) == [layer.name for layer in LAYERS]


def test_layers_say_what_they_are():
    assert len({layer.name for layer in LAYERS}) == len(LAYERS)
    for layer in LAYERS:
        assert layer.stops
        assert layer.without.endswith(".")
        assert layer.unavailable() is None


def test_refusals_are_collected_and_the_rest_is_applied(monkeypatch):
    applied = []

    def refuse(_context):
        raise LayerUnavailable("not on this kernel")

    def layer(name, apply, reason=None):
        return Layer(name, "s", "w.", lambda: reason, apply)

    layers = (
        layer("a", refuse),
        layer("b", applied.append),
        layer("c", applied.append, "only elsewhere"),
        layer("d", applied.append),
        layer("e", lambda _context: "version 7"),
    )
    monkeypatch.setattr("grader.sandbox.layers.LAYERS", layers)
    remarks, missing = apply_layers(("a", "b", "c", "e"), CONTEXT)
    assert missing == {"a": "not on this kernel", "c": "only elsewhere"}
    assert remarks == {"b": "", "e": "version 7"}
    assert applied == [CONTEXT]


def test_the_trusted_side_imports_where_linux_is_not():
    """As on Windows: no resource, no fcntl, none of the calls that Linux adds."""
    script = """
import concurrent.futures, ctypes, json, numpy, os, queue, select, signal, socket, subprocess
import sys, tempfile, threading
for name in ("resource", "fcntl"):
    sys.modules[name] = None
for module, names in {
    os: ("fork", "setsid", "waitid", "wait4", "memfd_create", "killpg", "getppid", "pread"),
    socket: ("send_fds", "recv_fds", "AF_UNIX"),
    select: ("poll",),
    signal: ("SIGKILL", "SIGCHLD", "set_wakeup_fd"),
}.items():
    for name in names:
        delattr(module, name)
os.supports_dir_fd = set()
sys.platform = "win32"
sys.path[:0] = [PATH]
import grader.sandbox
print(*grader.sandbox.unprotected_sentences("auto"), sep="\\n")
from grader.sandbox import bootstrap, child, single, layers, processes
"""
    path = str(Path(next(iter(grader.__path__))).parent)
    ran = subprocess.run(
        [sys.executable, "-c", script.replace("PATH", repr(path))],
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.stderr == ""
    assert "Processes that a submission starts may outlive it." in ran.stdout
    assert "Memory, processor time and file sizes are not limited." in ran.stdout
