"""Documents: what can be laid out of a person's pictures, and where everything goes on it."""
