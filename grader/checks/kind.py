"""What the engine knows of one kind of check."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from grader.checks.remark import TOLERANCE

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Mapping

    from grader.assignment import Assignment, Check
    from grader.checks.remark import Remark
    from grader.decode import DecodingError

# Roles that the judge brings where only a function or a loop of the notebook's is run.
OUTSIDE = frozenset({"device", "train_batches", "test_batches", "train_data", "test_data"})
# A loop may compare with the size of a full batch, or count batches by it.
TRAINING = OUTSIDE | {"batch_size", "evaluate"}

# The key of a challenge whose value no worker gets.
KEPT = "kept"


class StandInOptions(TypedDict, total=False):
    """The judge's model stands in for the notebook's own, and has to offer what code asks of it.

    ``interface`` are attributes that the notebook's model has beside its layers, with their values.
    ``resets`` are methods that set its weights anew, which must not happen here. ``no_ops`` are
    methods that may be called and do nothing.
    """

    interface: dict[str, Any]
    resets: tuple[str, ...]
    no_ops: tuple[str, ...]


class ModelInput(TypedDict, total=False):
    """What the notebook's model takes: "rows" of numbers, one an image, or "images" as they are.

    It is "rows" where nothing is said.
    """

    model_input: Literal["rows", "images"]


class AdviceOptions(TypedDict, total=False):
    """``advice`` is what a student reads when this check alone fails: where to look."""

    advice: str


def _any_size(_value: Any, _reference: Any) -> bool:
    return True


def _no_place(_check: Check, _blank: int | None) -> Any:
    return None


def _no_fault(_observation: Any) -> str | None:
    return None


def _no_misfits(_check: Check, _code: Mapping[str, ast.AST]) -> Iterable[DecodingError]:
    return ()


def _no_contradictions(_options: Any, _assignment: Assignment) -> Iterable[DecodingError]:
    return ()


@dataclass(frozen=True)
class Measure:
    """The number by which an observation passes or not, and the thresholds for it.

    ``limits`` are the least values of "passed" and "partial"; where ``less_is_better`` they are
    the largest. ``cannot_pass`` says that the check does not pass whatever the value.
    """

    value: float
    limits: Mapping[str, float]
    less_is_better: bool = False
    cannot_pass: bool = False


@dataclass(frozen=True)
class Kind:
    """How one kind of check works.

    ``options`` is the ``TypedDict`` of what ``assignment.toml`` tells a check of this kind, beside
    the keys of every check; ``contradictions`` returns what does not fit together in (options,
    assignment), each error with its path below the check. ``misfits`` returns what the solved
    notebook's code contradicts, of (check, the syntax tree of each part by its id), the same way.
    ``partly`` are the codes that may cost a part of the points, as ``partial`` names them; ``None``
    where any of the kind's codes may.

    ``draw`` returns the challenge from (generator, check, assignment, data, device). ``judge``
    returns the remarks on (observation, expected, check, challenge). What is expected is the
    reference's observation, or the value of ``known`` for (check, challenge, data) where only the
    trusted process may know it. ``form`` is the type of an observation and ``same_size`` compares
    its lengths with the reference's; only what agrees with both is judged.

    ``alike`` tells whether two observations show the same mistake; a kind without it recognises
    no listed mistake by its behaviour. ``place`` names the part of an observation that one blank
    answers for. ``general`` are codes that say what differs without saying why: a listed mistake
    may explain them. For codes in ``guessed`` the remark's blank is only the likeliest place. A
    remark of ``around`` is about code around the blanks, if these are right but for names; else it
    gets the code beside it, as an error. A part without any answer in which all of
    ``nothing_there`` is noticed was never begun. A remark of ``elsewhere`` stops no check that
    needs this one to be right. What is in ``beside`` the program does
    whether or not an answer is put aside.

    What ``shuffled`` codes say is true of loaders that shuffle, and not said where none does; so
    are ``moved`` codes of a model that is moved to a device.

    ``provided`` are the roles that the judge brings, so that the notebook's own need not run; for
    the ``single`` ones among them it has one object, so that several of a notebook's own run. A
    kind that ``builds`` makes objects of its part's class with the notebook's own arguments. One
    that is judged ``together`` runs the student's own parts with each other, after the checks
    that it needs, and does not tell its blanks apart.

    Where chance decides, ``unsure`` says of (observation, expected, check, challenge) and whether
    the checks before found its parts ``right`` if the program has to run on two more challenges,
    which ``redraw`` returns as ``draw`` does; the observation whose ``measure`` is in the middle is
    judged. ``controls`` are changes of the
    challenge, by what is left out, under which nothing may be learned: where an update is wrong and
    its program earns points all the same, ``by_other_means`` returns the remarks on the ``measure``
    of its observation and those of the controls, by what is left out.

    For a kind that is graded ``by_hand`` no program runs.

    ``reference_fault`` returns what the solved notebook's observation shows to be wrong with the
    check itself, for a kind that an instructor wrote.

    The audit measures margins by two functions, each ``None`` where it does not apply.
    ``deviation`` returns how far (observation, expected) are from each other, ``None`` where there
    are no numbers to compare; up to ``tolerance`` they are equal. ``measure`` returns the number
    that is compared with thresholds for (observation, expected, check, challenge).
    """

    draw: Callable[..., Any]
    judge: Callable[..., list[Remark]]
    form: Any
    options: Any
    contradictions: Callable[[Any, Assignment], Iterable[DecodingError]] = _no_contradictions
    misfits: Callable[[Check, Mapping[str, ast.AST]], Iterable[DecodingError]] = _no_misfits
    partly: frozenset[str] | None = None
    same_size: Callable[[Any, Any], bool] = _any_size
    alike: Callable[..., bool] | None = None
    place: Callable[[Check, int | None], Any] = _no_place
    general: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()
    nothing_there: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    provided: frozenset[str] = frozenset()
    shuffled: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    around: Mapping[str, str] = field(default_factory=dict)
    single: frozenset[str] = frozenset()
    known: Callable[..., Any] | None = None
    redraw: Callable[..., Any] | None = None
    unsure: Callable[..., bool] | None = None
    controls: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    by_other_means: Callable[..., list[Remark]] | None = None
    by_hand: bool = False
    reference_fault: Callable[[Any], str | None] = _no_fault
    builds: bool = False
    together: bool = False
    deviation: Callable[[Any, Any], float | None] | None = None
    tolerance: float = TOLERANCE
    measure: Callable[[Any, Any, Check, Any], Measure | None] | None = None

    @property
    def stands_in(self) -> bool:
        """Whether the judge's own model stands for the notebook's."""
        return "model" in self.provided
