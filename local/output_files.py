"""The two files others read: `stack.json` for tools, `amplify_outputs.json` (Amplify Gen 2) for a frontend."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from local.facts import Facts
from local.ministack import REGION

# The client configuration's format, which aws-amplify 6 reads.
AMPLIFY_VERSION: Final = "1.4"


def stack_outputs(facts: Facts, addresses: Mapping[str, str], users: Mapping[str, Any], pid: int) -> dict[str, Any]:
    """What a tool needs to use the stack. `addresses` holds the URLs and the CA file."""
    return {
        **addresses,
        "region": REGION,
        "apiId": facts.api_id,
        "apiKey": facts.api_key,
        "userPoolId": facts.user_pool_id,
        "userPoolClientId": facts.user_pool_client_id,
        "identityPoolId": facts.identity_pool_id,
        "mediaBucket": facts.media_bucket,
        "archiveBucket": facts.archive_bucket,
        "webhooksUrl": facts.webhooks_url,
        "tables": dict(facts.tables),
        "functions": dict(facts.functions),
        "users": dict(users),
        "ministackPid": pid,
    }


def amplify_outputs(facts: Facts, addresses: Mapping[str, str]) -> dict[str, Any]:
    """Amplify's own format; `custom` holds what it has no place for: where Cognito answers on this machine.

    `data.url` is the TLS address: Amplify dials `wss` whatever the scheme.
    """
    return {
        "version": AMPLIFY_VERSION,
        "auth": {
            "aws_region": REGION,
            "user_pool_id": facts.user_pool_id,
            "user_pool_client_id": facts.user_pool_client_id,
            "identity_pool_id": facts.identity_pool_id,
            "unauthenticated_identities_enabled": True,
            "username_attributes": ["email"],
            "user_verification_types": ["email"],
            "standard_required_attributes": ["email"],
            "mfa_configuration": "OPTIONAL",
            "mfa_methods": ["TOTP"],
            "password_policy": {
                "min_length": 12,
                "require_lowercase": True,
                "require_uppercase": True,
                "require_numbers": True,
                "require_symbols": True,
            },
        },
        "data": {
            "aws_region": REGION,
            "url": addresses["graphqlTlsUrl"],
            "api_key": facts.api_key,
            "default_authorization_type": "AMAZON_COGNITO_USER_POOLS",
            "authorization_types": ["API_KEY", "AWS_IAM"],
        },
        "custom": {
            "userPoolEndpoint": addresses["awsEndpoint"],
            "identityPoolEndpoint": addresses["awsEndpoint"],
            "caFile": addresses["caFile"],
        },
    }


def write(path: Path, value: Mapping[str, Any]) -> None:
    """Whole or not at all: a tool that waits for the file never reads half of it."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_text(json.dumps(value, indent=2) + "\n")
    draft.chmod(0o600)
    draft.replace(path)
