"""AppSync's own scalars: it defines them, so the printed schema names them and never declares them."""

from typing import NewType

import strawberry
from strawberry.types.scalar import ScalarDefinition

AWSDate = NewType("AWSDate", str)
AWSDateTime = NewType("AWSDateTime", str)
AWSEmail = NewType("AWSEmail", str)
AWSJSON = NewType("AWSJSON", str)
AWSPhone = NewType("AWSPhone", str)
AWSTimestamp = NewType("AWSTimestamp", int)
AWSURL = NewType("AWSURL", str)

_ALL = (AWSDate, AWSDateTime, AWSEmail, AWSJSON, AWSPhone, AWSTimestamp, AWSURL)
SCALARS: dict[object, ScalarDefinition] = {scalar: strawberry.scalar(name=scalar.__name__) for scalar in _ALL}
