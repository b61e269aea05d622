"""Right answers in every form that real submissions have: full marks for each."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.notebooks import (
    BLANKS,
    EVALUATION,
    MODEL,
    TRAINING,
    cell,
    changed,
    code,
    filled,
    solved,
    sources,
    template,
    text,
    write,
)


def _with_cells(change: Any) -> dict[str, Any]:
    """The solved notebook with every code cell's source changed."""
    notebook = solved()
    for c in notebook["cells"]:
        if c["cell_type"] == "code":
            c["source"] = change(text(c))
    return notebook


def markers_left_above() -> dict[str, Any]:
    return filled({n: f"# FILL IN HERE\n{BLANKS[n]}" for n in BLANKS})


def markers_left_behind() -> dict[str, Any]:
    notebook = filled({n: f"{BLANKS[n]}  # FILL IN HERE" for n in (5, 6, 7)})
    c = cell(notebook, MODEL)
    c["source"] = re.sub(r"(self\.[xh]dim, self\.[hy]dim)", r"\1 # FILL IN HERE", text(c))
    return notebook


def one_line_answers() -> dict[str, Any]:
    notebook = solved()
    for name in (MODEL, EVALUATION):
        c = cell(notebook, name)
        source = re.sub(r"\(\n\s+(.*)\n\s+\)(.*)", r"(\1)\2 # FILL IN HERE", text(c))
        assert source != text(c)
        c["source"] = source
    return notebook


def answer_after_marker_same_blank() -> dict[str, Any]:
    """As a student types below the marker of the template itself."""
    notebook = template()
    c = cell(notebook, MODEL)
    first, second = text(c).split("# FILL IN HERE\n", 2)[0], text(c)
    c["source"] = second.replace(
        "# FILL IN HERE", "# FILL IN HERE\n            self.xdim, self.hdim", 1
    )
    head, _, tail = c["source"].rpartition("# FILL IN HERE")
    c["source"] = head + "# FILL IN HERE\n            self.hdim, self.ydim" + tail
    assert first
    c = cell(notebook, EVALUATION)
    head, _, tail = text(c).rpartition("# FILL IN HERE")
    c["source"] = (head + "# FILL IN HERE\ny_trgt == y_pred" + tail).replace(
        "# FILL IN HERE", "batch_in.reshape(-1, 784).to(device)", 1
    )
    c = cell(notebook, TRAINING)
    source = text(c)
    for answer in ("optm.zero_grad()", "loss_out.backward()", "optm.step()"):
        source = source.replace("# FILL IN HERE", answer, 1)
    c["source"] = source
    return notebook


def merged_into_one_cell() -> dict[str, Any]:
    return code(["\n\n".join(sources(solved()))])


def split_cells() -> dict[str, Any]:
    cells = []
    for source in sources(solved()):
        pieces = (
            re.split(r"\n(?=\S)", source) if "for epoch" in source or "M = " in source else [source]
        )
        kept: list[str] = []
        for piece in pieces:
            if kept and re.match(r"[)\]}]", piece):
                kept[-1] += "\n" + piece
            else:
                kept.append(piece)
        cells += kept
    return code(cells)


def functions_moved_up() -> dict[str, Any]:
    """Class, function and loop before the imports they use, as after moving cells about."""
    cells = sources(solved())
    later = [c for c in cells if MODEL in c or EVALUATION in c]
    return code([*later, *(c for c in cells if c not in later)])


def defined_twice() -> dict[str, Any]:
    """A first, wrong version of everything; the last one counts."""
    wrong = {1: "self.hdim, self.xdim", 4: "y_pred != y_trgt", 5: "pass"}
    first = [s for s in sources(filled(wrong)) if MODEL in s or EVALUATION in s or TRAINING in s]
    return code([*first, *sources(solved())])


def stray_cells() -> dict[str, Any]:
    cells = sources(solved())
    broken = [
        "M.eval(",
        "y = = 3",
        "print(undefined_name)",
        "1/0",
        "raise SystemExit",
        "%%bash\nrm -rf /tmp/x",
    ]
    mixed = [stray for pair in zip(broken * 2, cells, strict=False) for stray in pair]
    return code([*mixed, *cells[len(broken) * 2 :]])


def loop_in_function() -> dict[str, Any]:
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    body = "\n".join("    " + line for line in ("for epoch" + loop).split("\n"))
    c["source"] = f"{head}def train():\n{body}\n\ntrain()"
    return notebook


def loop_in_function_with_arguments() -> dict[str, Any]:
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    body = "\n".join("    " + line for line in ("for epoch" + loop).split("\n"))
    for old, new in (
        ("train_iter", "loader"),
        ("optm", "optimizer"),
        (r"\bM\b", "net"),
        ("loss\\(", "criterion("),
    ):
        body = re.sub(old, new, body)
    c["source"] = (
        f"{head}def train(net, criterion, optimizer, loader, epochs=3):\n{body}\n"
        "    return loss_val_avg\n\n"
        "history = train(M, loss, optm, loader=train_iter)"
    )
    return notebook


def renamed_everything() -> dict[str, Any]:
    def change(source: str) -> str:
        for old, new in (
            (r"\bM\b", "mlp_model"),
            (r"\boptm\b", "optimizer"),
            (r"\bloss\b(?!:)", "criterion"),
            (r"\btrain_iter\b", "train_loader"),
            (r"\btest_iter\b", "test_loader"),
            (r"\bbatch_in\b", "images"),
            (r"\bbatch_out\b", "labels"),
            (r"\bloss_out\b", "batch_loss"),
        ):
            source = re.sub(old, new, source)
        return source

    return _with_cells(change)


def helper_in_another_cell() -> dict[str, Any]:
    notebook = changed(
        "batch_in.view(-1, 28*28).to(device)\n            )", "flat(batch_in)\n            )"
    )
    notebook = changed(
        "y_pred = M(batch_in.view(-1, 28*28).to(device))", "y_pred = M(flat(batch_in))", notebook
    )
    helper = code(
        ["PIXELS = 28 * 28\n\ndef flat(batch):\n    return batch.view(-1, PIXELS).to(device)"]
    )
    notebook["cells"] += helper["cells"]
    return notebook


def tqdm_loop() -> dict[str, Any]:
    return changed(
        "for batch_in, batch_out in train_iter:\n        # forward",
        "bar = tqdm(train_iter, desc=f'epoch {epoch}')\n"
        "    for i, (batch_in, batch_out) in enumerate(bar):\n        # forward",
        changed("import numpy as np", "import numpy as np\nfrom tqdm.notebook import tqdm"),
    )


def colab() -> dict[str, Any]:
    start = [
        "from google.colab import drive\ndrive.mount('/content/drive')",
        "!pip install -q torchinfo\n%cd /content/drive/MyDrive\nfrom torchinfo import summary",
        "%config InlineBackend.figure_format='retina' # nicer",
    ]
    cells = [
        s.replace("M.init_param()\nM.train()", "%%time\nM.init_param()\nM.train()")
        for s in sources(solved())
    ]
    cells = [("%%time\n" + s if TRAINING in s and not s.startswith("%%") else s) for s in cells]
    return code(
        [*start, *cells],
        colab={"name": "mlp.ipynb", "provenance": [], "authorship_tag": "x"},
        kernelspec={"name": "python3", "display_name": "Python 3"},
        accelerator="GPU",
    )


def cuda_by_name() -> dict[str, Any]:
    notebook = changed(
        "device = torch.device('cuda:0' if torch.cuda.is_available() else 'cpu')", "device = 'cuda'"
    )
    notebook = changed(
        "return self.lin_2(hidden)", "return self.lin_2(hidden).to('cuda')", notebook
    )
    return changed(
        "loss_out = loss(y_pred, batch_out.to(device))",
        "loss_out = loss(y_pred, batch_out.cuda())",
        notebook,
    )


def old_format() -> dict[str, Any]:
    return {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "input": source,
                        "language": "python",
                        "collapsed": False,
                        "metadata": {},
                        "outputs": [],
                    }
                    for source in sources(solved())
                ],
            }
        ],
    }


def course_wording() -> dict[str, Any]:
    """The same interface in the wording that published copies have."""
    model = """class MultiLayerPerceptronClass(nn.Module):
  def __init__(self,name='mlp',xdim=784,hdim=256,ydim=10):
    super(MultiLayerPerceptronClass,self).__init__()
    self.name = name
    self.xdim = xdim
    self.hdim = hdim
    self.ydim = ydim
    self.lin_1 = nn.Linear(in_features=xdim, out_features=hdim) # FILL IN HERE
    self.lin_2 = nn.Linear(
      # FILL IN HERE
      hdim, ydim
    )
    self.init_param() # 초기화
  def init_param(self):
    for lin in (self.lin_1, self.lin_2):
      nn.init.kaiming_normal_(lin.weight)
      nn.init.zeros_(lin.bias)
  def forward(self,x):
    net = x
    net = self.lin_1(net)
    net = F.relu(net)   # 활성화 함수
    net = self.lin_2(net)
    return net
M = MultiLayerPerceptronClass(name='mlp',xdim=784,hdim=256,ydim=10).to(device)
loss = nn.CrossEntropyLoss()
optm = optim.Adam(M.parameters(),lr=1e-3)
print ("Done.")"""
    evaluation = """def func_eval(model,data_iter,device):
\twith torch.no_grad():
\t\tmodel.eval()
\t\tn_total,n_correct = 0,0
\t\tfor batch_in,batch_out in data_iter:
\t\t\ty_trgt = batch_out.to(device)
\t\t\tmodel_pred = model(batch_in.view(-1,28*28).to(device)) # FILL IN HERE
\t\t\t_, y_pred= torch.max(model_pred.data,1)
\t\t\tn_correct += (y_trgt==y_pred).sum().item() # FILL IN HERE
\t\t\tn_total += batch_in.size(0)
\t\tval_accr = (n_correct/n_total)
\t\tmodel.train()
\treturn val_accr
print ("Done")"""
    training = """print ("Start training.")
M.init_param()
M.train()
EPOCHS,print_every = 10,1
for epoch in range(EPOCHS):
    loss_val_sum = 0
    for batch_in,batch_out in train_iter:
        y_pred = M.forward(batch_in.view(-1, 28*28).to(device))
        loss_out = loss(y_pred,batch_out.to(device))
        # Update
        optm.zero_grad()    # FILL IN HERE      # reset gradient
        loss_out.backward() # FILL IN HERE      # backpropagate
        optm.step()         # FILL IN HERE      # optimizer update
        loss_val_sum += loss_out
    loss_val_avg = loss_val_sum/len(train_iter)
    if ((epoch%print_every)==0) or (epoch==(EPOCHS-1)):
        train_accr = func_eval(M,train_iter,device)
        test_accr = func_eval(M,test_iter,device)
        print ("epoch:[%d] loss:[%.3f] train_accr:[%.3f] test_accr:[%.3f]."%
               (epoch,loss_val_avg,train_accr,test_accr))
print ("Done")"""
    first = sources(solved())[:3]
    return code([*first, model, evaluation, training])


def dataset_length() -> dict[str, Any]:
    return changed(
        "val_accr = n_correct / n_total", "val_accr = n_correct / len(data_iter.dataset)"
    )


def tensors_counted() -> dict[str, Any]:
    notebook = changed("            ).sum().item()", "            ).sum()")
    return changed(
        "val_accr = n_correct / n_total", "val_accr = (n_correct / n_total).item()", notebook
    )


def scheduler_and_clipping() -> dict[str, Any]:
    notebook = changed(
        "optm.step()",
        "nn.utils.clip_grad_norm_(M.parameters(), 0.05)\n        optm.step()",
        solved(),
    )
    notebook = changed(
        "print(M)",
        "print(M)\nscheduler = optim.lr_scheduler.StepLR(optm, step_size=1, gamma=0.5)",
        notebook,
    )
    return changed(
        "    if epoch % print_every == 0",
        "    scheduler.step()\n    if epoch % print_every == 0",
        notebook,
    )


def own_evaluation_in_loop() -> dict[str, Any]:
    notebook = solved()
    c = cell(notebook, TRAINING)
    c["source"] = text(c).replace("func_eval(", "accuracy_of(")
    c = cell(notebook, EVALUATION)
    c["source"] = text(c) + "\n\n" + text(c).replace("def func_eval", "def accuracy_of")
    return notebook


def _loop(change: Any) -> dict[str, Any]:
    """The solved notebook with another training cell: ``change(head, loop)`` gives it."""
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    c["source"] = change(head, "for epoch" + loop)
    return notebook


def _indented(block: str, by: int) -> str:
    return "\n".join(" " * by + line for line in block.split("\n"))


def trainer_class() -> dict[str, Any]:
    def change(head: str, loop: str) -> str:
        body = _indented(loop.replace("optm", "self.optm").replace("train_iter", "self.batches"), 8)
        return (
            f"{head}class Trainer:\n    def __init__(self, optm, batches):\n"
            f"        self.optm, self.batches = optm, batches\n    def fit(self):\n{body}\n\n"
            "trainer = Trainer(optm, train_iter)\ntrainer.fit()"
        )

    return _loop(change)


def main_guard() -> dict[str, Any]:
    return _loop(lambda head, loop: f"{head}if __name__ == '__main__':\n{_indented(loop, 4)}")


def loop_in_try() -> dict[str, Any]:
    return _loop(
        lambda head, loop: (
            f"{head}try:\n{_indented(loop, 4)}\nexcept KeyboardInterrupt:\n    print('stopped')"
        )
    )


def batches_by_next() -> dict[str, Any]:
    return changed(
        "    for batch_in, batch_out in train_iter:\n        # forward",
        "    batches = iter(train_iter)\n    for _ in range(len(train_iter)):\n"
        "        batch_in, batch_out = next(batches)\n        # forward",
    )


def while_loop() -> dict[str, Any]:
    notebook = changed("for epoch in range(EPOCHS):", "epoch = 0\nwhile epoch < EPOCHS:")
    return changed(
        "        print(f'epoch {epoch}",
        "        epoch += 1\n        print(f'epoch {epoch}",
        notebook,
    )


def one_epoch_only() -> dict[str, Any]:
    return changed("EPOCHS, print_every = 10, 1", "EPOCHS, print_every = 1, 1")


def left_in_eval_mode() -> dict[str, Any]:
    """Nothing in this model behaves differently in eval mode, so training in it is right."""
    return changed("    loss_val_sum = 0\n", "    loss_val_sum = 0\n    M.eval()\n")


def update_in_a_helper() -> dict[str, Any]:
    notebook = changed(
        "        optm.zero_grad()\n        loss_out.backward()\n        optm.step()\n",
        "        update(loss_out)\n",
    )
    helper = "def update(value):\n    optm.zero_grad()\n    value.backward()\n    optm.step()"
    return code([helper, *sources(notebook)])


def batches_in_a_list() -> dict[str, Any]:
    notebook = changed(
        "EPOCHS, print_every = 10, 1", "EPOCHS, print_every = 10, 1\nbatches = list(train_iter)"
    )
    return changed(
        "    for batch_in, batch_out in train_iter:\n        # forward",
        "    for batch_in, batch_out in batches:\n        # forward",
        notebook,
    )


def model_made_in_the_function() -> dict[str, Any]:
    def change(_head: str, loop: str) -> str:
        setup = (
            "M = MultiLayerPerceptronClass().to(device)\noptm = optim.Adam(M.parameters(), lr=1e-3)"
        )
        body = _indented(f"EPOCHS, print_every = 2, 1\n{setup}\n{loop}\nreturn M", 4)
        return f"def train():\n{body}\n\nM = train()"

    return _loop(change)


FORMS = [
    solved,
    markers_left_above,
    markers_left_behind,
    one_line_answers,
    answer_after_marker_same_blank,
    merged_into_one_cell,
    split_cells,
    functions_moved_up,
    defined_twice,
    stray_cells,
    loop_in_function,
    loop_in_function_with_arguments,
    renamed_everything,
    helper_in_another_cell,
    tqdm_loop,
    colab,
    cuda_by_name,
    old_format,
    course_wording,
    dataset_length,
    tensors_counted,
    scheduler_and_clipping,
    own_evaluation_in_loop,
    trainer_class,
    main_guard,
    loop_in_try,
    batches_by_next,
    while_loop,
    one_epoch_only,
    left_in_eval_mode,
    update_in_a_helper,
    batches_in_a_list,
    model_made_in_the_function,
]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_full_marks(form: Any, grade: Any) -> None:
    report = grade(form())
    lost = {c.id: [f.message for f in c.findings] for c in report.checks if c.score < c.max_score}
    assert not lost
    assert report.score == report.max_score == 100


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("crlf", lambda s: s.replace("\n", "\r\n")),
        (
            "two_spaces",
            lambda s: re.sub(r"(?m)^( +)", lambda m: m.group()[: len(m.group()) // 2], s),
        ),
        (
            "tabs",
            lambda s: re.sub(
                r"^( {4})+", lambda m: "\t" * (len(m.group()) // 4), s, flags=re.MULTILINE
            ),
        ),
        (
            "comments",
            lambda s: (
                "# 과제: 다층 퍼셉트론\n"
                + s.replace("self.xdim = xdim", "self.xdim = xdim  # 입력 차원")
            ),
        ),
        ("indented", lambda s: "\n".join("    " + line for line in s.split("\n"))),
    ],
)
def test_layout_does_not_matter(name: str, change: Any, grade: Any) -> None:
    assert grade(_with_cells(change)).score == 100, name


def test_cell_ids_and_metadata_do_not_matter(grade: Any) -> None:
    notebook = solved()
    for number, c in enumerate(notebook["cells"]):
        c["id"] = f"x{number}"
        c["metadata"] = {"id": "abc", "executionInfo": {"user": {"displayName": "Someone"}}}
    report = grade(notebook)
    assert report.score == 100
    assert "Someone" not in json.dumps(report.to_json())


def test_a_byte_order_mark_does_not_matter(grader: Any, tmp_path: Any) -> None:
    path = write(solved(), tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert grader.grade(path).score == 100
