"""Versions that can't work together are told in a sentence of their own."""

import numpy as np
import torch

from grader.probes.environment import versions


class _NoArrays:
    def numpy(self):
        raise RuntimeError("Numpy is not available")


def test_these_versions_fit():
    assert versions.misfit() == ""


def test_a_pytorch_that_cannot_make_arrays(monkeypatch):
    monkeypatch.setattr(torch, "zeros", lambda *_sizes: _NoArrays())
    assert versions.misfit() == (
        f"PyTorch {torch.__version__} can't work with NumPy {np.__version__}"
    )
