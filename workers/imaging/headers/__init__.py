"""The structure of a file, read without decoding a pixel: what it claims to be, and what opening it would cost."""
