"""Grades the notebook that is open in Jupyter, VS Code or Colab: ``%grade``."""
