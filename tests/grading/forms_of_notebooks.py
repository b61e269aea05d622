"""Notebooks that are right in another form: their cells, markers, names and layout."""

from __future__ import annotations

import re
from typing import Any

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
)


def with_cells(change: Any) -> dict[str, Any]:
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

    return with_cells(change)


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


def sizes_from_the_data() -> dict[str, Any]:
    """What torchvision's data sets tell of themselves, in place of the numbers."""
    notebook = changed(
        "batch_in.view(-1, 28*28).to(device)\n            )", "batch_in.view(-1, H * W).to(device))"
    )
    notebook = changed(EVALUATION, f"_, H, W = mnist_train.data.shape\n{EVALUATION}", notebook)
    return changed(
        "name='mlp', xdim=784, hdim=256, ydim=10).to",
        "xdim=mnist_train[0][0].numel(), ydim=len(mnist_train.classes)).to",
        notebook,
    )


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
    renamed_everything,
    helper_in_another_cell,
    colab,
    cuda_by_name,
    old_format,
    course_wording,
    dataset_length,
    tensors_counted,
    sizes_from_the_data,
]
