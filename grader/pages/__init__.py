"""Pages for a browser: self-contained files that run nothing of a student's."""
