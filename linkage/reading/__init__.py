"""The bytes of a file → its lines, its headings and which of them fills which input."""
