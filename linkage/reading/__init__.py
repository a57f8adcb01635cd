"""The bytes of a file → its lines or parts, its headings and which of them fills which input."""
