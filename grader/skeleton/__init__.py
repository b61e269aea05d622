"""The files that a new assignment begins with; ``@NAME@`` in them is its name."""
