"""Grading as anyone: any user, limits, folders, languages and streams."""
