"""The pictures that the check "learns" trains on, read from MNIST's files with numpy alone."""

from grader.data.digits import DigitsData, load_digits_set
from grader.data.idx import read_idx
from grader.data.source import find_data

__all__ = ["DigitsData", "find_data", "load_digits_set", "read_idx"]
