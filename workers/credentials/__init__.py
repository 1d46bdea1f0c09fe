"""Content credentials (C2PA): what a picture's makers say of it, signed, and bound to its bytes."""
