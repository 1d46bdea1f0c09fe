"""One running stack: start the parts side by side, deploy, write the addresses, stop everything."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Self

from infra.tables import TABLES
from local import accounts, credentials, keys, merchant, ministack, output_files, stand_ins, synth, vertex_key
from local.assembly import StackArtifact
from local.chromium.find import find as find_chromium
from local.deploy import Deployer, Say
from local.facts import Facts
from local.facts import read as read_facts
from local.firestore import start as firestore
from local.first_start import FirstStart
from local.ministack import REGION, ROOT, Aws
from local.processes import Child, Children, bare_environment, free_ports

DEFAULT_FOLDER: Final = ROOT / ".local"
TITLE: Final = "NamO Studio"
EXAMPLES: Final = ROOT / "local/examples.json"
DESCRIPTIONS: Final = ROOT / "docs/schema.graphql"  # what is deployed has none
PORTS: Final[tuple[str, ...]] = (
    *("aws", "downloads", "models", "bank", "printer", "mailbox"),
    *("graphql", "tls", "firestore"),
)


class FolderInUseError(RuntimeError):
    """Another stack runs on the same folder of state."""


@dataclass
class Stack:
    """The stack whose state is kept in `folder`; a context that leaves no process behind.

    `done` hears of each step when it is done, of those that take long on a first start as they begin, too; `say` of
    everything the emulator does otherwise than AWS.
    """

    folder: Path
    done: Say
    say: Say
    children: Children = field(init=False)
    ports: dict[str, int] = field(init=False)
    facts: Facts = field(init=False)
    gateway: Child | None = None
    _held: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.folder = self.folder.resolve()
        self.children = Children(self.folder / "logs")

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self._held.enter_context((self.folder / "lock").open("w"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._held.close()
            raise FolderInUseError(f"A stack is already running on {self.folder}; --dir starts another.") from None
        (self.folder / "stack.json").unlink(missing_ok=True)  # of one that was killed
        return self

    def __exit__(self, *_: object) -> None:
        (self.folder / "stack.json").unlink(missing_ok=True)
        if "ports" in vars(self):
            self.aws.close()
        self.children.stop()
        self._held.close()

    @property
    def _first(self) -> FirstStart:
        return FirstStart(self.done, self.say)

    # ---- addresses

    @property
    def aws(self) -> Aws:
        return Aws(f"http://127.0.0.1:{self.ports['aws']}")

    @property
    def downloads_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['downloads']}"

    @property
    def models_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['models']}"

    @property
    def bank_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['bank']}"

    @property
    def printer_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['printer']}"

    @property
    def mailbox_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['mailbox']}"

    @property
    def firestore_host(self) -> str:
        return f"127.0.0.1:{self.ports['firestore']}"

    @property
    def graphql_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['graphql']}/graphql"

    @property
    def addresses(self) -> dict[str, str]:
        secure = f"https://localhost:{self.ports['tls']}"
        return {
            "graphqlUrl": self.graphql_url,
            "graphqlTlsUrl": f"{secure}/graphql",
            "explorerUrl": f"{secure}/",
            "caFile": str(self.folder / "certs/ca.pem"),
            "awsEndpoint": self.aws.endpoint,
            "downloadsUrl": self.downloads_url,
            "modelsUrl": self.models_url,
            "bankUrl": self.bank_url,
            "printerUrl": self.printer_url,
            "mailboxUrl": self.mailbox_url,
            "firestoreHost": self.firestore_host,
        }

    @property
    def users(self) -> dict[str, accounts.Account]:
        return accounts.remembered(self.folder / "accounts.json")

    # ---- life

    def start(self, *, fresh: bool = False) -> dict[str, Any]:
        """Start everything and return what stack.json holds."""
        if fresh:
            self._forget()
        self.ports = self._remembered_ports()
        self._first.install_chromium()
        for gap in stand_ins.missing():
            self.say(gap)
        with ThreadPoolExecutor(3) as pool:
            try:
                beside = [pool.submit(self._first.build_explorer), pool.submit(self._start_firestore)]
                emulator = self._start_parts(pool.submit(self._synthesize), beside)
            except BaseException:
                self.children.stop()  # or the pool would wait for a synth that nobody wants any more
                raise
        return self._write_outputs(emulator)

    def _start_parts(self, making: "Future[list[StackArtifact]]", beside: Sequence["Future[None]"]) -> Child:
        emulator = ministack.start(self.children, self.folder / "emulator", self.ports["aws"])
        key = vertex_key.remembered(self.folder / "vertex.json", self.models_url)
        merchants = merchant.remembered(self.folder / "merchant.json")
        models = self._serve("models", "--port", str(self.ports["models"]), "--service-account", str(key))
        bank = self._serve("bank", "--port", str(self.ports["bank"]), "--secrets", str(merchants), "--merchant", TITLE)
        printer_key = merchant.printer_key(self.folder / "printer.json")
        printer = self._serve("printer", "--port", str(self.ports["printer"]), "--key", str(printer_key))
        ministack.wait_ready(emulator, self.aws.endpoint)
        self.done(f"AWS emulator at {self.aws.endpoint}")
        self.deploy(making.result())
        for part in beside:
            part.result()
        gateway, mailbox = self._start_gateway(), self._start_mailbox()
        bucket = self.facts.media_bucket
        downloads = self._serve("downloads", "--port", str(self.ports["downloads"]), "--bucket", bucket)
        models.wait_ready(f"{self.models_url}/healthz")
        bank.wait_ready(f"{self.bank_url}/healthz")
        printer.wait_ready(f"{self.printer_url}/healthz")
        self._complete(key, merchants, printer_key)
        mailbox.wait_ready(f"{self.mailbox_url}/healthz")
        downloads.wait_ready(f"{self.downloads_url}/healthz")
        gateway.wait_ready(self.graphql_url.replace("/graphql", "/healthz"))
        self.done(f"GraphQL at {self.graphql_url}")
        self._promote_administrator()
        return emulator

    def deploy(self, stacks: list[StackArtifact]) -> list[str]:
        """Deploy stacks with this one's addresses filled in; return those that changed."""
        if stand_ins.missing():
            stacks = [replace(stack, template=stand_ins.without_browser(stack.template)) for stack in stacks]
        changed = Deployer(self.aws, self.say).deploy(stacks, self._filled())
        self.done(f"Deployed {', '.join(changed)}" if changed else "Stacks stand as they were")
        self.facts = read_facts(self.aws)
        return changed

    def _filled(self) -> dict[str, str]:
        """What takes the placeholders' places in the templates."""
        here = {
            "graphqlUrl": self.graphql_url,
            "explorerUrl": self.addresses["explorerUrl"],
            "awsUrl": self.aws.endpoint,
            "downloadsUrl": self.downloads_url,
            "modelsUrl": self.models_url,
            "bankUrl": self.bank_url,
            "printerUrl": self.printer_url,
            "firestoreHost": self.firestore_host,
            "chromium": find_chromium(),
            "node": str(stand_ins.node()),
        }
        return {placeholder: here[name] for name, placeholder in synth.PLACEHOLDERS.items()}

    def _synthesize(self) -> list[StackArtifact]:
        known = synth.kept()
        with self._first.step("Synthesizing the templates, with every function's packages", is_new=not known):
            stacks = synth.current_stacks(known or synth.synthesize(self.children))
        if known:
            self.done("Templates as synthesized before")
        return stacks

    def _start_firestore(self) -> None:
        port = self.ports["firestore"]
        if child := self._first.start_firestore(self.children, port):
            firestore.wait_ready(child, port)

    def _forget(self) -> None:
        for path in self.folder.iterdir():
            if path.name == "emulator":
                shutil.rmtree(path)
            elif path.name in {"accounts.json", "merchant.json", "printer.json", "vertex.json"}:
                path.unlink()

    def _remembered_ports(self) -> dict[str, int]:
        path = self.folder / "ports.json"
        wanted: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        found = free_ports([wanted.get(name) for name in PORTS])
        ports: dict[str, int] = dict(zip(PORTS, found, strict=True))
        path.write_text(json.dumps(ports))
        return ports

    def _serve(self, name: str, *arguments: str) -> Child:
        command = [sys.executable, "-m", f"local.{name}", *arguments]
        environment = bare_environment(**self.aws.environment)
        return self.children.start(name, command, environment, cwd=ROOT)

    def _start_mailbox(self) -> Child:
        kept = ["--folder", str(self.folder / "emulator/mail"), "--topic", self.facts.mail_topic]
        return self._serve("mailbox", "--port", str(self.ports["mailbox"]), *kept)

    def _complete(self, key: Path, merchants: Path, printer_key: Path) -> None:
        """What templates cannot carry, or the emulator drops from them."""
        with ThreadPoolExecutor(6) as pool:
            steps = [
                pool.submit(stand_ins.configure_endpoints, self.models_url, self.facts),
                pool.submit(self._expire_rows),
                pool.submit(vertex_key.publish, self.aws, key),
                pool.submit(merchant.publish, self.aws, merchants),
                pool.submit(merchant.publish_printer_key, self.aws, printer_key),
                pool.submit(keys.ensure, self.aws),
                pool.submit(credentials.ensure, self.aws),
                pool.submit(merchant.register, self.bank_url, self.facts.webhooks_url),
                pool.submit(accounts.ensure_demo, self.aws, self.facts.user_pool_id, self.users),
            ]
        for step in steps:
            step.result()
        # The first rates, as a rule that was just made would bring them; the next come with the hour.
        self.aws.client("lambda").invoke(FunctionName=self.facts.functions["rates"], InvocationType="Event")

    def _expire_rows(self) -> None:
        dynamodb = self.aws.client("dynamodb")
        for spec in (spec for spec in TABLES if spec.expires):
            table = self.facts.tables[spec.name]
            standing = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
            if standing.get("TimeToLiveStatus") != "ENABLED":
                wanted = {"Enabled": True, "AttributeName": spec.expires}
                dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=wanted)

    def _start_gateway(self) -> Child:
        where = ["--aws-endpoint", self.aws.endpoint, "--region", REGION, "--api-id", self.facts.api_id]
        ports = ["--port", str(self.ports["graphql"]), "--tls-port", str(self.ports["tls"])]
        people = self.folder / "accounts.json"
        accounts.remembered(people)  # the page offers to sign them in
        shown = ["--examples", str(EXAMPLES), "--accounts", str(people), "--title", TITLE]
        shown += ["--descriptions", str(DESCRIPTIONS)]
        self.gateway = self._serve("appsync", *where, *ports, *shown, "--cert-dir", str(self.folder / "certs"))
        return self.gateway

    def _promote_administrator(self) -> None:
        outputs = self.addresses | {"userPoolClientId": self.facts.user_pool_client_id}
        if why_not := accounts.promote_demo_administrator(outputs, self.users):
            self.say(why_not)

    def _write_outputs(self, emulator: Child) -> dict[str, Any]:
        outputs = output_files.stack_outputs(self.facts, self.addresses, self.users, ministack.pid_of(emulator))
        output_files.write(self.folder / "stack.json", outputs | {"pid": os.getpid()})
        home = ROOT if self.folder == DEFAULT_FOLDER else self.folder
        output_files.write(home / "amplify_outputs.json", output_files.amplify_outputs(self.facts, self.addresses))
        return outputs
