import random

import pytest

from grader.sandbox.frames import Frame, FrameKind, FrameReader, new_token, pack
from grader.sandbox.wire import Bounds, WireError

TOKEN = bytes(range(16))
FRAMES = [
    Frame(FrameKind.STARTED, 0, b"hello"),
    Frame(FrameKind.BEGIN, 0, b""),
    Frame(FrameKind.ANSWER, 0, b"x" * 1000),
    Frame(FrameKind.BEGIN, 1, b""),
    Frame(FrameKind.FAILED, 1, b"why"),
]
STREAM = b"".join(pack(TOKEN, frame.kind, frame.task, frame.body) for frame in FRAMES)


def reader(**bounds):
    return FrameReader(TOKEN, Bounds(**bounds))


def test_tokens_differ():
    assert len({new_token() for _ in range(10)}) == 10


def test_frames_come_out_whole_whatever_pieces_they_arrive_in():
    rng = random.Random(3)
    for _ in range(50):
        take, rest, seen = reader(), STREAM, []
        while rest:
            size = rng.randint(1, 300)
            seen += take.feed(rest[:size])
            rest = rest[size:]
        assert seen == FRAMES


def test_frames_before_the_damage_count():
    frames = reader().feed(STREAM + b"stray bytes, as many as a header has, at the least")
    assert [next(frames) for _ in FRAMES] == FRAMES
    with pytest.raises(WireError):
        next(frames)


@pytest.mark.parametrize(
    "data",
    [
        b"print('hello')" * 10,
        bytes(100),
        pack(bytes(16), FrameKind.ANSWER, 0, b"forged"),
        pack(TOKEN, 9, 0, b"no such kind"),
        b"\n" + STREAM,
    ],
)
def test_a_stray_writer_is_noticed(data):
    with pytest.raises(WireError):
        list(reader().feed(data))


def test_a_large_answer_is_refused_by_its_length_alone():
    head = pack(TOKEN, FrameKind.ANSWER, 0, b"x" * 101)[:40]
    with pytest.raises(WireError, match="101 bytes"):
        list(reader(frame_bytes=100).feed(head))


def test_all_frames_together_are_bounded():
    take = reader(total_bytes=1000)
    data = pack(TOKEN, FrameKind.ANSWER, 0, b"x" * 100)
    assert sum(len(list(take.feed(data))) for _ in range(7)) == 7
    with pytest.raises(WireError, match="in all"):
        list(take.feed(data))


def test_random_bytes_never_make_a_frame():
    rng = random.Random(5)
    for _ in range(2000):
        take = reader()
        try:
            frames = list(take.feed(rng.randbytes(rng.randint(0, 200))))
        except WireError:
            continue
        assert frames == []
