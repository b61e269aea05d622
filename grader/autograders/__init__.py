"""Autograders for Gradescope and Classroom 50: what they are given, and what it does there.

A bundle holds the grader as a wheel, what judges (an edition of the assignment), settings, and the
files that the system starts.
"""
