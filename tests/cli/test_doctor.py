"""``grade doctor`` names every layer and what it runs on."""

from __future__ import annotations

from typing import Any

import torch

from grader.cli import main
from grader.sandbox.layers import LAYERS


def test_every_layer_is_named(capsys: Any) -> None:
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    lines = [line.split() for line in said.splitlines() if line.startswith(("  on", "  off"))]
    assert [line[1] for line in lines] == [layer.name for layer in LAYERS]
    assert str(torch.__version__) in said
    assert "uci-digits" in said
