#!/usr/bin/env bash
# torch 2.13.0: what attention gives where a mask leaves nothing to attend to, and where it pads.
#
# Guess: a query whose mask allows no key gives NaN (softmax over nothing) in every form of attention;
# and a TransformerEncoder without dropout gives the same numbers in both modes.
# Seen: scaled_dot_product_attention gives zeros for such a query, nn.MultiheadAttention gives NaN, in
# both modes. nn.TransformerEncoder with src_key_padding_mask computes numbers for padded places while
# training, and zeros for them in eval mode without gradients; the other places agree to 1e-6.
# Why it matters here: a check of an attention layer that compares whole outputs in both modes, or
# that looks for NaN, tells right answers from wrong ones by luck; compare what is not padded.
# Output seen: sdpa zeros, multihead nan nan, padded values zeros, rest same
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet torch==2.13.0 numpy
seen=$("$work/venv/bin/python" - << 'PYTHON' 2> /dev/null
import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

torch.manual_seed(0)


def kind(values):
    if values.isnan().all():
        return "nan"
    return "zeros" if (values == 0).all() else "values"


query = torch.rand(1, 1, 3, 4)
allowed = torch.tensor([[True, True, True], [False, False, False], [True, False, False]])
sdpa = kind(scaled_dot_product_attention(query, query, query, attn_mask=allowed)[0, 0, 1])

images = torch.rand(2, 5, 8)
nothing = torch.tensor([[False] * 5, [True] * 5])
layer = nn.MultiheadAttention(8, 2, batch_first=True)
multihead = [kind(layer.train(mode)(images, images, images, key_padding_mask=nothing)[0][1])
             for mode in (True, False)]

padding = torch.tensor([[False, False, False, True, True], [False, False, True, True, True]])
one = nn.TransformerEncoderLayer(8, 2, dim_feedforward=16, dropout=0.0, batch_first=True)
encoder = nn.TransformerEncoder(one, num_layers=2)
training = encoder.train()(images, src_key_padding_mask=padding)
with torch.no_grad():
    evaluating = encoder.eval()(images, src_key_padding_mask=padding)
padded = [kind(output[padding]) for output in (training, evaluating)]
same = torch.allclose(training[~padding], evaluating[~padding], atol=1e-6)
print("sdpa", sdpa, "multihead", *multihead, "padded", *padded, "rest", "same" if same else "differs")
PYTHON
)
echo "$seen"
test "$seen" = "sdpa zeros multihead nan nan padded values zeros rest same"
