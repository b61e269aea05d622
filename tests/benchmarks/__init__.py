"""How fast and how frugal the grader is, in ratios: ``python -m tests.benchmarks``."""
