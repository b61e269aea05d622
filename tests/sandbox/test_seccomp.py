"""The filter of both architectures, run by a small machine of our own."""

import errno
import struct

import pytest

from grader.sandbox import bpf
from grader.sandbox.layers import seccomp

PID = 4242
ALLOW, DENY, UNKNOWN, DONE = bpf.ALLOW, bpf.fail(errno.EPERM), bpf.fail(errno.ENOSYS), bpf.fail(0)


def run(program, architecture, number, *arguments):
    """Run a filter on one call, as linux/kernel/bpf does for the six instructions we use."""
    full = [*arguments, *[0] * (6 - len(arguments))]
    seen = struct.pack("<iIQ6Q", number, architecture, 0, *(a & (1 << 64) - 1 for a in full))
    code = list(struct.iter_unpack("=HBBI", program))
    accumulator, at = 0, 0
    while True:
        what, if_true, if_false, value = code[at]
        at += 1
        if what == 0x20:
            accumulator = struct.unpack_from("<I", seen, value)[0]
        elif what == 0x54:
            accumulator &= value
        elif what == 0x06:
            return value
        else:
            test = {0x15: accumulator == value, 0x35: accumulator >= value}
            truth = test.get(what, bool(accumulator & value))
            at += if_true if truth else if_false


@pytest.fixture(params=["x86_64", "aarch64"])
def verdict(request, monkeypatch):
    monkeypatch.setattr("os.getpid", lambda: PID)
    name = request.param
    table = seccomp.numbers(name)

    def found(call, *arguments, cuda=False):
        program = seccomp._for_this_process(name) + seccomp.shared_part(name, cuda=cuda)
        number = table[call] if isinstance(call, str) else call
        return run(program, seccomp._AUDIT[name], number, *arguments)

    found.table = table
    return found


def test_what_computing_needs_is_allowed(verdict):
    for call in ("read", "write", "openat", "futex", "mprotect", "clock_gettime", "exit_group"):
        assert verdict(call) == ALLOW
    assert verdict("mmap", 0, 4096, 3, 0x22) == ALLOW
    assert verdict("mmap", 0, 4096, 1, 0x01, 5) == ALLOW
    assert verdict("clone", 0x3D0F00) == ALLOW  # a thread, as the C library makes one
    assert verdict("socketpair", 1, 0x80001) == ALLOW
    assert verdict("sendto", 5, 1, 1, 0, 0, 0) == ALLOW


@pytest.mark.parametrize(
    ("call", "arguments"),
    [
        ("clone", (17,)),  # fork
        ("clone", (0x10000000 | 0x10000,)),  # a thread in a new namespace of users
        ("kill", (1, 9)),
        ("kill", ((1 << 64) - 1, 9)),
        ("tgkill", (1, 1, 9)),
        ("prlimit64", (1,)),
        ("sched_setaffinity", (1,)),
        ("prctl", (1, 0)),  # what it dies with
        ("prctl", (4, 1)),
        ("ioctl", (0, 0x5412)),  # typing into the terminal
        ("fcntl", (3, 8, 1)),
        ("fcntl", (3, 10, 9)),
        ("socketpair", (2, 1)),
        ("socketpair", (1, 2)),
        ("sendto", (5, 1, 1, 0, 1 << 40, 16)),
        ("sendto", (5, 1, 1, 0, 16, 16)),
    ],
)
def test_what_reaches_others_is_denied(verdict, call, arguments):
    assert verdict(call, *arguments) == DENY


def test_itself_it_may_signal_and_limit(verdict):
    for call in ("kill", "tgkill", "prlimit64", "sched_setaffinity"):
        assert verdict(call, PID) == ALLOW
    assert verdict("kill", 0) == ALLOW


def test_modes_are_only_said_to_be_changed(verdict):
    assert verdict("fchmodat") == verdict("utimensat") == DONE


def test_what_is_not_listed_is_denied_and_what_is_not_known_is_not_there(verdict):
    for number in set(range(max(verdict.table.values()))) - set(verdict.table.values()):
        assert verdict(number) == DENY
    for number in (max(verdict.table.values()) + 1, 0x40000000, -1):
        assert verdict(number) == UNKNOWN
    assert verdict("clone3") == verdict("openat2") == UNKNOWN


def test_shared_memory_without_a_file_is_refused(verdict):
    assert verdict("mmap", 0, 4096, 3, 0x21) == bpf.fail(errno.ENOMEM)
    for cuda in (False, True):  # stacks, wherever they are
        assert verdict("mmap", 0, 4096, 3, 0x122, cuda=cuda) == bpf.fail(errno.ENOMEM)
        assert verdict("mremap", 1 << 40, 4096, 12 << 30, 1, cuda=cuda) == bpf.fail(errno.ENOMEM)
    assert verdict("mremap", 1 << 40, 4096, 8192, 1) == bpf.fail(errno.ENOMEM)


def test_the_driver_of_a_gpu_gets_its_ioctl_but_no_process(verdict):
    assert verdict("ioctl", 3, 0xC0104600) == DENY
    assert verdict("ioctl", 3, 0xC0104600, cuda=True) == ALLOW
    assert verdict("clone", 17, cuda=True) == DENY


def test_calls_of_another_architecture_end_the_process():
    program = seccomp._for_this_process("x86_64") + seccomp.shared_part("x86_64", cuda=False)
    assert run(program, 0x40000003, 1) == bpf.KILL  # 32-bit calls, whose numbers are others


def test_numbers_are_the_kernels(verdict):
    assert verdict.table["clone3"] == 435
    assert len(set(verdict.table.values())) == len(verdict.table)
    assert not {"execve", "ptrace", "socket", "connect", "bpf", "unshare"} & set(verdict.table)
