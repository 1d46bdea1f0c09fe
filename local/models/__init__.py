"""Model endpoints on loopback: they speak the providers' wire formats and draw with a procedural renderer."""
