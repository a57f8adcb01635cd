"""Figures and words → pages and reports: HTML and text that hold no value of a person."""
