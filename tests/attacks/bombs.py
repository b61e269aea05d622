"""Bombs: each the text of a cell with a function ``attack`` that takes all of something."""

# In a solved notebook: costs the update, and nothing and nobody else.
BOMBS = {
    "processes": """
import os
def attack():
    count = 0
    for _ in range(2000):
        try:
            if os.fork() == 0:
                while True:
                    pass
            count += 1
        except OSError:
            pass
    raise RuntimeError(f"started {count} processes")
""",
    "threads": """
import threading
def attack():
    threading.stack_size(1 << 20)
    stop = threading.Event()
    count = 0
    try:
        for count in range(20000):
            threading.Thread(target=stop.wait, daemon=True).start()
    finally:
        stop.set()
    raise RuntimeError(f"started {count} threads")
""",
    "memory": """
def attack():
    hoard = []
    while True:
        hoard.append(bytearray(64 << 20))
""",
    "memory that grows down": """
import mmap
def attack():
    kept = []
    for _ in range(3):
        kept.append(mmap.mmap(-1, 2 << 30, flags=0x122))
        for at in range(0, 2 << 30, 4096):
            kept[-1][at] = 1
    raise RuntimeError("took all of it")
""",
    "a stack moved and grown": """
import ctypes
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mremap.restype = ctypes.c_void_p
    libc.mremap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_size_t, ctypes.c_int]
    stack = next(line for line in open("/proc/self/maps") if "[stack]" in line)
    page, size, taken = int(stack.split("-")[0], 16), 3 << 30, 0
    for number in range(8):
        new = libc.mremap(page + 4096 * number, 4096, size, 1)
        if new in (None, 2**64 - 1):
            raise MemoryError(ctypes.get_errno())
        ctypes.memset(new + 4096, 1, size - 4096)
    raise RuntimeError("took all of it")
""",
    "tables of pages": """
import ctypes
def attack():
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    for _ in range(8):
        start = libc.mmap(None, 1 << 39, 1, 0x4022, -1, 0)
        if start in (None, 2**64 - 1):
            raise MemoryError(ctypes.get_errno())
        libc.madvise(start, 1 << 39, 15)
        for page in range(start, start + (1 << 39), 2 << 20):
            ctypes.c_char.from_address(page).value
    raise RuntimeError("took all of it")
""",
    "one tensor": """
import torch
def attack():
    return torch.ones(1 << 36)
""",
    "disk": """
import os, time
def attack():
    written = 0
    for number in range(60):
        with open(f"big{number}", "wb") as file:
            written += file.write(bytes(50 << 20))
        time.sleep(0.02)
    raise RuntimeError(f"wrote {written} bytes")
""",
    "disk without names": """
import os, time
def attack():
    kept = []
    for number in range(12):
        kept.append(open("big", "wb", 0))
        os.unlink("big")
        kept[-1].write(bytes(60 << 20))
        time.sleep(0.1)
    time.sleep(0.6)
    raise RuntimeError("took all of it")
""",
    "disk that is only mapped": """
import mmap, os, time
def attack():
    kept = []
    for number in range(12):
        with open("big", "w+b", 0) as file:
            file.write(bytes(60 << 20))
            kept.append(mmap.mmap(file.fileno(), 4096, flags=mmap.MAP_PRIVATE))
        os.unlink("big")
        time.sleep(0.1)
    time.sleep(0.6)
    raise RuntimeError("took all of it")
""",
    "disk in a folder that can't be listed": """
import os, time
def attack():
    os.umask(0)
    os.mkdir("closed", 0o300)
    for number in range(12):
        with open(f"closed/{number}", "wb") as file:
            file.write(bytes(60 << 20))
        time.sleep(0.1)
    time.sleep(0.6)
    raise RuntimeError("took all of it")
""",
    "output": """
import os
def attack():
    block = b"x" * (1 << 20)
    for _ in range(2000):
        os.write(1, block)
        os.write(2, block)
    raise RuntimeError("wrote it all")
""",
    "a segmentation fault": """
import ctypes
def attack():
    ctypes.string_at(0)
""",
    "recursion without end": """
import sys
def attack():
    sys.setrecursionlimit(1 << 30)
    attack()
""",
    "a long message": """
def attack():
    raise RuntimeError("x" * (50 << 20))
""",
    "numbers that no judge can compare": """
import sys
def attack():
    # A schedule is lawful, so the judge looks at the rates, which now are too large for NumPy.
    for group in optm.param_groups:
        group["lr"] *= 0.5
    sys.modules["grader.probes.recording.optimizers"].float = lambda _value: 10**30
""",
    "a loop that catches everything": """
import signal
def attack():
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
""",
}
