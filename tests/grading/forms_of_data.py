"""Notebooks that are right and read their data once, before the loop."""

from __future__ import annotations

from typing import Any

from tests.notebooks import changed, solved

_FOR = "    for batch_in, batch_out in train_iter:\n        # forward pass\n"
_READ = """X = (mnist_train.data.float() / 255).view(-1, 28*28).to(device)
Y = mnist_train.targets.to(device)
"""
_COLLECTED = """with torch.no_grad():
    parts = [(x.flatten(1), y) for x, y in train_iter]
X, Y = torch.cat([x for x, _ in parts]).to(device), torch.cat([y for _, y in parts]).to(device)
"""
_LOADER = """from torch.utils.data import DataLoader, TensorDataset
{name} = DataLoader(TensorDataset(X, Y), batch_size=BATCH_SIZE, shuffle=True)
"""


def in_memory(read: str, loop: str = _FOR) -> dict[str, Any]:
    """Return the solved notebook with its data read by other lines, and another loop over it."""
    notebook = solved()
    for old, new in (
        ("M.init_param()\nM.train()", f"{read}M.init_param()\nM.train()"),
        (_FOR, loop),
        ("M(batch_in.view(-1, 28*28).to(device))", "M(batch_in)"),
        ("loss(y_pred, batch_out.to(device))", "loss(y_pred, batch_out)"),
    ):
        notebook = changed(old, new, notebook)
    return notebook


def sliced(loop: str) -> dict[str, Any]:
    return in_memory(_READ, loop + "        batch_in, batch_out = X[idx], Y[idx]\n")


def tensors_in_a_loader_of_the_same_name() -> dict[str, Any]:
    return in_memory(_READ + _LOADER.format(name="train_iter"))


def tensors_in_a_loader() -> dict[str, Any]:
    loop = _FOR.replace("train_iter", "fast_iter")
    return in_memory(_COLLECTED + _LOADER.format(name="fast_iter"), loop)


def tensors_in_a_named_data_set() -> dict[str, Any]:
    read = _LOADER.format(name="train_loader").replace(
        "train_loader = DataLoader(TensorDataset(X, Y)",
        "kept = TensorDataset(X, Y)\ntrain_loader = DataLoader(kept",
    )
    return in_memory(_READ + read, _FOR.replace("train_iter", "train_loader"))


def permuted_slices() -> dict[str, Any]:
    return sliced(
        "    order = torch.randperm(len(X))\n"
        "    for start in range(0, len(X), BATCH_SIZE):\n"
        "        idx = order[start : start + BATCH_SIZE]\n"
    )


def a_split_permutation() -> dict[str, Any]:
    return sliced("    for idx in torch.randperm(len(X), device=device).split(BATCH_SIZE):\n")


def numpy_permutation_in_parts() -> dict[str, Any]:
    return sliced(
        "    order = np.random.permutation(len(X))\n"
        "    for idx in np.array_split(order, len(X) // BATCH_SIZE + 1):\n"
    )


def slices_of_a_size_of_their_own() -> dict[str, Any]:
    return sliced(
        "    for start in range(0, len(X), 128):\n        idx = slice(start, start + 128)\n"
    )


FORMS = [
    tensors_in_a_loader_of_the_same_name,
    tensors_in_a_loader,
    tensors_in_a_named_data_set,
    permuted_slices,
    a_split_permutation,
    numpy_permutation_in_parts,
    slices_of_a_size_of_their_own,
]
