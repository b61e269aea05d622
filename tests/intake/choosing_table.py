"""What a student handed in, and which notebook is meant: rows for ``test_choosing``.

A notebook is named by its path below the student's folder. Its content is the number of its seven
blanks that are filled in, or ``OTHER``, ``NO_PART`` or ``BROKEN``; behind an ``@`` stands the day
on which it was saved, 1 where none is given.
"""

OTHER, NO_PART, BROKEN = "other", "no part", "broken"

# id: (what is handed in, what counts, words of the reason)
SIDE_BY_SIDE = {
    "a blank copy": ({"mlp": 7, "mlp-Copy1": 0}, "mlp", "nothing is filled in in mlp-Copy1"),
    "a blank later copy": ({"mlp": 7, "mlp (1)": "0@9"}, "mlp", "nothing is filled in"),
    "a blank original": ({"mlp": 0, "mlp-Copy1": 7}, "mlp-Copy1", "nothing is filled in in mlp"),
    "a broken original": ({"mlp": BROKEN, "mlp (2)": 3}, "mlp (2)", "cannot be read: mlp"),
    "blank with the usual name": ({"mlp": "0@9", "odd": 2}, "odd", "nothing is filled in in mlp"),
    "a copy alike": ({"mlp": 7, "mlp (1)": "7@9"}, "mlp", "only a copy: mlp (1)"),
    "a copy filled in further": ({"mlp": 3, "mlp (1)": 7}, "mlp", "only a copy: mlp (1)"),
    "a copy saved later": ({"mlp": 7, "mlp (1)": "5@9"}, "mlp", "only a copy: mlp (1)"),
    "a copy filled in further and saved later": (
        *({"mlp": 3, "mlp (1)": "7@9"}, "mlp (1)"),
        "a copy of it is filled in further and was saved later: mlp",
    ),
    "copies without an original": ({"mlp (2)": 7, "mlp (10)": 7}, "mlp (10)", "a later copy than"),
    "copies, the first filled in": ({"mlp (1)": 7, "mlp (2)": 0}, "mlp (1)", "nothing is filled"),
    "copies, the first filled in further": ({"mlp (1)": 7, "mlp (2)": 4}, "mlp (1)", "more is"),
    "another assignment's": ({"mlp": 1, "zz": f"{OTHER}@9"}, "mlp", "of another assignment: zz"),
    "another assignment's with the usual name": ({"mlp": OTHER, "zz": 0}, "zz", "of another assi"),
    "no part of it": ({"mlp": 1, "Untitled": f"{NO_PART}@9"}, "mlp", "no part of the assignment"),
    "broken beside blank": ({"mlp": BROKEN, "b": 0}, "b", "cannot be read: mlp"),
    "broken beside a scratch pad": ({"mlp": BROKEN, "Untitled": NO_PART}, "mlp", "no part of"),
    "the usual name": ({"aa": 7, "mlp": 7, "zz": "7@9"}, "mlp", "most of the class, unlike aa, zz"),
    "the usual name with a student's number": (
        *({"20231234_MLP": 7, "plots": 7}, "20231234_MLP"),
        "named more like the class's notebooks than plots",
    ),
    "filled in further": ({"mlp": 3, "homework": 7}, "homework", "more is filled in than in mlp"),
    "an old version filled in further": ({"mlp": 3, "mlp_old": 7}, "mlp", "as an old version"),
    "old folder": ({"mlp": 7, "backup/mlp": "7@9"}, "mlp", "an old version: backup/mlp"),
    # What macOS calls the zip of several files.
    "the zip of several files": ({"mlp": 3, "Archive/mlp": 7}, "Archive/mlp", "more is filled in"),
    "a final version, no later": ({"mlp": 7, "mlp_final": 7}, "mlp", "unlike mlp_final"),
    "a final version, saved later": (
        *({"mlp": 7, "mlp_final": "7@9"}, "mlp_final"),
        "named as the last version, and saved after mlp",
    ),
    "a final version, saved before": ({"mlp": "7@9", "mlp_final": 7}, "mlp", "unlike mlp_final"),
    "a final version filled in further": ({"mlp": 3, "과제_최종": 7}, "과제_최종", "more is fill"),
    "a final version in Korean": (
        {"과제": 7, "과제_최종": 7},
        "과제_최종",
        "later version than 과제",
    ),
    "a corrected version": (
        {"제 숙제": 7, "제 숙제 수정본": 7},
        "제 숙제 수정본",
        "a later version",
    ),
    "versions": ({"hw_v2": 7, "hw_v10": 5, "hw_v1": 7}, "hw_v10", "a higher number in its name"),
    "dates in names before times": (
        *({"a 2025-03-01": "7@9", "a 2025-03-02": "7@1"}, "a 2025-03-02"),
        "a higher number in its name than a 2025-03-01",
    ),
    "numbered folders": ({"Version 2/mlp": 7, "Version 10/mlp": 6}, "Version 10/mlp", "a higher"),
    "a blank last number": ({"try 1/mlp": 7, "try 2/mlp": 0}, "try 1/mlp", "nothing is filled in"),
    "a deeper folder": ({"mlp": 7, "x/mlp": 7}, "mlp", "not in a further folder, as is x/mlp"),
    "times": ({"aa": "7@2", "bb": "7@1"}, "aa", "saved after bb"),
    "nothing but names": ({"aa": 7, "bb": 7}, "bb", "nothing tells which one was meant"),
}

# Attempts, as a layout dates them: by day, and then as above.
IN_ORDER = {
    "the last": ({"1/mlp": 7, "2/mlp": 3}, "2/mlp", "the last of 2 attempts, by the date in its"),
    "whatever its name": ({"1/mlp": 7, "2/odd": 3}, "2/odd", "the last of 2 attempts"),
    "whatever the times": ({"1/mlp": "7@9", "2/mlp": 3}, "2/mlp", "the last of 2 attempts"),
    "blank": (
        *({"1/mlp": 2, "2/mlp": 7, "3/mlp": 0}, "2/mlp"),
        "the last one of 3 that is filled in: nothing is filled in in 3/mlp",
    ),
    "broken": ({"1/mlp": 7, "2/mlp": BROKEN}, "1/mlp", "filled in: cannot be read: 2/mlp"),
    "of another assignment": ({"1/mlp": 7, "2/mlp": OTHER}, "1/mlp", "of another assignment: 2/m"),
    "all blank": ({"1/mlp": 0, "2/mlp": 0}, "2/mlp", "the last of 2 attempts"),
    "blank, then broken": ({"1/mlp": 0, "2/mlp": BROKEN}, "2/mlp", "the last of 2 attempts"),
    "blank, then of another": ({"1/mlp": 0, "2/mlp": OTHER}, "1/mlp", "another assignment: 2/mlp"),
}
