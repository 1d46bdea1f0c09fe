"""All attacks, by area; each module enters its own."""

from tests.attack import authorization, faults, orders, races, roles, text, tokens, uploads, webhooks
from tests.attack.arena import ATTACKS

AREAS = (authorization, tokens, races, orders, uploads, webhooks, roles, faults, text)
__all__ = ["AREAS", "ATTACKS"]
