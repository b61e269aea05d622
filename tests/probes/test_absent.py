"""What stands for a module that is left out takes whatever plotting and logging do with it."""

from __future__ import annotations

import copy
import math
from typing import Any

import numpy as np
import pytest
import torch

from grader.probes.environment.absent import Absent, NotInstalled, Tracker
from grader.probes.environment.imports import replaced_modules, student_import
from grader.probes.environment.running import Namespace

HARMLESS = [
    "line, = plt.plot([1], [2])",
    "fig, ax = plt.subplots()",
    "fig, (a, b, c) = plt.subplots(1, 3)",
    "fig, axs = plt.subplots(2, 2); axs[0, 1].plot(x); axs[0][1].set_title('t')",
    "n, bins, _ = plt.hist(x, bins=10)",
    "n, bins, _ = plt.hist(x); total = n.sum() + bins[0]",
    "first, *others = plt.plot(x, x); others[0].remove()",
    "first, *middle, last = plt.plot(x, x); middle[0].remove()",
    "[one, two, three], four = plt.foo()",
    "for ax in axs.flat: ax.imshow(x)",
    "for ax, image in zip(axs.ravel(), x): ax.imshow(image)",
    "for handle, label, extra in plt.foo(): handle.set(label=label)",
    "for bar in ax.patches: plt.text(bar.get_x() + bar.get_width() / 2, 1, '%d' % bar.n)",
    "plt.rcParams['figure.figsize'] = 8, 6; plt.rcParams.update({'font.size': 12})",
    "assert len(ax.lines) == 0; del ax.lines[0]; del ax.title",
    "if plt.gcf().number > 3: plt.close()",
    "if 3 <= plt.gcf().number < 4 or x[0] >= ax.n: plt.close()",
    "bar.value += 1; bar.value -= bar.value * 2; bar.value //= 3; bar.value **= 2",
    "y = 1 + (2 - ax.a) * 3 / ax.b // 4 % 5 ** ax.c; y = -y + +y; y = abs(~y) @ x; y = 1 | y & 2",
    "y = x * ax.a - ax.b; y = 'a' + ax.c; y = [1] + ax.d; minutes, seconds = divmod(ax.t, 60)",
    "y = torch.ones(2) * ax.a + ax.b; y = ax.a * torch.ones(2)",
    "y = ax.a == 3, ax.a != 3, 3 == ax.a, 3 in ax.a, ax.a in [1, 2], not ax.a, ax in {ax: 1}",
    "text = f'{ax.a:.3f} {ax.b:>10} {ax.c!r}' + '%.3f %d %s' % (ax.a, ax.b, ax.c)",
    "text = '{:.2%}'.format(ax.a) + str(round(ax.a, 3)) + str(max(0.5, ax.b))",
    "y = float(ax.a), int(ax.b), complex(ax.c), list(range(int(ax.d))), list(range(ax.e))",
    "import math; y = math.floor(ax.a), math.ceil(ax.a), math.trunc(ax.a), math.sqrt(ax.b)",
    "y = np.mean([ax.a, ax.b]), np.mean([0.5, ax.a]), np.sqrt(ax.a), np.asarray(ax.a, int)",
    "log.loc[len(log)] = [1, 2]; log = log._append({'a': 1}); log['c'] = log.a / log.b",
    "with plt.style.context('x') as style, plt.ioff(): style.plot()",
    "isinstance(ax, plt.Axes), isinstance(ax, (int, plt.Axes)), plt.Figure | None",
    "print(plt.__version__.split('.'), ax, [ax])",
    "@plt.later\ndef f(): return 3\nassert f() == 3",
    "@plt.later(x=3)\ndef f(): return 3\nassert f() == 3",
    "class Live(plt.Callback):\n    def __init__(self):\n        super().__init__()\nLive()",
    "handle = display(x, display_id=True); handle.update(x); assert display(x) is None",
    "sorted([ax.a, ax.b, 3]); {**{'a': ax}}; f = lambda *a: a; f(*plt.subplots())",
]


def runner(*texts: str) -> Namespace:
    entries = [[text, 0, False] for text in texts]
    return Namespace({"entries": entries, "roles": {}, "name": "f"}, 0, {})


@pytest.mark.parametrize("kind", [Absent, NotInstalled])
@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_comes_of_it(text: str, kind: Any) -> None:
    space = dict(runner().namespace, np=np, torch=torch, x=np.arange(3.0))
    space |= {name: kind(name) for name in ("plt", "ax", "axs", "bar", "log")}
    exec(text, space)
    exec("def f(ax=ax, bar=bar, log=log):\n    " + text.replace("\n", "\n    ") + "\nf()", space)


def test_many_names_are_bound_at_once() -> None:
    """More than fit in one instruction: in Python's code, 255."""
    many = ", ".join(f"a{n}" for n in range(300))
    exec(f"{many} = absent\n*b, {many} = absent\na, *b, c, d = absent", {"absent": Absent()})


def test_it_ends_where_it_is_looped_over() -> None:
    assert len(list(Absent())) == len(list(Absent().keys())) == 2
    assert list(reversed(Absent())) == []


def test_as_a_number_it_is_none_and_as_a_count_it_is_one() -> None:
    assert math.isnan(float(Absent()))
    assert len(Absent()) == 0
    assert list(range(Absent())) == list(range(int(Absent()))) == [0]
    assert np.isnan(np.mean([0.5, Absent()]))


def test_it_can_be_copied() -> None:
    model = torch.nn.Linear(2, 2)
    model.writer = Absent("writer")  # type: ignore[assignment]
    assert isinstance(copy.deepcopy(model).writer, Absent)


def test_a_loop_goes_on_without_its_progress_bar() -> None:
    bar = NotInstalled("fastprogress").progress_bar
    loader = iter([(1, 2), (3, 4)])
    assert [x + y for x, y in bar(loader, parent=None)] == [3, 7]
    assert list(enumerate(bar(range(3), "epochs"))) == [(0, 0), (1, 1), (2, 2)]
    assert len(bar([1, 2, 3])) == 3
    shown = bar([1, 2])
    shown.comment = "so far so good"
    shown.set_postfix(loss=0.5)
    assert list(shown) == list(shown) == [1, 2]


def test_what_is_computed_of_a_list_is_not_that_list() -> None:
    assert isinstance(NotInstalled("sklearn").metrics.accuracy_score([1, 2], [1, 2]), NotInstalled)
    assert isinstance(NotInstalled("pandas").DataFrame({"a": [1]}).a.mean(), NotInstalled)
    (line,) = Absent("matplotlib").plot(range(10), [1] * 10)
    assert isinstance(line, Absent)


def test_settings_of_a_tracked_run_are_read_again() -> None:
    wandb = Tracker()
    with wandb.init(project="mlp", config={"epochs": 3}) as run:
        assert wandb.config.epochs == run.config["epochs"] == 3
    wandb.config.lr = 1e-3
    wandb.config.update({"depth": 2})
    assert (run.config.lr, run.config.depth, run.config.get("width", 7)) == (1e-3, 2, 7)
    assert isinstance(wandb.config.unknown, Absent)
    assert isinstance(wandb.log({"loss": 1}), Absent)
    assert not isinstance(wandb.log({"loss": 1}), Tracker)


def test_only_what_is_not_installed_is_missing() -> None:
    missing: list[str] = []
    assert type(student_import(missing, set(), "matplotlib.pyplot")) is Absent
    assert type(student_import(missing, set(), "wandb")) is Tracker
    assert missing == []
    assert type(student_import(missing, set(), "no_such_module_anywhere.part")) is NotInstalled
    assert missing == ["no_such_module_anywhere"]


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("try:\n    import a.b\nexcept ImportError:\n    a = None", {"a"}),
        (
            "try:\n    from a.b import c, d\nexcept (ValueError, ModuleNotFoundError):\n    pass",
            {"a"},
        ),
        ("try:\n    import a, b\nexcept:\n    pass", {"a", "b"}),
        ("if True:\n    try:\n        import a\n    except Exception:\n        import b", {"a"}),
        ("try:\n    import a\nexcept ValueError:\n    pass", set()),
        ("try:\n    x = 1\nexcept ImportError:\n    import a", set()),
        ("import a  # except", set()),
        ("try:\n    import a\nexcept", set()),
    ],
)
def test_a_module_that_the_notebook_replaces_is_missing_once(text, replaced):
    found = replaced_modules([text])
    assert found == replaced
    for root in sorted(found):
        name, missing = f"no_such_module_{root}", []
        left = {name}
        with pytest.raises(ModuleNotFoundError):
            student_import(missing, left, name)
        assert (left, missing) == (set(), [])
        assert type(student_import(missing, left, name)) is NotInstalled
