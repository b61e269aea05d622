"""Answers that a submission writes itself: it finds the order and the pipe in the frames above it.

One interpreter can't hide its own frames, so these arrive. What they may say is bounded, and what
is right is not in that process: it would have to be worked out by the submission.
"""

_FIND = """
import os, sys
def attack():
    from grader.sandbox import frames, wire
    frame = sys._getframe()
    while "order" not in frame.f_locals or "answers" not in frame.f_locals:
        frame = frame.f_back
    order, pipe = frame.f_locals["order"], frame.f_locals["answers"]
    current = frame.f_locals.get("number", 0)
"""


def _saying(said: str, kind: str = "ANSWER") -> str:
    return (
        _FIND
        + f"""
    data = frames.pack(order.token, frames.Kind.{kind}, current, wire.encode({said}))
    while data:
        data = data[os.write(pipe, data):]
    os._exit(0)
"""
    )


_LONG = r'"\x1b[31m<script>alert(1)</script>\u202e\n::error::stolen\n=cmd|x" + "y" * 60000'
_ERROR = "{'type': LONG, 'message': LONG, 'frames': [], 'cause': LONG, 'missing': [LONG]}"

# On four wrong blanks, as those of ``sabotage``; none may earn a point by it.
FORGERIES = {
    **{
        f"forged frames that say {said}": _saying(said)
        for said in ("None", "{'status': 'passed', 'score': 20}", "[[1.0] * 100]")
    },
    "forged words without end": _saying(
        "{'error': None, 'outputs': [], 'unfit': LONG}"
        " if order.tasks[current] == 'forward_output' else"
        f" {{'error': {_ERROR}, 'builds': [], 'shared': []}}"
    ).replace("LONG", _LONG),
    "an answer ahead of time, then a stall": _saying("None").replace(
        "os._exit(0)", "import time; time.sleep(1000)"
    ),
    "a forged failure without end": _saying("LONG", "FAILED").replace("LONG", _LONG),
}
