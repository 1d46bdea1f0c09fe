"""The secrets of a stage: made by hand, once, as docs/operations.md says; functions read them by name."""

SECRETS = (
    *("addresses", "credentials", "credentials-anchors", "downloads", "firebase", "mail", "printer"),
    *("stripe", "stripe-refunds", "stripe-webhook", "vertex", "vnpay"),
)


def secret_name(stage: str, secret: str) -> str:
    """Return what a secret is called in Secrets Manager."""
    return f"namo/{stage}/{secret}"


def secret_variables(stage: str) -> dict[str, str]:
    """Return what settings read: STRIPE_SECRET is the name of the stage's `stripe`."""
    return {f"{secret.upper().replace('-', '_')}_SECRET": secret_name(stage, secret) for secret in SECRETS}
