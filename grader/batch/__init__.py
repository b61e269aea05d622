"""A whole class: graded several at a time, kept as it goes, and taken up again where it stopped."""
