"""An image is found again by one number, whatever it stands beside."""

from __future__ import annotations

import numpy as np
import torch

from grader.probes.recording.rows import KnownRows

IMAGES = torch.rand(12, 1, 3, 3, generator=torch.Generator().manual_seed(5))
KNOWN = KnownRows(IMAGES, np.random.default_rng(5).normal(0, 1, 9))


def test_rows_are_found_in_any_order_and_portion() -> None:
    for chosen in ([3], [11, 0, 5], list(range(12))):
        places = KNOWN.places(IMAGES[chosen].double().view(-1, 9))
        assert places is not None
        assert places.tolist() == chosen


def test_what_is_no_image_of_them_is_not_found() -> None:
    assert KNOWN.places(IMAGES.view(-1, 9) + 0.1) is None
    assert KNOWN.places(IMAGES) is None
    assert KNOWN.places([1.0] * 9) is None
