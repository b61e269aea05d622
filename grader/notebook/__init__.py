"""Reads notebook files and the Python in their cells; knows no assignment."""
