"""The script a worker starts as, with arguments ROLE ENTRY ROOT CONTROL EXTRA PATHS...

It decides where imports come from, so it imports nothing itself before that: never from the
folder the user happens to be in, nor from this script's own; ``grader`` from where this file
lies, installed or not; the rest from the given folders. ``grader`` and ``grader.sandbox`` become
bare packages: what they offer the trusted side has no business in a worker.
"""

import gc
import sys


def prepare_imports(paths: list[str]) -> None:
    """Make ``grader`` and what lies in ``paths`` importable, and nothing else that is ours."""
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]  # this script's folder
    sys.path += [path for path in paths if path not in sys.path]

    from importlib.machinery import ModuleSpec  # noqa: PLC0415  # only now is the path right
    from importlib.util import module_from_spec  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    here = Path(__file__).resolve().parent
    # Installed as editable, a checkout is on the path too; beside the package lie the answers.
    beside = here.parent.parent
    if beside.name not in {"site-packages", "dist-packages"}:
        sys.path[:] = [path for path in sys.path if Path(path).resolve() != beside]
    for name, folder in (("grader", here.parent), ("grader.sandbox", here)):
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[name] = module_from_spec(spec)


def main() -> None:
    """Become the worker that the command line names."""
    # Whoever takes orders enables it: of what is imported all stays, and looking for cycles in it
    # over and over takes a quarter of the time.
    gc.disable()
    role, entry, root, control, extra, *paths = sys.argv[1:]
    sys.argv = [""]
    prepare_imports(paths)
    if extra == "namespaces":
        from grader.sandbox import namespaces  # noqa: PLC0415

        namespaces.enter(int(control), root, entry.rpartition("/")[0])
    if role == "zygote":
        from grader.sandbox import zygote  # noqa: PLC0415  # importable only now

        zygote.main(entry, root, int(control))
    else:
        from grader.sandbox import single  # noqa: PLC0415

        single.main(entry)


if __name__ == "__main__":
    main()
