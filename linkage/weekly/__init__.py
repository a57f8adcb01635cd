"""This week's files and the state that the last full run left → the same links, from what has changed since."""
