"""Every stage, with all that only a machine or a deployer knows of it."""

from typing import Any

from infra.stages import Stage, named

STAGES = ("local", "dev", "stage", "prod")
AWS_STAGES = STAGES[1:]
MODELS = "http://127.0.0.1:4001"
BANK = "http://127.0.0.1:4003"
PRINTER = "http://127.0.0.1:4005"
AWS = "http://127.0.0.1:4004"
LOCAL_CONTEXT = {
    "graphqlUrl": "http://127.0.0.1:4000/graphql",
    "explorerUrl": "https://localhost:4006/",
    "awsUrl": AWS,
    "downloadsUrl": "http://127.0.0.1:4003",
    "modelsUrl": MODELS,
    "bankUrl": BANK,
    "printerUrl": PRINTER,
    "firestoreHost": "127.0.0.1:4002",
    "chromium": "/usr/bin/chromium",
    "node": "/usr/bin/node",
}
IMAGE = "123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/sdxl:1.0"
MODEL_FILE = "s3://namo-models/sdxl/model.tar.gz"
PAGE = "https://page.example.com/make"
ORIGIN = "https://studio.example.com"
DOMAIN = "images.example.com"
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/5f0c1d2e-0000-4000-8000-000000000000"
# What a deployer has to say, and what they may.
NEEDED = {
    "deletion_protection": True,
    "vertex": {"project": "namo-models"},
    "firebase": {"project": "namo-boards"},
    "web": {"origins": [ORIGIN]},
    "alarms": {"email": "on-call@example.com"},
}
OPTIONAL = {
    "sdxl": {"image": IMAGE, "model_file": MODEL_FILE},
    "browser": {"page": PAGE},
    "mail": {"domain": "mail.example.com"},
    "concurrency": {"workers": 50, "browser": 10, "publish": 25},
}
DEPLOYMENT = {**NEEDED, **OPTIONAL}


def stage_named(name: str, **said: Any) -> Stage:
    """Return a stage with all that it can have, and more or something else if said."""
    return named(name, {**(LOCAL_CONTEXT if name == "local" else DEPLOYMENT), **said})
