"""What a submission tries: the text of a notebook's cell. It says in an exception what worked.

Signals are only asked for (number 0): where one would get through, the test should fail, not the
machine.

``ARENA`` stands for a dict of what was planted. A probe that returns something true has got
through; what it returns may be the secret itself.
"""

import re

PROBES = r"""
import builtins, ctypes, errno, gc, glob, importlib, os, signal, socket, subprocess, sys, time

arena = ARENA
secret = arena["backwards"][::-1]
libc = ctypes.CDLL(None, use_errno=True)
def others():
    return [int(n) for n in os.listdir("/proc") if n.isdigit() and int(n) != os.getpid()]

def system(call, *arguments):
    if libc.syscall(call, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "no")
    return True

def read_planted():
    return open(arena["answers"]).read()

def read_planted_through_proc():
    return open("/proc/self/root" + arena["answers"]).read()

def list_planted():
    return os.listdir(os.path.dirname(arena["answers"]))

def read_sibling():
    return open(arena["sibling"]).read()[:200]

def read_reference():
    return [open(path).read()[:200] for path in arena["reference"]]

def package():
    return os.path.dirname(os.path.dirname(sys.modules["grader.probes"].__file__))

def read_judges():
    found = []
    for name in ("checks/step_order/equivalence.py", "checks/converges.py",
                 "words/en/step_order.toml", "checks/kinds.py", "skeleton", "__init__.py",
                 "report.py"):
        try:
            path = f"{package()}/{name}"
            found.append(os.listdir(path) if os.path.isdir(path) else open(path).read()[:20])
        except OSError:
            pass
    return found

def import_judges():
    found = [name for name in sys.modules if name.startswith("grader.")
             and name.split(".")[1] not in ("probes", "sandbox")]
    for name in ("checks.step_order.gradients", "checks.converges", "report", "words",
                 "errors"):
        for way in (builtins.__import__, importlib.import_module):
            try:
                way(f"grader.{name}")
            except (ImportError, OSError):
                continue
            found.append(name)
    return found

def import_judges_anew():
    sys.path.insert(0, os.path.dirname(package()))
    sys.modules.pop("grader")
    importlib.invalidate_caches()
    try:
        return builtins.__import__("grader.checks.step_order.gradients").__file__
    finally:
        sys.path.pop(0)

def read_beside_the_package():
    here = package()
    found = [*glob.glob(here + "/../reference/*"), *glob.glob(here + "/_shipped/**")]
    return [name for name in found] + os.listdir(here + "/../reference")

def import_reference():
    import reference
    return type(reference).__name__ == "module" and "__file__" in dir(reference)

def read_home():
    return os.listdir(arena["home"])

def read_environment():
    return [v for v in os.environ.values() if secret in v]

def read_others_environment():
    for pid in [*others(), arena["victim"], os.getppid()]:
        try:
            text = open(f"/proc/{pid}/environ", "rb").read()
        except OSError:
            continue
        if secret.encode() in text:
            return text.decode()

def read_others_memory():
    for pid in [*others(), arena["victim"], os.getppid()]:
        try:
            return open(f"/proc/{pid}/mem", "rb") and pid
        except OSError:
            continue

def read_others_command_line():
    return any(open(f"/proc/{pid}/cmdline").read() for pid in [arena["victim"], os.getppid()])

def search_memory():
    wanted = (secret, arena["ekatsim"][::-1])
    wanted_in = lambda text: any(word in text for word in wanted)
    found = []
    for thing in gc.get_objects():
        if type(thing) in (dict, list, tuple):
            values = thing.values() if type(thing) is dict else thing
            found += [v for v in values if type(v) is str and wanted_in(v)]
    frame = sys._getframe()
    while frame:
        found += [v for v in frame.f_locals.values() if type(v) is str and wanted_in(v)]
        frame = frame.f_back
    return [v for v in found if v not in wanted]

def search_own_memory():
    # In two halves: the whole word must not come into memory by looking for it.
    one, other = (half[::-1].encode() for half in arena["halves"])
    memory = open("/proc/self/mem", "rb", 0)
    until = time.monotonic() + 1
    for line in open("/proc/self/maps"):
        start, end = (int(n, 16) for n in line.split()[0].split("-"))
        if " rw" not in line or end - start > 1 << 26 or time.monotonic() > until:
            continue
        memory.seek(start)
        text = memory.read(end - start)
        at = text.find(one)
        while at >= 0:
            if text[at + len(one) : at + len(one) + len(other)] == other:
                return True
            at = text.find(one, at + 1)

def link_to_planted():
    os.link(arena["answers"], "stolen")
    return open("stolen").read()

def symlink_to_planted():
    os.symlink(arena["answers"], "stolen_too")
    return open("stolen_too").read()

def write_outside():
    return open(arena["outside"] + "/written", "w")

def write_tmp():
    return open("/tmp/poison_of_a_submission", "w")

def write_shm():
    return open("/dev/shm/poison_of_a_submission", "w")

def truncate_outside():
    os.truncate(arena["open_file"], 0)
    return True

def change_modes():
    os.chmod(arena["open_file"], 0)
    return os.stat(arena["open_file"]).st_mode & 0o777 == 0

def change_times():
    os.utime(arena["open_file"], (0, 0))
    return os.stat(arena["open_file"]).st_mtime == 0

def poison_packages():
    import numpy
    folder = os.path.dirname(os.path.dirname(numpy.__file__))
    return open(folder + "/poison_of_a_submission.pth", "w")

def poison_grader():
    return open(sys.modules["grader.sandbox.child"].__file__, "a")

def poison_cache():
    os.makedirs(arena["home"] + "/.cache/poison_of_a_submission")
    return True

def tcp():
    return socket.create_connection(("127.0.0.1", arena["tcp"]), 1)

def udp():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    return s.sendto(b"x", ("127.0.0.1", arena["udp"]))

def unix_path():
    s = socket.socket(socket.AF_UNIX)
    s.connect(arena["unix"])
    return s

def unix_abstract():
    s = socket.socket(socket.AF_UNIX)
    s.connect("\0" + arena["abstract"])
    return s

def unix_datagram_from_a_pair():
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    return one.sendto(b"x", arena["datagrams"])

def kill_parent():
    os.kill(os.getppid(), 0)
    return True

def kill_victim():
    os.kill(arena["victim"], 0)
    return True

def kill_everyone():
    os.kill(-1, 0)
    return True

def signal_by_file_owner():
    import fcntl
    r, w = os.pipe()
    fcntl.fcntl(r, 10, signal.SIGKILL)
    fcntl.fcntl(r, fcntl.F_SETOWN, os.getppid())
    return True

def trace_parent():
    if libc.ptrace(16, os.getppid(), 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "no")
    return True

def trace_victim():
    if libc.ptrace(16, arena["victim"], 0, 0) < 0:
        raise OSError(ctypes.get_errno(), "no")
    return True

def run_program():
    return subprocess.run(["/bin/true"]).returncode == 0

def run_shell():
    return os.system("true") == 0

def fork():
    return os.fork() or os._exit(0)

def double_fork_and_setsid():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            import time
            time.sleep(600)
        os._exit(0)
    return True

def another_process():
    import multiprocessing
    worker = multiprocessing.get_context("fork").Process(target=print)
    worker.start()
    return True

def new_user_namespace():
    return libc.unshare(0x10000000) == 0

def mount_something():
    return libc.mount(b"none", b"/mnt", b"tmpfs", 0, None) == 0

def raise_limits():
    import resource
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (hard + 1000, hard + 1000))
    return True

def become_root():
    if os.getuid() == 0:
        return bool(int(open("/proc/self/status").read().split("CapEff:")[1].split()[0], 16))
    os.setuid(0)
    return True

def memory_without_limit():
    import mmap
    return len(mmap.mmap(-1, 8 << 30))

def io_ring():
    return system(425, 8, ctypes.create_string_buffer(120))

def nameless_file_in_memory():
    return os.memfd_create("x")

probes = [PROBE_NAMES]

def attack():
    through, met = [], []
    for function in probes:
        try:
            if result := function():
                through.append(f"{function.__name__}={str(result)[:80]}")
            met.append("no-effect")
        except OSError as error:
            met.append(errno.errorcode.get(error.errno, type(error).__name__))
        except BaseException as error:
            met.append(type(error).__name__)
    raise RuntimeError(f"ran {len(probes)} through {through} met {' '.join(met)}")
"""

NAMES = [name for name in re.findall(r"^def (\w+)\(\)", PROBES, re.MULTILINE) if name != "attack"]
NAMES = [name for name in NAMES if name not in ("others", "package")]
# Only what is named somewhere is taken from a notebook.
PROBES = PROBES.replace("PROBE_NAMES", ", ".join(NAMES))
COUNT = len(NAMES)

# Everything a submission may do as it likes: each must work, or honest code would fail.
HONEST = r"""
import json, os, pathlib, pickle, random, shutil, socket, tempfile, threading, time, wave
import numpy as np
import torch

def attack():
    pathlib.Path("notes.txt").write_text("kept")
    assert pathlib.Path("notes.txt").read_text() == "kept"
    shutil.copy("notes.txt", "copy.txt")
    os.makedirs("a/b")
    os.rename("copy.txt", "a/b/moved.txt")
    os.remove("a/b/moved.txt")
    kept = pathlib.Path("model.pkl")
    assert kept.write_bytes(pickle.dumps({"x": [1, 1, 1]})) > 0
    assert sum(pickle.loads(kept.read_bytes())["x"]) == 3
    with tempfile.TemporaryFile() as file:
        file.write(b"x")
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "x").write_text("x")
    shutil.rmtree("a")
    done = []
    threads = [threading.Thread(target=done.append, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(8))
    one, other = socket.socketpair()
    one.send(b"x")
    assert other.recv(1) == b"x"
    data = torch.utils.data.TensorDataset(torch.rand(8, 4), torch.zeros(8).long())
    loader = torch.utils.data.DataLoader(data, batch_size=4, shuffle=True, num_workers=0)
    assert len(list(loader)) == 2
    torch.set_num_threads(2)
    assert torch.rand(400, 400).mm(torch.rand(400, 400)).shape == (400, 400)
    time.sleep(0.01), time.localtime(), random.random(), os.urandom(8), os.cpu_count()
    import calendar, colorsys, csv, difflib, getpass, html, imaplib, lzma, sqlite3, turtledemo
    assert getpass.getuser()
    assert np.load is not None
    raise RuntimeError("ran 1 through []")
"""
