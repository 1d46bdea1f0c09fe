"""List prices in ap-southeast-1, in US dollars, written down on 2026-11-20: before tax, no free tier, no discount.

Each names the page and the Price List usage type to hold it against; change them here and nowhere else.
"""

from typing import Final

_MILLION: Final = 1_000_000

# aws.amazon.com/dynamodb/pricing/on-demand: APS1-WriteRequestUnits, APS1-ReadRequestUnits: half of
# what they were before 2024-11-01
WRITE_UNIT: Final = 0.7115 / _MILLION
READ_UNIT: Final = 0.1423 / _MILLION
# aws.amazon.com/lambda/pricing: APS1-Lambda-GB-Second-ARM, APS1-Request-ARM
LAMBDA_GB_SECOND: Final = 0.0000133334
LAMBDA_REQUEST: Final = 0.20 / _MILLION
# aws.amazon.com/appsync/pricing: query and data modification operations; real-time updates of 5 KB; connected minutes
APPSYNC_OPERATION: Final = 4.00 / _MILLION
APPSYNC_EVENT: Final = 2.00 / _MILLION
APPSYNC_MINUTE: Final = 0.08 / _MILLION
# aws.amazon.com/s3/pricing: APS1-Requests-Tier1 (PUT, COPY, POST, LIST)
S3_PUT: Final = 0.005 / 1000
# aws.amazon.com/cloudwatch/pricing: APS1-DataProcessing-Bytes (custom logs), traces recorded by X-Ray
LOG_GB: Final = 0.70
TRACE: Final = 5.00 / _MILLION
