import json
from pathlib import Path

from local import output_files
from local.facts import Facts

FACTS = Facts(
    api_id="api1",
    api_key="da2-key",
    user_pool_id="ap-southeast-1_pool",
    user_pool_client_id="web1",
    identity_pool_id="ap-southeast-1:guests",
    media_bucket="media",
    archive_bucket="archive",
    webhooks_url="http://127.0.0.1:3/_aws/execute-api/1a2b3c4d",
    tables={"Jobs": "jobs-1"},
    functions={"jobs-api": "namo-local-jobs-api"},
    inference_topics=("arn:success", "arn:error"),
    mail_topic="arn:mail",
)
ADDRESSES = {
    "graphqlUrl": "http://127.0.0.1:1/graphql",
    "graphqlTlsUrl": "https://localhost:2/graphql",
    "explorerUrl": "https://localhost:2/",
    "caFile": "/state/ca.pem",
    "awsEndpoint": "http://127.0.0.1:3",
    "modelsUrl": "http://127.0.0.1:4",
    "bankUrl": "http://127.0.0.1:6",
    "printerUrl": "http://127.0.0.1:7",
    "mailboxUrl": "http://127.0.0.1:8",
    "firestoreHost": "127.0.0.1:5",
}


def test_stack_json_holds_what_tools_need() -> None:
    outputs = output_files.stack_outputs(FACTS, ADDRESSES, {"user": {"email": "u", "password": "p"}}, pid=7)
    assert {"graphqlUrl", "graphqlTlsUrl", "caFile", "apiKey", "region", "awsEndpoint"} <= outputs.keys()
    assert {
        "userPoolId",
        "userPoolClientId",
        "identityPoolId",
        "users",
        "modelsUrl",
        "bankUrl",
        "printerUrl",
        "mailboxUrl",
        "webhooksUrl",
        "apiId",
        "mediaBucket",
        "archiveBucket",
    } <= outputs.keys()
    assert outputs["tables"] == {"Jobs": "jobs-1"}
    assert outputs["ministackPid"] == 7


def test_amplify_dials_the_tls_address() -> None:
    said = output_files.amplify_outputs(FACTS, ADDRESSES)
    assert said["version"].startswith("1")
    assert said["data"]["url"] == ADDRESSES["graphqlTlsUrl"]
    assert said["auth"]["user_pool_id"] == FACTS.user_pool_id


def test_amplify_lets_guests_in() -> None:
    said = output_files.amplify_outputs(FACTS, ADDRESSES)
    assert said["auth"]["identity_pool_id"] == FACTS.identity_pool_id
    assert said["auth"]["unauthenticated_identities_enabled"] is True
    assert said["custom"]["identityPoolEndpoint"] == ADDRESSES["awsEndpoint"]


def test_files_are_replaced_whole_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "stack.json"
    output_files.write(path, {"a": 1})
    output_files.write(path, {"a": 2})
    assert json.loads(path.read_text()) == {"a": 2}
    assert path.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["stack.json"]
