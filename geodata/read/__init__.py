"""Readers: one raw source → one tidy table of lines."""
