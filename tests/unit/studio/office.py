"""The parts that change people, on clients that fail or die at a chosen call."""

from dataclasses import dataclass, field
from typing import Any

from studio.accounts.leave import AccountRemoval
from studio.accounts.reconcile import AccountsReconciler
from studio.albums.delete import DocumentDeletions
from studio.albums.find import DocumentFinder
from studio.albums.table import Documents, Photos
from studio.audit.item import record_from_item
from studio.audit.model import AuditRecord
from studio.audit.table import AuditTrail
from studio.jobs.actions import JobActions
from studio.jobs.delete import Deletions
from studio.jobs.refund import Refunds
from studio.jobs.table import Jobs
from studio.ledger.table import Ledger
from studio.ledger.usage import Usage
from studio.media.delete import UploadDeletions
from studio.media.store import Media
from studio.media.table import Uploads
from studio.orders.leave import OrderRemoval
from studio.orders.settlement import OrderSettlement
from studio.orders.table import OrderDocuments, Orders, Quotes
from studio.payments.events import PaymentEvents
from studio.payments.refund import RefundRequester
from studio.payments.table import Payments
from studio.people.change import Changes
from studio.people.cognito_sync import CognitoSync
from studio.people.find_or_create import PersonFinder
from studio.people.join import UserDirectory
from studio.people.model import Caller, Role
from studio.people.pool import UserPool
from studio.requests.table import Requests
from tests.unit.fault_injection import CallBudget, FailingClient
from tests.unit.studio.cognito import Cognito
from tests.unit.world import World, person_creator


@dataclass
class Office:
    """One world's people and their user pool."""

    world: World
    cognito: Cognito = field(default_factory=Cognito)

    def hire(self, email: str, role: Role = Role.USER) -> Caller:
        """Sign somebody up, at Cognito and in the studio."""
        caller = Caller(self.cognito.add(email, "Ada"), role, "192.0.2.1", 1)
        self.person_finder(CallBudget()).caller(caller, self.world.time)
        if role == Role.ADMIN:
            self.cognito.users[caller.sub].groups.add("admin")
            self.changes().set_role(caller, caller.sub, role, self.world.time)
        return caller

    def person_finder(self, budget: CallBudget) -> PersonFinder:
        client: Any = FailingClient(self.world.client, budget)
        cognito: Any = self.cognito
        return PersonFinder(person_creator(client, 20), UserDirectory("pool", lambda: cognito))

    def cognito_sync(self, budget: CallBudget) -> CognitoSync:
        cognito: Any = FailingClient(self.cognito, budget)
        return CognitoSync(
            self.person_finder(budget).people, UserPool("pool", lambda: cognito), lambda: self.world.time
        )

    def changes(self, budget: CallBudget | None = None) -> Changes:
        budget = budget or CallBudget()
        client: Any = FailingClient(self.world.client, budget)
        return Changes(self.person_finder(budget), AuditTrail("Audit", client), self.cognito_sync(budget))

    def accounts_reconciler(self, budget: CallBudget | None = None) -> AccountsReconciler:
        budget = budget or CallBudget()
        client: Any = FailingClient(self.world.client, budget)
        s3: Any = FailingClient(self.world.media.client, budget)
        people, usage = self.person_finder(budget).people, Usage("Usage", client)
        jobs = Jobs("Jobs", client)
        refunds = Refunds(jobs, people, Ledger("Ledger", client), usage, Requests("Requests", client))
        media = Media("media", lambda: s3)
        job_actions = JobActions(jobs, Deletions(jobs, refunds, media), documents=True)
        cognito_sync = self.cognito_sync(budget)
        leaving = AccountRemoval(
            people,
            cognito_sync.pool,
            job_actions,
            UploadDeletions(Uploads("Uploads", client), media),
            usage,
            Requests("Requests", client),
            Payments("Payments", client),
            PaymentEvents("PaymentEvents", client),
            DocumentDeletions(
                DocumentFinder(Documents("Documents", client), Photos("Photos", client), jobs), job_actions, media
            ),
            OrderRemoval(
                Orders("Orders", client),
                OrderDocuments("OrderDocuments", client),
                Quotes("Quotes", client),
                OrderSettlement(RefundRequester(Payments("Payments", client), AuditTrail("Audit", client))),
            ),
            lambda: self.world.time,
        )
        return AccountsReconciler(people, cognito_sync, leaving, lambda: self.world.time)

    def records(self, subject: str) -> list[AuditRecord]:
        rows = self.world.client.scan(TableName="Audit")["Items"]
        found = [record_from_item(row) for row in AuditTrail("Audit", self.world.client).get_many(map_keys(rows))]
        return sorted((each for each in found if each.subject == subject), key=lambda each: each.at)

    def at_cognito(self, sub: str) -> tuple[bool, bool, str | None]:
        """Return whether a user is an administrator, is enabled, and their name."""
        user = self.cognito.users[sub]
        return "admin" in user.groups, user.enabled, user.attributes["name"] or None


def map_keys(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [{"day": row["day"]["S"], "record": row["record"]["S"]} for row in rows]
