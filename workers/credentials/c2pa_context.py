"""How the C2PA library is set up: it asks no server, keeps no pictures, and trusts whom it is told to."""

from typing import Any, Final

import c2pa

# Kinds of certificates that sign content, by their extended key usage: documents, e-mail as the specification has it.
_USAGES: Final = "1.3.6.1.5.5.7.3.4\n1.3.6.1.5.5.7.3.36\n1.3.6.1.4.1.62558.2.1"


def context(anchors: str = "") -> c2pa.Context:
    """Return a context that trusts signers below these certificates (PEM); without any nobody is asked after.

    A manifest may name servers, of itself or of its certificate: none of them is ever asked.
    """
    settings: dict[str, Any] = {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_trust": bool(anchors)},
        # A thumbnail would show what somebody brought to whoever gets what was made of it.
        "builder": {"thumbnail": {"enabled": False}},
    }
    trust = {"trust": {"trust_anchors": anchors, "trust_config": _USAGES}} if anchors else {}
    return c2pa.Context.from_dict({**settings, **trust})
