"""The check of the update lines: what is drawn, and how the loop's path is judged."""
