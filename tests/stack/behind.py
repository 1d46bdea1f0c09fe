"""What happens behind the API, made to happen by a test: time that passes, workers that die, events that repeat."""

import asyncio
import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests import proc
from tests.stack.client import PATIENCE_SECONDS, Pause, StackClient

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Behind:
    """The parts of one running stack."""

    client: StackClient

    # ---- functions

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Run a function now and return its answer; the test fails where it raised."""
        answer = self.client.boto("lambda").invoke(
            FunctionName=self.client.outputs["functions"][function], Payload=json.dumps(event).encode()
        )
        result = json.loads(answer["Payload"].read() or b"null")
        assert "FunctionError" not in answer, result
        return result

    def send(self, function: str, event: Mapping[str, Any]) -> None:
        """Leave an event for a function, as S3 and SNS do: if it fails, it comes again."""
        self.client.boto("lambda").invoke(
            FunctionName=self.client.outputs["functions"][function],
            InvocationType="Event",
            Payload=json.dumps(event).encode(),
        )

    def logged(self, function: str, *texts: str) -> bool:
        """Tell whether one line of a function's log holds all of these."""
        return bool(self.lines(function, *texts))

    def lines(self, function: str, *texts: str) -> list[str]:
        """The lines of a function's log that hold all of these."""
        group = f"/aws/lambda/{self.client.outputs['functions'][function]}"
        pages = self.client.boto("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        lines = (event["message"] for page in pages for event in page["events"])
        return [line for line in lines if all(text in line for text in texts)]

    def sweep(self) -> dict[str, int]:
        return self.invoke("sweeper", {})

    def processes(self, function: str) -> list[int]:
        """The process ids of a function's execution environments, the oldest first: copies of its first process."""
        mark = f"-lambda-{self.client.outputs['functions'][function]}-".encode()
        firsts = [pid for pid in proc.children(self.client.outputs["ministackPid"]) if mark in proc.command(pid)]
        copies = {first: [pid for pid in proc.children(first) if mark in proc.command(pid)] for first in firsts}
        return sorted(pid for first in firsts for pid in copies[first] or [first])

    def kill_workers(self, worker: str = "vertex") -> int:
        """Kill all of a worker's functions, as a host's end would; return how many there were."""
        return sum(proc.kill(pid) for pid in self.processes(worker))

    def allow_workers(self, most: int | None, worker: str = "vertex") -> None:
        """Bound how many of a worker's functions run at once; more are throttled. None is no bound."""
        lambdas, name = self.client.boto("lambda"), self.client.outputs["functions"][worker]
        if most is None:
            lambdas.delete_function_concurrency(FunctionName=name)
        else:
            lambdas.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=most)

    @contextmanager
    def no_workers(self, *workers: str) -> Generator[None]:
        """Let no worker's function start meanwhile, as in an account that has used up its concurrency."""
        for worker in workers or ("vertex",):
            self.allow_workers(0, worker)
        try:
            yield
        finally:
            for worker in workers or ("vertex",):
                self.allow_workers(None, worker)

    @contextmanager
    def changed(self, function: str, **variables: str) -> Generator[None]:
        """Run a function with other environment variables meanwhile."""
        lambdas, name = self.client.boto("lambda"), self.client.outputs["functions"][function]
        usual = lambdas.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        lambdas.update_function_configuration(FunctionName=name, Environment={"Variables": usual | variables})
        try:
            yield
        finally:
            lambdas.update_function_configuration(FunctionName=name, Environment={"Variables": usual})

    # ---- the bucket

    def stored(self, *prefixes: str) -> list[str]:
        """The keys below these prefixes."""
        s3, bucket = self.client.boto("s3"), self.client.outputs["mediaBucket"]
        pages = (s3.list_objects_v2(Bucket=bucket, Prefix=prefix) for prefix in prefixes)
        return [each["Key"] for page in pages for each in page.get("Contents", [])]

    def places_of(self, job_id: str) -> list[str]:
        """The prefixes of all that a job's claims may have stored, from its row, and of what its model was asked."""
        key, table = {"id": {"S": job_id}}, self.client.outputs["tables"]["Jobs"]
        row = self.client.boto("dynamodb").get_item(TableName=table, Key=key)["Item"]
        prefixes = [each["S"] for each in row["prefixes"]["L"]]
        sizes = [each.replace("results/", "resized/", 1) for each in prefixes]
        signed = [each.replace("results/", "signed/", 1) for each in prefixes]
        return [*prefixes, *sizes, *signed, f"inference/input/{job_id}"]

    def objects_of(self, job_id: str) -> list[str]:
        """All objects of a job that is there."""
        return self.stored(*self.places_of(job_id))

    def results_of(self, job_id: str) -> list[str]:
        """The images of a job, without their smaller sizes."""
        return [key for key in self.objects_of(job_id) if key.startswith("results/")]

    # ---- time

    def lapse(self, job_id: str) -> None:
        """Let the time come at which the sweeper looks: the lease is over, or the wait for a worker."""
        self._set(job_id, due=1)

    def expire(self, job_id: str) -> None:
        """Let the job's deadline pass."""
        self._set(job_id, due=1, deadline=1)

    def expire_payment(self, payment_id: str) -> None:
        """Let a payment's time pass, and with it that of notices which may still be under way."""
        self._set(payment_id, "Payments", due=1)

    def expire_order(self, order_id: str) -> None:
        """Let the time pass in which an order can be paid, and with it that of notices which may still be under way."""
        self._set(order_id, "Orders", due=1)

    def remove_upload(self, upload_id: str) -> None:
        """Remove an upload's row, as DynamoDB does some time after it has expired."""
        table = self.client.outputs["tables"]["Uploads"]
        self.client.boto("dynamodb").delete_item(TableName=table, Key={"id": {"S": upload_id}})

    def _set(self, id_: str, table: str = "Jobs", **times: int) -> None:
        self.client.boto("dynamodb").update_item(
            TableName=self.client.outputs["tables"][table],
            Key={"id": {"S": id_}},
            UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in times),
            ExpressionAttributeNames={f"#{name}": name for name in times},
            ExpressionAttributeValues={f":{name}": {"N": str(value)} for name, value in times.items()},
        )

    async def refund_was_tried(self, payment_id: str) -> None:
        """Wait until a provider is asked, or was, for a payment's refund."""
        table, pause = self.client.outputs["tables"]["Payments"], Pause()
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not self._was_tried(table, payment_id):
                await pause()

    def _was_tried(self, table: str, payment_id: str) -> bool:
        """Whose refund was made has no tries any more: its notice may come before anybody has looked."""
        row = self.client.boto("dynamodb").get_item(TableName=table, Key={"id": {"S": payment_id}}, ConsistentRead=True)
        return int(row["Item"].get("tries", {"N": "0"})["N"]) > 0 or row["Item"]["status"]["S"] == "REFUNDED"

    # ---- the stream

    def put_aside(self, function: str) -> list[str]:
        """The sequence numbers of the records in the queue of what a stream's reader cannot act on."""
        name = self.client.outputs["functions"][function]
        settings = self.client.boto("lambda").get_function_configuration(FunctionName=name)["Environment"]["Variables"]
        found = self.client.boto("sqs").receive_message(
            QueueUrl=settings["UNREAD_QUEUE"], MaxNumberOfMessages=10, VisibilityTimeout=0
        )
        return [json.loads(message["Body"])["sequenceNumber"] for message in found.get("Messages", [])]

    def records_of(self, job_ids: Iterable[str]) -> list[Record]:
        """The stream's records of some jobs so far."""
        wanted = set(job_ids)
        return [record for record in self.records() if record["dynamodb"]["Keys"]["id"]["S"] in wanted]

    def records(self, table: str = "Jobs") -> list[Record]:
        """All changes of a table's rows so far, as a function gets them from the stream."""
        streams = self.client.boto("dynamodbstreams")
        (stream,) = streams.list_streams(TableName=self.client.outputs["tables"][table])["Streams"]
        found = [
            record
            for shard in streams.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]["Shards"]
            for record in _read(streams, stream["StreamArn"], shard["ShardId"])
        ]
        return [record for record in found if record["eventName"] != "REMOVE"]


def _read(streams: Any, arn: str, shard: str) -> list[Record]:
    found: list[Record] = []
    at = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    while at:
        page = streams.get_records(ShardIterator=at)
        if not page["Records"]:
            break
        found += [_as_told(record, arn) for record in page["Records"]]
        at = page.get("NextShardIterator")
    return found


def _as_told(record: Record, arn: str) -> Record:
    """As Lambda gives it: with the stream that it is of, and in JSON a record's time is a number of seconds."""
    at = record["dynamodb"].get("ApproximateCreationDateTime")
    change = record["dynamodb"] | ({"ApproximateCreationDateTime": at.timestamp()} if at else {})
    return {**record, "eventSourceARN": arn, "dynamodb": change}
