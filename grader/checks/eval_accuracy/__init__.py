"""The check of a function that measures accuracy: what is drawn, and how it is judged."""
