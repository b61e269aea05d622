"""Assembles classic BPF programs, which seccomp runs on every system call.

``pyseccomp`` needs the C library libseccomp, which comes in no wheel and is missing on many
machines; its last release is of 2021. All that is needed of it is in this file.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# One instruction (linux/filter.h): operation, jump if true, jump if false, value.
_INSTRUCTION = struct.Struct("=HBBI")
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06

# Offsets in struct seccomp_data: the call's number, the architecture, the arguments.
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

ALLOW = 0x7FFF0000
KILL = 0x80000000


def fail(code: int) -> int:
    """Return the verdict that makes a call fail with this errno; 0: pretend success."""
    return 0x00050000 | code


def returning(verdict: int) -> bytes:
    """Give a verdict."""
    return _INSTRUCTION.pack(_RETURN, 0, 0, verdict)


def preamble(architecture: int, highest: int, beyond: int) -> bytes:
    """Kill calls of another architecture; give the verdict ``beyond`` above number ``highest``.

    Afterwards the call's number is loaded. The x32 calls of x86-64 are above ``highest``.
    """
    return b"".join(
        (
            _INSTRUCTION.pack(_LOAD, 0, 0, _ARCHITECTURE_AT),
            _INSTRUCTION.pack(_EQUAL, 1, 0, architecture),
            returning(KILL),
            _INSTRUCTION.pack(_LOAD, 0, 0, _NUMBER_AT),
            _INSTRUCTION.pack(_AT_LEAST, 0, 1, highest + 1),
            returning(beyond),
        )
    )


def on_call(number: int, body: bytes) -> bytes:
    """Run ``body``, which must end in a verdict, for this call."""
    return _INSTRUCTION.pack(_EQUAL, 0, len(body) // _INSTRUCTION.size, number) + body


def on_calls(numbers: Iterable[int], verdict: int) -> bytes:
    """Give a verdict on these calls."""
    return b"".join(on_call(number, returning(verdict)) for number in numbers)


def if_equal(argument: int, values: Iterable[int], then: int, mask: int = 0xFFFFFFFF) -> bytes:
    """Give a verdict if an argument's masked low 32 bits are one of the values; else go on."""
    tests = b"".join(_INSTRUCTION.pack(_EQUAL, 0, 1, value) + returning(then) for value in values)
    return _load(argument) + _INSTRUCTION.pack(_AND, 0, 0, mask) + tests


def unless_equal(argument: int, value: int, then: int) -> bytes:
    """Give a verdict if an argument's low 32 bits are not the value; else go on."""
    return _load(argument) + _INSTRUCTION.pack(_EQUAL, 1, 0, value) + returning(then)


def if_any_bit(argument: int, bits: int, then: int) -> bytes:
    """Give a verdict if any of the bits is set in an argument's low 32 bits; else go on."""
    return _load(argument) + _INSTRUCTION.pack(_ANY_BIT, 0, 1, bits) + returning(then)


def if_high_half(argument: int, then: int) -> bytes:
    """Give a verdict if an argument does not fit into 32 bits; else go on."""
    load = _INSTRUCTION.pack(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument + 4)
    return load + _INSTRUCTION.pack(_EQUAL, 1, 0, 0) + returning(then)


def length(program: bytes) -> int:
    """Return how many instructions a program has."""
    return len(program) // _INSTRUCTION.size


def _load(argument: int) -> bytes:
    """Load an argument's low 32 bits; both architectures are little endian."""
    return _INSTRUCTION.pack(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument)
