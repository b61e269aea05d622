import contextlib
import json
import math
import random
import struct
import sys

import numpy as np
import pytest

from grader.sandbox import wire
from grader.sandbox.wire import Bounds, WireError, decode, encode

DTYPES = ["float32", "float64", "int64", "int32", "uint8", "bool"]


def crafted(text, buffers=b"", length=None):
    data = text if isinstance(text, bytes) else text.encode()
    return struct.pack("<I", len(data) if length is None else length) + data + buffers


def test_without_a_copy_arrays_are_the_bytes_where_they_lie_well():
    """The second begins at an odd place, so it is copied all the same."""
    value = {"a": np.arange(3, dtype=np.uint8), "b": np.arange(5.0), "c": np.zeros(0)}
    data = bytearray(encode(value))
    found = decode(data, wire.TRUSTED, copy=False)
    for name, array in value.items():
        np.testing.assert_array_equal(found[name], array)
        assert found[name].flags.aligned
    data[-8 * 5 - 3] = 9  # the first array's first byte
    assert found["a"][0] == 9


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        False,
        0,
        -1,
        2**63,
        -(10**200),
        0.1,
        -0.0,
        5e-324,
        "",
        "späte \u0000 \U0001f600 '\"\\",
        [],
        {},
        {"=": 1, "#": ["float32", [2]]},
        {"#": [1]},
        [[], [[]], {"a": {"b": [1, None, "c"]}}],
    ],
)
def test_plain_values_come_back(value):
    back = decode(encode(value))
    assert back == value
    assert type(back) is type(value)
    if isinstance(value, float):
        assert math.copysign(1, back) == math.copysign(1, value)


def test_non_finite_numbers_come_back():
    back = decode(encode([math.nan, math.inf, -math.inf]))
    assert math.isnan(back[0])
    assert back[1:] == [math.inf, -math.inf]


def test_a_tuple_comes_back_as_a_list():
    assert decode(encode((1, (2, 3)))) == [1, [2, 3]]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3), (0, 784), (2, 1, 2)])
def test_arrays_come_back(dtype, shape):
    array = np.arange(math.prod(shape)).reshape(shape).astype(dtype)
    back = decode(encode({"a": array, "b": [array]}))
    for copy in (back["a"], back["b"][0]):
        assert copy.dtype == array.dtype
        assert copy.shape == shape
        assert copy.flags.writeable
        assert copy.flags.c_contiguous
        np.testing.assert_array_equal(copy, array)


def test_an_array_of_any_layout_comes_back_in_c_order():
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    for view in (array.T, array[:, ::-1, ::2], array.astype(">f4"), np.asfortranarray(array)):
        np.testing.assert_array_equal(decode(encode(view)), view)


def test_an_arrays_bits_come_back():
    array = np.array([0x7FC00001, 0xFF800000, 0x80000000, 1], np.uint32).view(np.float32)
    assert decode(encode(array)).tobytes() == array.tobytes()


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        object(),
        {1: 2},
        {Text("a"): 1},
        Text("a"),
        np.float64(1),
        b"bytes",
        {1, 2},
        1j,
        2**2000,
        np.zeros(2, np.float16),
        np.zeros(2, object),
        np.ma.masked_array([1]),
        encode,
    ],
)
def test_other_values_are_not_sent(value):
    with pytest.raises(WireError):
        encode([value])


def test_a_value_that_holds_itself_is_not_sent():
    value = []
    value.append(value)
    with pytest.raises(WireError):
        encode(value)


def test_a_lone_surrogate_is_replaced_on_the_way_and_refused_on_arrival():
    assert decode(encode("a\ud800b")) == "a?b"
    with pytest.raises(WireError):
        decode(crafted('"\\ud800"'))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x01",
        crafted("1", length=5),
        crafted("1", length=2**32 - 1),
        crafted(""),
        crafted("nonsense"),
        crafted(b'"\xff"'),
        crafted("1 2"),
        crafted("1", b"left over"),
        crafted("9" * 5000),
        crafted("[" * 100_000 + "]" * 100_000),
        crafted('{"=":' * 50_000 + "1" + "}" * 50_000),
        crafted("[" * 40 + "]" * 40),
        crafted("{}"),
        crafted('{"=": 1}'),
        crafted('{"=": []}'),
        crafted('{"?": {}}'),
        crafted('{"=": {}, "#": []}'),
        crafted('{"=": {"a": 1, "a": 2}}'),
        crafted('{"#": {"=": {}}}'),
        crafted('{"#": ["float32"]}'),
        crafted('{"#": [["float32"], [1]]}', bytes(4)),
        crafted('{"#": [{"=": {}}, [1]]}', bytes(4)),
        crafted('{"#": ["object", [1]]}', bytes(8)),
        crafted('{"#": ["float16", [1]]}', bytes(2)),
        crafted('{"#": ["O", [1]]}', bytes(8)),
        crafted('{"#": ["float32", [-1]]}'),
        crafted('{"#": ["float32", [1.0]]}', bytes(4)),
        crafted('{"#": ["float32", [true]]}', bytes(4)),
        crafted('{"#": ["float32", ["1"]]}', bytes(4)),
        crafted('{"#": ["float32", [[1]]]}', bytes(4)),
        crafted('{"#": ["float32", {"=": {}}]}', bytes(4)),
        crafted('{"#": ["float32", [2]]}', bytes(4)),
        crafted('{"#": ["float32", [1]]}', bytes(8)),
        crafted('{"#": ["float32", [999999999999]]}', bytes(4)),
        crafted('{"#": ["float32", [16777216, 16777216, 16777216, 16777216]]}', bytes(4)),
        crafted('{"#": ["float32", [0, 16777216, 16777216, 16777216, 16777216]]}'),
        crafted(json.dumps({"#": ["uint8", [1] * 60]}), bytes(1)),
        crafted('{"#": ["bool", [2]]}', b"\x01\x02"),
    ],
)
def test_hostile_bytes_are_refused(data):
    with pytest.raises(WireError):
        decode(data)


@pytest.mark.parametrize(
    ("value", "bounds"),
    [
        ("x" * 101, Bounds(string_chars=100)),
        ({"x" * 101: 1}, Bounds(string_chars=100)),
        ([np.zeros(1)] * 4, Bounds(arrays=3)),
        ([[[1]]], Bounds(depth=2)),
        (np.zeros(1000), Bounds(frame_bytes=1000)),
        ([0] * 1000, Bounds(text_bytes=1000)),
    ],
)
def test_bounds_are_kept(value, bounds):
    data = encode(value)
    decode(data)
    with pytest.raises(WireError):
        decode(data, bounds)


def test_decoding_is_total():
    """Whatever is done to good bytes, there is a value or a WireError."""
    rng = random.Random(20260101)
    value = {
        "a": [1, 2.5, None, "text", {"b": np.arange(6.0).reshape(2, 3)}],
        "c": np.ones(3, bool),
    }
    good = encode(value)
    refused = 0
    for _ in range(20_000):
        data = bytearray(good)
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(data))
            kind = rng.randrange(4)
            if kind == 0:
                data[place] = rng.randrange(256)
            elif kind == 1:
                data[place] = ord(rng.choice('[]{}",:0123456789-.eE#='))
            elif kind == 2 and len(data) > 8:
                del data[place : place + rng.randint(1, 8)]
            else:
                data[place:place] = rng.choice([b"[", b'{"=":', b"9", b'"', b"\0", b"null"])
            if not data:
                break
        try:
            decode(bytes(data))
        except WireError:
            refused += 1
    assert refused > 10_000


def test_every_cut_is_refused():
    good = encode({"a": np.arange(4), "b": "text"})
    for length in range(len(good)):
        with pytest.raises(WireError):
            decode(good[:length])


def test_a_lie_about_size_costs_no_memory(monkeypatch):
    """The shape is held against the bytes there are before numpy hears of it."""
    monkeypatch.setattr(wire.np, "frombuffer", None)
    with pytest.raises(WireError, match="cut short"):
        decode(crafted('{"#": ["float64", [16777216, 1000]]}', bytes(8)))


def test_decoding_near_the_recursion_limit_is_refused_or_right():
    data = encode([[[["deep"]]]])

    def descend(levels):
        return descend(levels - 1) if levels else decode(data)

    limit = sys.getrecursionlimit()
    assert descend(limit // 2) == [[[["deep"]]]]
    for levels in range(limit - 200, limit, 7):
        with contextlib.suppress(WireError, RecursionError):
            assert descend(levels) == [[[["deep"]]]]


def test_every_integer_that_arrives_can_be_a_float():
    largest = 10**299
    text = json.dumps(largest).encode()
    assert float(wire.decode(len(text).to_bytes(4, "little") + text)) == 1e299
    text = json.dumps(10**308 * 3).encode()
    with pytest.raises(WireError):
        wire.decode(len(text).to_bytes(4, "little") + text)
