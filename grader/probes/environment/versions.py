"""Whether the installed PyTorch can work at all with what is beside it."""

from __future__ import annotations

import numpy as np
import torch


def misfit() -> str:
    """Return in one sentence why nothing can be graded with these versions, else an empty text.

    A PyTorch built for another NumPy imports beside it, warns, and fails at the first array.
    """
    try:
        torch.zeros(1).numpy()
    except RuntimeError:
        return f"PyTorch {torch.__version__} can't work with NumPy {np.__version__}"
    return ""
