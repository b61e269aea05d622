"""The command line and environment of a worker; nothing else is inherited."""

from __future__ import annotations

import os
import sys
from pathlib import Path

# The user's variables that a worker gets: paths of programs and libraries, and settings of GPUs.
# They are listed by full name, since ``NVIDIA_API_KEY`` is a secret.
_TAKEN = (
    *("PATH", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"),
    *("NVIDIA_VISIBLE_DEVICES", "NVIDIA_DRIVER_CAPABILITIES", "NVIDIA_TF32_OVERRIDE"),
)
_TAKEN_ON_WINDOWS = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR")
# Huge pages: a fork copies fewer page tables and a child has fewer page faults, which saves a sixth
# of a child's processor time. The allocator keeps freed memory: a training step needs gradients of
# the same size again, and new pages for them took as long as the step.
_KEPT = "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=268435456"
_MEMORY = f"glibc.malloc.hugetlb=1:{_KEPT}"
_THREADS = ("OMP", "MKL", "OPENBLAS", "NUMEXPR")


def worker_environment(home: str) -> dict[str, str]:
    """Return the environment of a worker whose home and temporary folder is ``home``."""
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "HOME": home,
        "TMPDIR": home,
        # ``getpass.getuser`` must not look up a user id that may have no name.
        "USER": "student",
        "LOGNAME": "student",
        "PYTHONHASHSEED": "0",  # the same order of sets in every run
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        # ``torch.cuda.is_available`` must not create a CUDA context, which does not survive a fork.
        "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
        "GLIBC_TUNABLES": _MEMORY,
    }
    environment |= {f"{library}_NUM_THREADS": "1" for library in _THREADS}
    taken = _TAKEN
    if sys.platform == "win32":
        taken += _TAKEN_ON_WINDOWS
        environment |= {"TEMP": home, "TMP": home, "USERPROFILE": home}
    for name, value in os.environ.items():
        if name in taken:
            environment[name] = value
    return environment


def worker_command(
    role: str, entry: str, root: str, control: int = -1, extra: str = ""
) -> list[str]:
    """Return the command line of a worker; see ``bootstrap``."""
    script = Path(__file__).resolve().with_name("bootstrap.py")
    return [
        *(sys.executable, "-s", "-B", str(script)),
        *(role, entry, root, str(control), extra, *_packages()),
    ]


def _packages() -> list[str]:
    """Return the folders of installed packages on this process's ``sys.path``.

    Python finds those of a virtual environment by itself; the others are the user's own and those
    that a cluster's module system puts into PYTHONPATH. Nothing else of ``sys.path`` is passed on.
    """
    names = ("site-packages", "dist-packages")
    return [path for path in sys.path if Path(path).is_absolute() and Path(path).name in names]
