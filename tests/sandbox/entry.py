"""What the tests' workers do: every task is one thing a submission might try."""

# Submissions don't mind their manners:
# ruff: noqa: BLE001, PLC0415
# ruff: noqa: PTH101, PTH102, PTH103, PTH109, PTH115, PTH123, PTH208, PTH211

import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
import time

import numpy as np

WARM = {"hello": "world", "numbers": [1, 2.5]}


def warm_up():
    return WARM


def perform(request, task):
    return globals()[task](request)


def echo(request):
    return request


def hello(_request):
    return "hello"


def pid(_request):
    return os.getpid()


def where(_request):
    return {
        "cwd": os.getcwd(),
        "home": os.environ["HOME"],
        "tmp": __import__("tempfile").gettempdir(),
        "listing": os.listdir(),
    }


def environment(_request):
    return dict(os.environ)


def imports(_request):
    found = {}
    for name in ("grader.sandbox.wire", "planted_in_cwd", "reference", "conftest", "wire"):
        try:
            __import__(name)
            found[name] = True
        except ImportError:
            found[name] = False
    return {"found": found, "loaded": sorted(sys.modules), "path": sys.path, "argv": sys.argv}


def string_hash(_request):
    return hash("the same in every process")


def descriptors(_request):
    return {name: os.readlink(f"/proc/self/fd/{name}") for name in _open_descriptors()}


def session(_request):
    return os.getsid(0) == os.getpid()


def remembered(_request):
    """Everything a child finds in its memory that a task before it could have left."""
    return [
        item["mark"][0]
        for item in gc.get_objects()
        if isinstance(item, dict) and isinstance(item.get("mark"), list)
    ]


def limits(_request):
    import resource

    names = ("DATA", "CPU", "FSIZE", "NOFILE", "CORE")
    return {name: resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))[1] for name in names}


def status(_request):
    with open("/proc/self/status") as file:
        return {name: value.strip() for name, _, value in (line.partition(":") for line in file)}


def raises(_request):
    raise ValueError("perform is broken")


def not_plain(_request):
    return object()


def loop(_request):
    """Ignore every signal and every exception."""
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


def stop_itself(_request):
    os.kill(os.getpid(), signal.SIGSTOP)
    return "never"


def exit_quietly(_request):
    os._exit(0)


def exit_loudly(_request):
    sys.exit(3)


def segfault(_request):
    ctypes.string_at(0)


def kill_itself(_request):
    os.kill(os.getpid(), signal.SIGKILL)


def kill_its_group(_request):
    os.killpg(0, signal.SIGKILL)


def kill_its_parent(_request):
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


def scribble(request):
    found = request["numbers"].copy()
    request["numbers"][:] = -1
    return found


def spin(_request):
    while True:
        pass


def processor_limit(_request):
    import resource

    return [*resource.getrlimit(resource.RLIMIT_CPU), time.process_time()]


def burn(_request):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    while True:
        pass


def memory_bomb(_request):
    hoard = []
    while True:
        hoard.append(bytearray(16 << 20))


def disk_bomb(_request):
    with open("big", "wb") as file:
        try:
            while True:
                file.write(bytes(1 << 20))
        except OSError as error:
            return error.errno


def huge(_request):
    return np.zeros(64 << 20, np.uint8)


def long_text(_request):
    return "x" * (1 << 20)


def stray_writer(_request):
    """Write to every descriptor there is before answering."""
    for name in _open_descriptors():
        try:
            os.write(int(name), b'{"answers": "all right"}' * 10)
        except OSError:
            continue
    return "all right"


def endless_writer(_request):
    while True:
        for name in _open_descriptors():
            with contextlib.suppress(OSError):
                os.write(int(name), bytes(1 << 16))


def close_everything(_request):
    os.closerange(0, 256)
    return "all right"


def prints(_request):
    print("not an answer", flush=True)
    os.write(1, b"not an answer")
    os.write(2, b"not an answer")
    return "fine"


def exit_later(_request):
    """Answer, then end the process from a thread while the next task is not there yet."""
    threading.Thread(target=lambda: (time.sleep(0.2), os._exit(0)), daemon=True).start()
    return "answered"


def sleepers(_request):
    """Leave processes behind: in this group, in other sessions, orphaned, holding the pipe."""
    for _ in range(3):
        if os.fork() == 0:
            _sleep_for_ever()
    for _ in range(3):
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.setsid()
                _sleep_for_ever()
            os._exit(0)
    return "left six"


def sleepers_then_exit(request):
    sleepers(request)
    os._exit(0)


def junk(_request):
    """Fill the scratch folder with what is awkward to remove."""
    os.makedirs("closed/inside")
    with open("closed/inside/file", "w") as file:
        file.write("x")
    os.symlink("/etc", "link")
    os.mkfifo("fifo")
    os.chmod("closed/inside", 0)
    os.chmod("closed", 0)
    for _ in range(1500):
        os.mkdir("deep")
        os.chdir("deep")
    return os.environ["HOME"]


def _sleep_for_ever():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while True:
        time.sleep(1)


def _open_descriptors():
    names = []
    for name in os.listdir("/proc/self/fd"):
        try:
            os.fstat(int(name))
            names.append(name)
        except OSError:
            continue  # the one that listed
    return names
