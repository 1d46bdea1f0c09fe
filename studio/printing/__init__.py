"""Printing: what can be ordered of a printer, and what became of it, in the same words for every printer."""
