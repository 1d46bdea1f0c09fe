"""A stand-in for a printer on demand, Prodigi's Print API v4; nothing here knows the studio."""
