"""Seccomp: threads and computing, but no processes, no programs, no sockets, no signals.

The filter allows the system calls that computing needs and refuses all others. It is built in
``bpf``, which says why no binding is used.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
from functools import cache
from pathlib import Path

from grader.sandbox import bpf
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
from grader.sandbox.syscall import machine, syscall


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Allowed with any arguments; names that an architecture lacks are skipped.
_FREE = _words("""
    brk munmap mprotect madvise mincore msync membarrier get_mempolicy
    read write readv writev pread64 pwrite64 preadv pwritev lseek close close_range
    fsync fdatasync ftruncate flock fallocate fadvise64 copy_file_range sendfile
    dup dup2 dup3 pipe pipe2 open openat stat lstat fstat newfstatat statx
    access faccessat faccessat2 readlink readlinkat getdents getdents64 statfs fstatfs
    getcwd chdir fchdir umask mkdir mkdirat rmdir unlink unlinkat
    rename renameat renameat2 symlink symlinkat
    poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait
    epoll_pwait2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times
    getitimer setitimer alarm pause wait4 waitid restart_syscall
    rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend
    sigaltstack futex futex_waitv set_robust_list get_robust_list set_tid_address rseq
    sched_yield sched_getaffinity sched_getparam sched_getscheduler
    sched_get_priority_max sched_get_priority_min getcpu exit exit_group
    gettid getpid getppid getuid geteuid getgid getegid getresuid getresgid getgroups
    getpgid getpgrp getsid getrlimit getrusage getpriority uname sysinfo getrandom capget
    arch_prctl recvfrom shutdown getsockopt setsockopt getsockname getpeername
""")
# The CUDA driver needs these too; Landlock limits ioctl to the GPUs' devices.
_FOR_CUDA = _words("ioctl memfd_create mlock mlock2 munlock mbind set_mempolicy")
# Landlock does not cover modes and times of files. These calls do nothing and report success, so
# that copying a file in scratch works.
_PRETENDED = _words("chmod fchmod fchmodat utime utimes futimesat utimensat")

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SET_FILTER = 1
# TSYNC: all threads. SPEC_ALLOW: no mitigations of side channels, which slow the processor down on
# kernels before 5.16: a submission could only read its own process.
_FLAGS = 0b001 | 0b100

_CLONE_THREAD = 0x00010000
_NEW_NAMESPACES = 0x7E020080
_SHARED, _ANONYMOUS, _GROWS_DOWN = 0x01, 0x20, 0x100
_UNIX, _STREAM, _KIND_OF_SOCKET = 1, 1, 0xF
_PRCTL = (15, 16, 3, 0x53564D41)  # names of threads and of memory, whether it can be dumped
# Terminal or not and its size, close on exec, non-blocking, bytes waiting.
_IOCTL = (0x5401, 0x802C542A, 0x5413, 0x5450, 0x5451, 0x5421, 0x541B)
# Duplicates, flags, locks, sizes of pipes; none that sends signals.
_FCNTL = (*range(8), 36, 37, 38, 1030, 1031, 1032, 1034)

_DENIED = bpf.fail(errno.EPERM)
_NO_MEMORY = bpf.fail(errno.ENOMEM)


def apply(context: Context) -> Effect | None:
    """Install the filter; no later step may need a forbidden system call."""
    try:
        install(cuda=context.cuda)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


def install(*, cuda: bool = False) -> None:
    """Filter this process's system calls; needs ``no_new_privs``; raises ``OSError``."""
    name = machine()
    if name is None:
        raise OSError(errno.ENOSYS, "the system calls of this machine are not known")
    program = _for_this_process(name) + shared_part(name, cuda=cuda)
    memory = ctypes.create_string_buffer(program)

    class SockFprog(ctypes.Structure):  # struct sock_fprog
        _fields_ = (("length", ctypes.c_ushort), ("code", ctypes.c_void_p))

    given = SockFprog(bpf.length(program), ctypes.addressof(memory))
    syscall("seccomp", _SECCOMP[name], _SET_FILTER, _FLAGS, ctypes.byref(given))


@cache
def numbers(name: str) -> dict[str, int]:
    """Return an architecture's call numbers by name, from the kernel's own tables."""
    path = Path(__file__).with_name("syscalls.json")
    return dict(json.loads(path.read_text(encoding="ascii"))[name])


@cache
def shared_part(name: str, *, cuda: bool) -> bytes:
    """Return the part of the filter that is the same for every process."""
    table = numbers(name)
    free = [*_FREE, *(_FOR_CUDA if cuda else ())]
    parts = [bpf.on_calls((table[call] for call in free if call in table), bpf.ALLOW)]
    pretended = (table[call] for call in _PRETENDED if call in table)
    parts.append(bpf.on_calls(pretended, bpf.fail(0)))
    # Threads are allowed, processes are not. A filter can't see the flags of clone3; with ENOSYS
    # the C library falls back on clone.
    namespaces = bpf.if_any_bit(0, _NEW_NAMESPACES, _DENIED)
    threads = namespaces + bpf.if_any_bit(0, _CLONE_THREAD, bpf.ALLOW) + bpf.returning(_DENIED)
    parts.append(bpf.on_call(table["clone"], threads))
    parts.append(bpf.on_calls((table["clone3"], table["openat2"]), bpf.fail(errno.ENOSYS)))
    # RLIMIT_DATA counts neither stacks nor anonymous shared memory, and mremap can move a stack to
    # where it grows. Where mremap fails, the C library copies.
    unlimited = bpf.if_any_bit(3, _GROWS_DOWN, _NO_MEMORY)
    if not cuda:
        unlimited += bpf.if_equal(3, (_SHARED | _ANONYMOUS,), _NO_MEMORY, _SHARED | _ANONYMOUS)
    parts.append(bpf.on_call(table["mmap"], unlimited + bpf.returning(bpf.ALLOW)))
    moved = bpf.if_high_half(2, _NO_MEMORY) + bpf.returning(bpf.ALLOW if cuda else _NO_MEMORY)
    parts.append(bpf.on_call(table["mremap"], moved))
    # The two ends are connected; a stream can't be sent elsewhere, a datagram could.
    pair = bpf.unless_equal(0, _UNIX, _DENIED)
    pair += bpf.if_equal(1, (_STREAM,), bpf.ALLOW, _KIND_OF_SOCKET) + bpf.returning(_DENIED)
    parts.append(bpf.on_call(table["socketpair"], pair))
    nobody = bpf.if_high_half(4, _DENIED) + bpf.unless_equal(4, 0, _DENIED)
    parts.append(bpf.on_call(table["sendto"], nobody + bpf.returning(bpf.ALLOW)))
    for call, argument, values in (
        ("prctl", 0, _PRCTL),
        ("ioctl", 1, _IOCTL),
        ("fcntl", 1, _FCNTL),
    ):
        listed = bpf.if_equal(argument, values, bpf.ALLOW)
        parts.append(bpf.on_call(table[call], listed + bpf.returning(_DENIED)))
    return b"".join((*parts, bpf.returning(_DENIED)))


def _for_this_process(name: str) -> bytes:
    """Return the filter's first part: signals, limits and affinity only for the process itself.

    Process id 0 is its own process group, of which it is the only member.
    """
    table = numbers(name)
    beyond = bpf.fail(errno.ENOSYS)  # so that libraries fall back on what they know
    itself = bpf.if_equal(0, (0, os.getpid()), bpf.ALLOW) + bpf.returning(_DENIED)
    calls = (table[call] for call in ("kill", "tgkill", "prlimit64", "sched_setaffinity"))
    parts = [bpf.preamble(_AUDIT[name], max(table.values()), beyond)]
    return b"".join((*parts, *(bpf.on_call(number, itself) for number in calls)))


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    return None if machine() else "the system calls of this kind of machine are not known"


def _prepare() -> None:
    if name := machine():
        for cuda in (False, True):
            shared_part(name, cuda=cuda)


LAYER = Layer(
    name="seccomp",
    does="makes no system calls but those that computing needs",
    stops=frozenset(
        {
            Threat.NETWORK,
            Threat.SIGNALS,
            Threat.PROGRAMS,
            Threat.SURVIVORS,
            Threat.PROCESSES,
        }
    ),
    unavailable=_unavailable,
    apply=apply,
    prepare=_prepare,
)
