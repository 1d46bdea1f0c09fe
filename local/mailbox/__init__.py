"""A mailbox for everybody that the studio on this machine writes to."""
