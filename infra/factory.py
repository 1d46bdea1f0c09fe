"""How a stack makes its functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from infra import permissions
from infra.access import ACCESS
from infra.data import Data
from infra.environment import Variables
from infra.function import Background, Function, Work
from infra.functions import Spec
from infra.interfaces import as_interface
from infra.permissions import Right
from infra.stages import Stage
from infra.watch import watch_function


@dataclass(frozen=True)
class FunctionFactory:
    """Makes functions in one stack: each has its rights on the data from `access`, and rings its alarms."""

    scope: Construct
    stage: Stage
    data: Data

    def make(self, spec: Spec, variables: Variables, *rights: Right, background: Background | None = None) -> Function:
        """Make one; `rights` are those beside the data."""
        work = Work(self._rights(spec, rights), variables, background)
        function = Function(self.scope, self.stage, spec, work)
        watch_function(function, self.data.alarms)
        return function

    def make_timed(self, spec: Spec, every: Duration, variables: Variables, *rights: Right) -> Function:
        """Make one that runs by the clock. A run that failed is not tried again: the next is near."""
        function = self.make(spec, variables, *rights, background=Background(retries=0, max_age=60))
        target = as_interface(targets.LambdaFunction(as_interface(function.function)))
        events.Rule(self.scope, f"{spec.id}Due", schedule=events.Schedule.rate(every), targets=[target])
        return function

    def _rights(self, spec: Spec, beside: Sequence[Right]) -> list[Right]:
        return [*permissions.to_data(self.data, ACCESS[spec.name]), *beside]
