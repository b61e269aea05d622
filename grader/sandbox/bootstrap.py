"""The script that a worker starts as, with arguments ROLE ENTRY ROOT CONTROL EXTRA PATHS...

It sets ``sys.path`` before it imports anything: never the current folder or this script's own;
``grader`` from where this file lies, installed or not; the rest from the given folders. ``grader``
and ``grader.sandbox`` become packages without their ``__init__``, which a worker does not need.
"""

import gc
import sys


def prepare_imports(paths: list[str]) -> None:
    """Make ``grader`` and the folders ``paths`` importable, and nothing else of a checkout."""
    if not getattr(sys.flags, "safe_path", False):
        del sys.path[0]  # this script's folder
    sys.path += [path for path in paths if path not in sys.path]

    from importlib.machinery import ModuleSpec  # noqa: PLC0415  # only now is the path right
    from importlib.util import module_from_spec  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    here = Path(__file__).resolve().parent
    # An editable install puts the checkout on the path, and the answers lie beside the package.
    beside = here.parent.parent
    if beside.name not in {"site-packages", "dist-packages"}:
        sys.path[:] = [path for path in sys.path if Path(path).resolve() != beside]
    for name, folder in (("grader", here.parent), ("grader.sandbox", here)):
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
        sys.modules[name] = module_from_spec(spec)


def main() -> None:
    """Become the worker that the command line names."""
    # Imported objects stay, and looking for cycles among them takes a quarter of the start. The
    # process that performs tasks enables the collector again.
    gc.disable()
    role, entry, root, control, extra, *paths = sys.argv[1:]
    # As Jupyter starts what runs a notebook: a parser of arguments stumbles over them there, too.
    sys.argv = ["ipykernel_launcher.py", "-f", "kernel.json"]
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
