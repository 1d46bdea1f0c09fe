"""Lambda handlers that make things. Why the collector waits: see `resolvers`."""

import gc

gc.set_threshold(50_000)
