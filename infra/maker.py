"""How a stack makes its functions."""

from collections.abc import Sequence
from dataclasses import dataclass

from constructs import Construct

from infra import permissions
from infra.access import ACCESS
from infra.data import Data
from infra.environment import Variables
from infra.function import Background, Function, Work
from infra.functions import Spec
from infra.permissions import Right
from infra.stages import Stage
from infra.watch import watch_function


@dataclass(frozen=True)
class Maker:
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

    def _rights(self, spec: Spec, beside: Sequence[Right]) -> list[Right]:
        return [*permissions.to_data(self.data, ACCESS[spec.name]), *beside]
