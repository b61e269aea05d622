"""The limits on untrusted folders and archives.

A class of 10,000 with ten files each stays well below all of them.
"""

from __future__ import annotations

from grader.notebook.read import MAX_FILE_BYTES

MEMBER_BYTES = MAX_FILE_BYTES  # of one notebook, or of one zip inside an archive
MEMBERS = 200_000  # in one archive
NAME = 4_000  # characters of a member's path: no system writes a longer one to a disk
STUDENTS = 20_000  # each gets a row, a page and a line in the database
FILES = 300_000  # below one folder, without hidden files and .git
DEPTH = 40  # folders within folders
UNPACKED_BYTES = 20_000_000_000  # of one archive, all its members together
# Notebooks full of progress bars compress to a hundredth, archive bombs to a thousandth.
RATIO = 300
RATIO_FROM_BYTES = 20_000_000
# A zip's central directory is read at once, into objects of ten times its size.
INDEX_BYTES = 64_000_000
INNER_INDEX_BYTES = 8_000_000
TAR_HEADER_BYTES = 1_000_000
OPEN_ARCHIVES = 16  # kept open at once; a folder may hold a zip for every student
ROSTER_BYTES = 20_000_000
REMARKS = 20  # of one kind about an archive or a student
# The most files that are no notebooks in one folder: where a download may list everybody's, and
# deeper, where they are one student's.
OTHERS = 20_000
OTHERS_WITHIN = 5
OUTER_DEPTH = 4  # folders, counted from the PATH that was given
SIDE_FILE_BYTES = 64_000_000  # of a file that tells whose the others are
TEXTS = 500  # students who hand in a notebook saved as text, where only names tell whose it is
# The most notebooks of one student that are opened to choose among them, and the students who are
# asked what the class's assignment is, by so many notebooks each.
LOOKED_AT = 20
ASKED = 20
VOTES = 5
