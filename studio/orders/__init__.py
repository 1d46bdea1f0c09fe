"""Orders: albums and collages that somebody pays for, as files or printed and sent."""
