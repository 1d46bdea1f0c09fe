"""Lambda handlers behind GraphQL fields, triggers and table streams.

A cold start makes some hundred thousand objects that stay for good. Looking for garbage among them 130 times takes a
sixth of it, so the collector waits longer here; it comes first because every handler's import comes through here.
"""

import gc

gc.set_threshold(50_000)
