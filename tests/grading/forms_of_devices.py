"""Notebooks that are right with other devices, or with other words for them, in the loop."""

from __future__ import annotations

from typing import Any

from tests.notebooks import changed, solved

_LOOP_IN = "M(batch_in.view(-1, 28*28).to(device))"
_LOOP_OUT = "loss(y_pred, batch_out.to(device))"
_MODEL = "ydim=10).to(device)"


def _written(*pairs: tuple[str, str]) -> dict[str, Any]:
    notebook = solved()
    for old, new in pairs:
        notebook = changed(old, new, notebook)
    return notebook


def processor_only() -> dict[str, Any]:
    return _written(
        (_MODEL, "ydim=10)"),
        (_LOOP_IN, "M(batch_in.view(-1, 28*28))"),
        (_LOOP_OUT, "loss(y_pred, batch_out)"),
    )


def a_card_by_name() -> dict[str, Any]:
    return _written(
        (_MODEL, "ydim=10).cuda()"),
        (_LOOP_IN, "M(batch_in.view(-1, 28*28).cuda())"),
        (_LOOP_OUT, "loss(y_pred, batch_out.cuda())"),
    )


def a_card_where_there_is_one() -> dict[str, Any]:
    return _written(
        (
            "        # forward pass\n",
            """        if torch.cuda.is_available():
            batch_in, batch_out = batch_in.cuda(), batch_out.cuda()
""",
        ),
        (_LOOP_IN, "M(batch_in.view(-1, 28*28))"),
        (_LOOP_OUT, "loss(y_pred, batch_out)"),
    )


def where_the_parameters_are() -> dict[str, Any]:
    return _written((_LOOP_IN, "M(batch_in.flatten(1).to(next(M.parameters()).device))"))


def an_average_of_weights() -> dict[str, Any]:
    kept = "M.train()\naverage = {k: v.clone() for k, v in M.state_dict().items()}\nEPOCHS"
    return _written(
        ("M.train()\nEPOCHS", kept),
        (
            "        loss_val_sum += loss_out.item()",
            """        loss_val_sum += loss_out.item()
        with torch.no_grad():
            for name, value in M.state_dict().items():
                average[name].lerp_(value, 0.1)""",
        ),
    )


FORMS = [
    processor_only,
    a_card_by_name,
    a_card_where_there_is_one,
    where_the_parameters_are,
    an_average_of_weights,
]
