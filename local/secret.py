"""Secrets in the emulator. A stage on AWS gets its own by hand: no template holds one."""

from local.ministack import Aws


def put(aws: Aws, name: str, value: str) -> None:
    """Put a secret where functions read it, new or again."""
    manager = aws.client("secretsmanager")
    try:
        manager.put_secret_value(SecretId=name, SecretString=value)
    except manager.exceptions.ResourceNotFoundException:
        manager.create_secret(Name=name, SecretString=value)
