"""What jobs have in common reaches each of them, and nothing of one job reaches another."""

from __future__ import annotations

import errno
import gc
import os
import sys

import numpy as np
import pytest

from grader.sandbox import Job, Limits, SharedInput
from grader.sandbox.shared_input import read_shared_input

NUMBERS = np.arange(5000.0)


def scribbling(shared):
    return Job({}, ("scribble",), Limits({"scribble": 20.0}), shared=shared)


def test_a_job_has_all_of_its_request(bench):
    limits = Limits({"echo": 20.0})
    job = Job(
        {"own": [1]}, ("echo",), limits, shared=SharedInput({"numbers": NUMBERS, "word": "é"})
    )
    found = bench.workers.run(job)["echo"].value
    assert found.keys() == job.request.keys() == {"own", "numbers", "word"}
    np.testing.assert_array_equal(found["numbers"], NUMBERS)
    assert (found["own"], found["word"]) == ([1], "é")


def test_what_one_process_writes_into_it_no_other_reads(bench):
    shared = SharedInput({"numbers": NUMBERS})
    for _ in range(3):
        answer = bench.workers.run(scribbling(shared))["scribble"]
        np.testing.assert_array_equal(answer.value, NUMBERS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")
def test_its_file_can_not_be_changed_and_goes_with_it():
    shared = SharedInput({"numbers": NUMBERS})
    descriptor = shared.descriptor
    assert shared.descriptor == descriptor
    with pytest.raises(PermissionError) as error:
        os.pwrite(descriptor, b"x", 0)
    assert error.value.errno == errno.EPERM
    found = read_shared_input(descriptor)
    found["numbers"][0] = 7
    assert read_shared_input(descriptor)["numbers"][0] == 0
    del shared
    gc.collect()
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)
