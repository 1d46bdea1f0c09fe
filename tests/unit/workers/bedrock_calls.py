"""Bedrock's real client on the local endpoint, and what it sends."""

import json
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from types_boto3_bedrock_runtime import BedrockRuntimeClient

# What AWS, or the network, may do to any call; "drop" cuts the connection.
PASSING = ("408", "424", "429", "500", "503", "drop")


def client(url: str, region: str = "us-west-2", seconds: float = 20) -> "BedrockRuntimeClient":
    options = Config(read_timeout=seconds, retries={"total_max_attempts": 1})
    session = boto3.Session("a", "b", region_name=region)
    return session.client("bedrock-runtime", endpoint_url=url, config=options)


def recorded(of: "BedrockRuntimeClient") -> list[tuple[str, dict[str, Any]]]:
    """Give a list that fills with the models asked and the bodies sent."""
    sent: list[tuple[str, dict[str, Any]]] = []

    def look(params: dict[str, Any], **_: Any) -> None:
        sent.append((params["modelId"], json.loads(params["body"])))

    of.meta.events.register("provide-client-params.bedrock-runtime.InvokeModel", look)
    return sent


def without_pictures(body: dict[str, Any]) -> dict[str, Any]:
    """Shorten what is long."""
    return {
        name: without_pictures(value) if isinstance(value, dict) else "…" if len(str(value)) > 100 else value
        for name, value in body.items()
    }
