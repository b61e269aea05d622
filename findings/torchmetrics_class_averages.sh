#!/usr/bin/env bash
# torchmetrics 1.9.0 (torch 2.13.0): two names for one measure, and two numbers.
#
# Guess: torchmetrics.classification.MulticlassAccuracy is the class behind
# torchmetrics.Accuracy(task="multiclass"), so both give the share of right answers.
# Seen: Accuracy counts images (micro), MulticlassAccuracy averages over classes (macro); the
# functional forms differ likewise. Of ten images nine are right, and the last is taken for a class
# that no image has: 0.9 and 0.3333. A class that is only predicted counts as one with accuracy 0,
# so it is not the mean recall of the classes that there are, either (that would be 0.5).
# Why it matters here: a student's accuracy is right with one name and wrong with the other.
# Output seen: [0.9, 0.3333, 0.9, 0.3333]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0 torchmetrics==1.9.0
seen=$("$work/venv/bin/python" - << 'PYTHON'
import torch
import torchmetrics
from torchmetrics.classification import MulticlassAccuracy
from torchmetrics.functional import accuracy
from torchmetrics.functional.classification import multiclass_accuracy

labels = torch.tensor([0] * 9 + [1])
answers = torch.tensor([0] * 9 + [5])
values = (
    torchmetrics.Accuracy(task="multiclass", num_classes=10)(answers, labels),
    MulticlassAccuracy(num_classes=10)(answers, labels),
    accuracy(answers, labels, task="multiclass", num_classes=10),
    multiclass_accuracy(answers, labels, num_classes=10),
)
print([round(float(value), 4) for value in values])
PYTHON
)
echo "$seen"
test "$seen" = "[0.9, 0.3333, 0.9, 0.3333]"
