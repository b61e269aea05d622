"""Broken assignments: one change to a file, and the error that it must get."""

from __future__ import annotations

from dataclasses import dataclass

RUBRIC = "assignment.toml"


@dataclass(frozen=True)
class Broken:
    """``find`` in a file becomes ``put``; the error names ``at`` (text of its line) and ``says``.

    ``at`` is by default what was put there. Without ``find`` the file's text is ``put``, without
    both it is removed.
    """

    of: str
    file: str
    find: str
    put: str
    says: str
    hint: str = ""
    at: str | None = None
    shown_in: str = ""


def fresh(find: str, put: str, says: str, hint: str = "", at: str | None = None) -> Broken:
    return Broken("fresh", RUBRIC, find, put, says, hint, at)


def line(find: str, put: str, says: str, hint: str = "", at: str | None = None) -> Broken:
    return Broken("linear_regression", RUBRIC, find, put, says, hint, at)


def mlp(find: str, put: str, says: str, hint: str = "", at: str | None = None) -> Broken:
    return Broken("mlp", RUBRIC, find, put, says, hint, at)


def listed(find: str, put: str, says: str, hint: str = "", at: str | None = None) -> Broken:
    return Broken("fresh", "mistakes.toml", find, put, says, hint, at)


def marked(find: str, put: str, says: str, hint: str = "", shown_in: str = "") -> Broken:
    return Broken("fresh", "fresh.ipynb", find, put, says, hint, None, shown_in)


_SCALE = 'outputs = [{ name = "the scaled numbers", blank = 1 }]'
MISSPELT = {
    "misspelt at the top": fresh('title = "fresh"', 'titel = "fresh"', "titel", '"title"'),
    "misspelt in a part": fresh('name = "scale"', 'nmae = "scale"', "nmae", '"name"'),
    "misspelt in a blank": fresh("neutral =", "neutrl =", "neutrl", '"neutral"'),
    "misspelt in a check": fresh("points = 50", "pionts = 50", "pionts", '"points"'),
    "misspelt option": fresh('count = "n"', 'cuont = "n"', "cuont", '"count"'),
    "misspelt argument": fresh('{ name = "factor" }', '{ nam = "factor" }', "nam", '"name"'),
    "misspelt in a mistake": listed("blank = 1", "blnk = 1", "blnk", '"blank"'),
    "misspelt list": listed("[[mistakes]]", "[[mistake]]", "mistake", '"mistakes"'),
    "misspelt alternative": Broken(
        "fresh", "alternatives.toml", "answer =", "anser =", "anser", '"answer"'
    ),
    "misspelt word": Broken("mlp", "words.toml", "hint =", "hnit =", "hnit", '"hint"'),
    "misspelt equivalent": Broken(
        "mlp",
        "equivalents.toml",
        'within = "self.name',
        'wihtin = "self.name',
        "wihtin",
        '"within"',
    ),
    "misspelt pair": Broken("mlp", "pairs.toml", "reason =", "raeson =", "raeson", '"reason"'),
}
VALUES = {
    "no TOML": fresh("points = 50", "points = fifty", "not valid TOML"),
    "points as text": fresh("points = 50", 'points = "50"', "has to be a number"),
    "points below 0": fresh("points = 50", "points = -5", "0 or more, not -5"),
    "points that are no number": fresh("points = 50", "points = nan", "nan is no amount"),
    "no time": fresh("seconds = 20", "seconds = 0", "above 0, not 0"),
    "less than no time": fresh("processor_seconds = 5", "processor_seconds = -1", "above 0"),
    "a range upside down": fresh("n = [1, 20]", "n = [20, 1]", "from 20 to 1 is empty", "smaller"),
    "an axis of length 0": fresh("n = [1, 20]", "n = [0, 20]", "below 1"),
    "a range of three": fresh("n = [1, 20]", "n = [1, 2, 3]", "a list of 2"),
    "a share above 1": mlp("hard_coded_dims = 0.5", "hard_coded_dims = 1.5", "1 at most"),
    "a pattern": fresh('"scaled = __"', '"scaled = = __"', "it is no Python"),
    "a neutral line": fresh('"scaled = 0 * x"', '"scaled = 0 *"', "it is no Python"),
    "an anchor": fresh("'scaled\\s*='", "'scaled\\s*=('", "no regular expression"),
    "a kind of part": fresh('kind = "function"', 'kind = "funktion"', '"funktion"', '"class"'),
    "a kind of blank": fresh('kind = "expression"', 'kind = "text"', 'not "text"'),
    "a word for credit": mlp('credit = "each_blank"', 'credit = "each"', 'not "each"'),
    "a status": listed('"failed"', '"fialed"', 'not "fialed"'),
    "a blank's number as text": fresh("number = 1", 'number = "1"', "a whole number"),
    "pattern of a mistake": listed(
        'answer = "x + factor"',
        'answer = "x"\npatterns = ["x +"]',
        "it is no Python",
        at='patterns = ["x +"]',
    ),
}
_NAMES = {
    "no such part": fresh('part = "scaling"', 'part = "scalign"', 'no part "scalign"', '"scaling"'),
    "no such part of a check": fresh('parts = ["scaling"]', 'parts = ["x"]', 'no part "x"'),
    "no such blank": fresh("blanks = [1]", "blanks = [7]", "no blank 7", "are 1, 2"),
    "no such kind": fresh(
        'kind = "function_values"', 'kind = "function_value"', "no kind", "values"
    ),
    "no such role": mlp('about = ["model", ', 'about = ["modle", ', 'no role "modle"', '"model"'),
    "no such check": line(
        '"gradients", "update"]\nseconds',
        '"gradient", "update"]\nseconds',
        'no check "gradient"',
        '"gradients"',
        at='needs = ["prediction"',
    ),
    "no such size": fresh('shape = ["n"]', 'shape = ["m"]', 'no size "m"', "sizes are n"),
    "no such rate": line('rate = "eta"', 'rate = "et"', 'no argument "et"', '"eta"'),
    "a check of a mistake": listed("{ scaling =", "{ scalng =", 'no check "scalng"', '"scaling"'),
    "a blank of a mistake": listed("blank = 1", "blank = 9", "no blank 9"),
    "a blank's number in an option": fresh(
        _SCALE, _SCALE.replace("blank = 1", "blank = 2"), "no blank 2"
    ),
    "a part twice": fresh('id = "averaging"', 'id = "scaling"', "stands twice"),
    "a blank twice": fresh("number = 2", "number = 1", "stands twice"),
    "a check twice": fresh('id = "average"', 'id = "scaling"', "stands twice"),
    "a code that keeps nothing": mlp(
        "size_overwritten = 0.5", "wrong_shape = 0.5", "leaves something right"
    ),
    "a code of no kind": mlp(
        "size_overwritten = 0.5",
        "size_overwriten = 0.5",
        "leaves something right",
        '"size_overwritten"',
    ),
    "a pair's check": Broken(
        "mlp", "pairs.toml", 'check = "step_order"', 'check = "steps"', 'no check "steps"'
    ),
    "an equivalent's part": Broken(
        "mlp", "equivalents.toml", 'part = "model"', 'part = "m"', 'no part "m"'
    ),
}
_POINTS = {
    "a check of no blank": fresh("blanks = [1]", "blanks = []", "grades no blank", at="[[checks]]"),
    "a blank of no check": fresh("blanks = [2]", "blanks = [1]", "no check grades it", at="[["),
    "a blank of a part that is not run": fresh(
        "blanks = [1]", "blanks = [1, 2]", "lies in the part averaging", '"averaging"'
    ),
    "a check that needs itself": line(
        'needs = ["prediction", "gradients", "update"]', 'needs = ["converges"]', "needs itself"
    ),
    "a check that needs a later one": line(
        'id = "loss"\ntitle = "loss"',
        'id = "loss"\nneeds = ["update"]\ntitle = "loss"',
        "update stands below",
        "above this one",
        at='needs = ["update"]',
    ),
    "two that need each other": line(
        'title = "update"\nkind',
        'title = "update"\nneeds = ["converges"]\nkind',
        "converges needs it, too",
        at='needs = ["converges"]',
    ),
}
_FILES = {
    "no notebook of that name": fresh('"fresh.ipynb"', '"frehs.ipynb"', "no such file"),
    "a notebook of another folder": fresh('"fresh.ipynb"', '"../x.ipynb"', "in another folder"),
    "no data": mlp('data = "data"', 'data = "dta"', "no such folder"),
    "no rubric that is text": Broken("fresh", "words.toml", "", "\udcff", "is not UTF-8"),
    "a file of mistakes that is not read": Broken(
        "linear_regression", "mistakes/more.toml", "", "", "is not read", "more.toml"
    ),
    "a file of mistakes that is not there": line(
        "mistakes/loss.toml", "mistakes/los.toml", "no file mistakes/los.toml", at='"mistakes/los'
    ),
    "no notebook": Broken("fresh", "fresh.ipynb", "", "not JSON", "fresh.ipynb"),
}
_CODE = {
    "no such function": fresh('name = "scale"', 'name = "scal"', 'no function "scal"', '"scale"'),
    "no such class": mlp(
        'name = "MultiLayerPerceptronClass"', 'name = "Multi"', 'no class "Multi"'
    ),
    "a call with its module": fresh(
        'name = "scale"', 'name = "scale"\ncalls = ["torch.mul"]', "has a dot", '"mul"', "calls"
    ),
    "a pattern that does not fit": fresh(
        '["scaled = __", "scaled += __", "return __"]',
        '["scales = __"]',
        "none of them fits",
        "name = __",
    ),
    "an argument too few": fresh(
        ', { name = "factor" }]', "]", "1 are listed", "in the function's"
    ),
    "an argument too many": line(
        '{ name = "w" }, { name = "b" }]\noutputs',
        '{ name = "w" }, { name = "b" }, { name = "c" }]\noutputs',
        "4 are listed, and the solved notebook has predict(x, w, b)",
        at="arguments = ",
    ),
    "arguments in another order": fresh(
        '{ name = "x", shape = ["n"] }, { name = "factor" }',
        '{ name = "factor" }, { name = "x", shape = ["n"] }',
        "another order",
        "the function's",
    ),
    "an output too many": line(
        '{ name = "∂loss/∂b", blank = 4 }]',
        '{ name = "∂loss/∂b", blank = 4 }, { name = "more", blank = 4 }]',
        "returns 2 values, and 3 are listed",
        at="outputs = ",
    ),
    "a function of autograd's": line(
        'name = "mse_loss", arguments', 'name = "mse", arguments', 'no function "mse"'
    ),
    "autograd's arguments": line(
        'arguments = ["y_hat", "y"],', 'arguments = ["y", "y_hat"],', "another order"
    ),
    "no such layer": mlp('{ name = "lin_1", blank', '{ name = "lin_3", blank', 'no layer "lin_3"'),
    "no such layer that learns": mlp(
        'layers = ["lin_1", "lin_2"]\n# The size',
        'layers = ["lin_1", "lin_4"]\n# The size',
        'no layer "lin_4"',
        at='layers = ["lin_1", "lin_4"]',
    ),
    "no such dim": mlp(
        "hdim = [97, 160], ydim = [3, 15] }",
        "hdim = [97, 160], ydim = [3, 15], zdim = [1, 2] }",
        'no dim "zdim"',
    ),
    "no such method": mlp('method = "forward"', 'method = "forwards"', 'no method "forwards"'),
    "an answer's text": listed(
        'blank = 1\nanswer = "x + factor"',
        'part = "scaling"\nfind = "nowhere"\nreplace = ""',
        "the text 'nowhere' stands 0 times",
        at="[[mistakes]]",
    ),
    "an alternative's text": Broken(
        "fresh",
        "alternatives.toml",
        'blank = 1\nanswer = "factor * x"',
        'part = "scaling"\nfind = "scaled"\nreplace = ""',
        "times in the solved notebook",
        "once",
        "[[alternatives]]",
    ),
}
_SILENT = {
    "a blank that nothing is looked at for": line(
        ', { name = "∂loss/∂b", blank = 4 }]',
        ', { name = "∂loss/∂b", blank = 3 }]',
        "nothing is looked at for blank 4",
        "take it out of blanks",
        at="blanks = [3, 4]",
    ),
    "no outputs": fresh(_SCALE, "outputs = []", "it is empty"),
    "no layers": mlp(
        'layers = ["lin_1", "lin_2"]\n# Methods', "layers = []\n# Methods", "is empty"
    ),
    "no batches": mlp("batch_sizes = [1, 7, 96]", "batch_sizes = []", "it is empty"),
    "one class": mlp("classes = 10\nimage", "classes = 1\nimage", "2 or more, not 1"),
    "a size below 1": mlp(
        "xdim = 784, hdim = 256, ydim = 10 }\ndrawn",
        "xdim = 0, hdim = 256, ydim = 10 }\ndrawn",
        "1 or more, not 0",
    ),
    "a size that is not drawn": mlp(
        "hdim = [97, 160], ", "", 'the key "hdim" is missing', at="drawn = {"
    ),
    "a size that can't be another": mlp("hdim = [97, 160]", "hdim = [256, 256]", "own size"),
    "a threshold above 1": mlp("sure = 0.82", "sure = 82", "1 at most"),
    "a range of an argument": line("range = [0.05, 0.5]", "range = [0.5, 0.05]", "is empty"),
    "an attribute that is not there": mlp(
        'interface = { name = "mlp", xdim',
        'interface = { nam = "mlp", xdim',
        'no attribute "nam"',
        '"name"',
    ),
    "no shape of an image": mlp(
        "image = [1, 28, 28]\nzero_blank", "zero_blank", '"image" is missing', at="[[checks]]"
    ),
    "classes of numbers": mlp(
        "image = [1, 28, 28]\nzero_blank",
        'input = [784]\ntarget = []\nloss = "MSELoss"\nzero_blank',
        "MSELoss compares no classes",
        "CrossEntropyLoss",
        at="classes = 10",
    ),
    "a method that is not there": mlp(
        'resets = ["init_param"]', 'resets = ["reset_param"]', 'no method "reset_param"'
    ),
}
_MARKS = {
    "a mark is gone": marked("  # ANSWER 2", "", "no '# ANSWER 2'", "# ANSWER 2", shown_in=RUBRIC),
    "a mark too many": marked("# ANSWER 2", "# ANSWER 3", "no '# ANSWER 2'", shown_in=RUBRIC),
    "a mark that is misspelt": marked("# ANSWER 2", "# ANSWER two", "malformed answer marker"),
    "a mark twice": marked("# ANSWER 2", "# ANSWER 1", "'# ANSWER 1' stands in cell"),
    "a part that is no Python": marked("def average(", "def average((", "is no Python"),
}
BROKEN = {**MISSPELT, **VALUES, **_NAMES, **_POINTS, **_FILES, **_CODE, **_SILENT, **_MARKS}
