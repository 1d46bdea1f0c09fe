"""Documents drawn from pictures and words: collages as pictures, albums as PDF. No AWS in here."""
