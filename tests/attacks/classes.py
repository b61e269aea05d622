"""The classes of attacks, which of those that are made belong to each, and what has to stop it."""

from __future__ import annotations

from dataclasses import dataclass

from grader.sandbox import Threat
from tests.attacks.brought import BROUGHT


@dataclass(frozen=True)
class AttackClass:
    """One class: ``made`` are the names of its probes, sabotages, bombs (``bomb: …``) and inputs.

    ``threats`` are what the sandbox's layers have to stop; ``by`` is what does where no layer of
    the system has to, or beside them.
    """

    title: str
    made: tuple[str, ...]
    threats: tuple[Threat, ...] = ()
    by: str = ""


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CLASSES = (
    AttackClass(
        "answers that equal everything",
        ("a tensor that equals everything", "a number that equals everything"),
        by="compared outside, as plain numbers",
    ),
    AttackClass(
        "patched comparisons, layers, random numbers",
        ("patched comparisons", "patched layers"),
        by="drawn and judged outside",
    ),
    AttackClass(
        "accuracies known by heart",
        ("accuracies by heart",),
        by="drawn anew for each run",
    ),
    AttackClass(
        "weights and labels by heart, looked up, found without gradients",
        tuple(f"brought: {name}" for name in BROUGHT),
        by="pictures changed for each run; a run without the update",
    ),
    AttackClass(
        "a rewritten observer",
        ("a rewritten worker", "a log of its own"),
        by="judged outside, from numbers",
    ),
    AttackClass(
        "looking for expected values in memory",
        _names("search_memory search_own_memory import_reference import_judges"),
        by="they are not in that process",
    ),
    AttackClass(
        "forged reports, early ends",
        (
            *("stray bytes on every descriptor, then a quiet end", "every descriptor closed"),
            *("a report of its own", "forged frames that say None"),
            "forged frames that say {'status': 'passed', 'score': 20}",
            *("forged frames that say [[1.0] * 100]", "forged words without end"),
            "forged with the judges' mathematics",
            *("a forged failure without end", "an answer ahead of time, then a stall"),
        ),
        by="framing; the form of an answer",
    ),
    AttackClass(
        "answers that no judge expects",
        ("bomb: numbers that no judge can compare",),
        by="the form of an answer; what judging ends in is the submission's",
    ),
    AttackClass("pickles", ("a pickle for an answer",), by="no pickle is ever read"),
    AttackClass(
        "processes that outlive the limit",
        _names("fork double_fork_and_setsid another_process"),
        (Threat.SURVIVORS, Threat.PROCESSES),
    ),
    AttackClass(
        "bombs: processes, threads, memory, disk, output",
        tuple(
            f"bomb: {name}"
            for name in (
                *("processes", "threads", "memory", "one tensor", "disk", "output"),
                *("a long message", "memory that grows down", "a stack moved and grown"),
                *("tables of pages", "disk without names", "disk that is only mapped"),
                "disk in a folder that can't be listed",
            )
        )
        + _names("memory_without_limit raise_limits io_ring nameless_file_in_memory"),
        (Threat.PROCESSES, Threat.MEMORY, Threat.DISK),
    ),
    AttackClass(
        "a loop that catches everything",
        ("bomb: a loop that catches everything",),
        (Threat.CPU,),
        by="killed from outside",
    ),
    AttackClass(
        "crashes",
        ("bomb: a segmentation fault", "bomb: recursion without end"),
        by="a process of its own",
    ),
    AttackClass(
        "killing or tracing others",
        _names("kill_parent kill_victim kill_everyone signal_by_file_owner")
        + _names("trace_parent trace_victim read_others_memory read_others_command_line"),
        (Threat.SIGNALS,),
    ),
    AttackClass(
        "reading answers, other submissions, secrets",
        _names("read_planted read_planted_through_proc list_planted read_sibling read_reference")
        + _names("read_beside_the_package read_home read_environment read_others_environment")
        + _names("link_to_planted symlink_to_planted read_judges import_judges_anew"),
        (Threat.READS, Threat.ENVIRONMENT),
    ),
    AttackClass(
        "changing files, poisoning packages and caches",
        _names("write_outside write_tmp write_shm truncate_outside change_modes change_times")
        + _names("poison_packages poison_grader poison_cache"),
        (Threat.WRITES,),
    ),
    AttackClass(
        "network, sockets",
        _names("tcp udp unix_path unix_abstract unix_datagram_from_a_pair"),
        (Threat.NETWORK,),
    ),
    AttackClass(
        "other programs, other powers",
        _names("run_program run_shell new_user_namespace mount_something become_root"),
        (Threat.PROGRAMS,),
    ),
    AttackClass(
        "hostile JSON, files that are no notebook",
        ("notebooks that are none",),
        by="read with bounds",
    ),
    AttackClass("hostile archives", ("archives",), by="read with bounds, never unpacked"),
    AttackClass("hostile names, messages, outputs", ("names and texts",), by="escaped, no scripts"),
    AttackClass("orders to a CI service", ("workflow commands",), by="fenced"),
)
