import subprocess
import sys
from pathlib import Path

import pytest

import grader
from grader.errors import GraderError
from grader.sandbox import (
    LEVELS,
    IsolationUnavailable,
    Threat,
    Workers,
    isolation,
    unprotected_sentences,
)
from grader.sandbox.layers import LAYERS, Context, Effect, Layer, LayerUnavailable, apply_layers
from grader.sandbox.model import Limits

CONTEXT = Context("/nowhere", (), 0, Limits({}).caps(()))
EVERY = {layer.name for layer in LAYERS}


def test_strict_names_what_is_open_and_why(new_bench, monkeypatch):
    monkeypatch.setattr(isolation, "refused", frozenset({"landlock"}))
    with pytest.raises(IsolationUnavailable) as caught:
        new_bench(isolation="strict").workers.ready()
    assert isinstance(caught.value, GraderError)
    assert "A submission could read your files and change your files." in caught.value.message
    assert "landlock (refused by a test)" in caught.value.message
    assert "--isolation auto" in caught.value.hint


@pytest.mark.parametrize(
    "refused", [(), ("namespaces", "user", "disk"), ("capabilities", "namespaces"), ("seccomp",)]
)
def test_strict_needs_every_attack_stopped_not_every_layer(new_bench, monkeypatch, refused):
    monkeypatch.setattr(isolation, "refused", frozenset(refused))
    if refused == ("seccomp",):
        with pytest.raises(IsolationUnavailable, match="start other programs"):
            new_bench(isolation="strict")
        return
    bench = new_bench(isolation="strict")
    assert bench.run("hello")["hello"].value == "hello"
    assert not set(refused) & set(bench.workers.applied)
    assert bench.workers.unprotected == ()


def test_other_words_are_refused(tmp_path):
    with pytest.raises(ValueError, match="isolation is one of"):
        Workers(str(tmp_path / "entry.py"), isolation="paranoid")
    with pytest.raises(ValueError, match="'thread'"):
        Workers(str(tmp_path / "entry.py"), start="thread")


def test_what_is_open_is_one_sentence_or_nothing():
    assert unprotected_sentences("auto", set(Threat)) == ()
    assert unprotected_sentences("auto", set(Threat) - {Threat.DISK}) == (
        "A submission could fill the disk.",
    )
    for level in LEVELS:
        assert len(unprotected_sentences(level)) <= 1
        for sentence in unprotected_sentences(level):
            assert sentence.count(".") == 1


def test_less_isolation_leaves_more_open():
    auto, basic, none = (set(isolation.unprotected(level)) for level in ("auto", "basic", "none"))
    assert auto < basic < none
    assert Threat.MEMORY in none - basic
    assert Threat.ENVIRONMENT not in none  # it is made anew at every level


def test_none_limits_nothing_but_keeps_processes_apart(new_bench):
    bench = new_bench(isolation="none")
    found = bench.run("limits", "session", "descriptors", file_bytes=1 << 20)
    assert found["limits"].value["FSIZE"] != 1 << 20
    assert found["session"].value is True
    assert len(found["descriptors"].value) == 4
    assert list(bench.workers.applied) == ["session", "descriptors", "scratch"]
    assert "take all memory" in bench.workers.unprotected[0]


def test_basic_leaves_the_system_as_it_is(new_bench):
    bench = new_bench(isolation="basic")
    bench.workers.ready()
    assert set(bench.workers.applied) == {*isolation.layers_for("basic")}
    assert not {"namespaces", "landlock", "seccomp", "user"} & set(bench.workers.applied)


def test_auto_has_every_layer_that_stops_something_on_this_machine(forked):
    forked.workers.ready()
    assert {"landlock", "seccomp", "limits", "capabilities"} <= set(forked.workers.applied)
    assert forked.workers.unprotected == ()


def test_every_layer_has_a_row_that_says_why(new_bench, monkeypatch):
    monkeypatch.setattr(isolation, "refused", frozenset({"landlock"}))
    bench = new_bench()
    bench.workers.ready()
    rows = {row.layer: row for row in bench.workers.layers}
    assert list(rows) == [layer.name for layer in LAYERS]
    assert not rows["landlock"].on
    assert rows["landlock"].why == "refused by a test"
    assert rows["seccomp"].on
    assert "use the network" in rows["seccomp"].stops
    assert all(row.does for row in rows.values())


def test_layers_say_what_they_are():
    assert len(EVERY) == len(LAYERS)
    for layer in LAYERS:
        assert layer.does
        assert layer.stops <= set(Threat)


def test_refusals_are_collected_and_the_rest_is_applied(monkeypatch):
    applied = []

    def refuse(_context):
        raise LayerUnavailable("not on this kernel")

    def layer(name, apply, reason=None):
        stops = frozenset({Threat.DISK, Threat.CPU})
        return Layer(name, "does", stops, lambda: reason, apply)

    layers = (
        layer("a", refuse),
        layer("b", applied.append),
        layer("c", applied.append, "only elsewhere"),
        layer("d", applied.append),
    )
    monkeypatch.setattr("grader.sandbox.layers.LAYERS", layers)
    done = apply_layers(("a", "b", "c"), CONTEXT)
    assert done.missing == {"a": "not on this kernel", "c": "only elsewhere"}
    assert done.applied == {"b": ""}
    assert done.stopped == {Threat.DISK, Threat.CPU}
    assert applied == [CONTEXT]


def test_what_a_layer_does_not_stop_here_is_not_counted(monkeypatch):
    partly = Effect("version 1", frozenset({Threat.SIGNALS}))
    stops = frozenset({Threat.SIGNALS, Threat.READS})
    layer = Layer("a", "does", stops, lambda: None, lambda _context: partly)
    monkeypatch.setattr("grader.sandbox.layers.LAYERS", (layer,))
    done = apply_layers(("a",), CONTEXT)
    assert done.applied == {"a": "version 1"}
    assert done.stopped == {Threat.READS}


def test_a_layer_that_was_there_may_not_be_missing_later(new_bench):
    bench = new_bench()
    bench.workers.ready()
    bench.workers._applied["moat"] = ""
    answer = bench.run("hello")["hello"]
    assert answer.fate.name == "INTERNAL_ERROR"
    assert "moat" in answer.detail


def test_the_trusted_side_imports_where_linux_is_not():
    """As on Windows: no resource, no fcntl, none of the calls that Linux adds."""
    script = """
import concurrent.futures, ctypes, json, numpy, os, queue, select, signal, socket, subprocess
import sys, tempfile, threading
for name in ("resource", "fcntl"):
    sys.modules[name] = None
for module, names in {
    os: ("fork", "setsid", "waitid", "wait4", "memfd_create", "killpg", "getppid", "pread",
         "getuid", "geteuid", "setresuid", "setgroups", "chown"),
    socket: ("send_fds", "recv_fds", "AF_UNIX"),
    select: ("poll",),
    signal: ("SIGKILL", "SIGCHLD", "set_wakeup_fd"),
}.items():
    for name in names:
        delattr(module, name)
os.supports_dir_fd = set()
sys.platform = SYSTEM
sys.path[:0] = [PATH]
import grader.sandbox
print(*grader.sandbox.unprotected_sentences("auto"), sep="\\n")
from grader.sandbox import bootstrap, child, single, layers, processes
try:
    grader.sandbox.isolation.require("strict")
except grader.sandbox.IsolationUnavailable as error:
    print(error.message)
"""
    path = str(Path(next(iter(grader.__path__))).parent)
    for system in ("win32", "darwin"):
        words = script.replace("PATH", repr(path)).replace("SYSTEM", repr(system))
        if system == "darwin":  # it has limits
            words = words.replace('("resource", "fcntl")', '("fcntl",)')
        ran = subprocess.run(
            [sys.executable, "-c", words], check=False, capture_output=True, text=True
        )
        assert ran.stderr == ""
        assert "use the network" in ran.stdout
        assert "strict isolation is not to be had here" in ran.stdout
        assert "landlock (only Linux has it)" in ran.stdout
        assert ("take all memory" in ran.stdout) == (system == "win32")
