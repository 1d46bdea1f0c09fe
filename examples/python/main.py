"""Sign in, see the price, generate, follow it live, download: python main.py EMAIL PASSWORD "a prompt"."""

import asyncio
import json
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import boto3
from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.appsync_auth import AppSyncJWTAuthentication
from gql.transport.appsync_websockets import AppSyncWebsocketsTransport

OUTPUTS: Any = json.loads((Path(__file__).parents[2] / "amplify_outputs.json").read_text())
POOL, URL, LOCAL = OUTPUTS["auth"], OUTPUTS["data"]["url"], OUTPUTS.get("custom", {})
MODEL = "nanobanana-pro"
START = "query ($input: QuoteInput!) { me { id points } quote(input: $input) { points freeImages } }"
GENERATE = "mutation ($input: GenerateImagesInput!) { generateImages(input: $input) { id version status } }"
ON_JOB = "subscription ($owner: ID!) { onJob(owner: $owner) { id version status } }"
JOB = "query ($id: ID!) { job(id: $id) { id version status } }"
DOWNLOAD = "query ($id: ID!) { download(jobId: $id) { url } }"


def request(document: str, **variables: Any) -> GraphQLRequest:
    return GraphQLRequest(document, variable_values=variables)


async def main(email: str, password: str, prompt: str) -> None:
    cognito: Any = boto3.client("cognito-idp", POOL["aws_region"], endpoint_url=LOCAL.get("userPoolEndpoint"))
    asked = {"ClientId": POOL["user_pool_client_id"], "AuthFlow": "USER_PASSWORD_AUTH"}
    answer = cognito.initiate_auth(**asked, AuthParameters={"USERNAME": email, "PASSWORD": password})
    token = answer["AuthenticationResult"]["AccessToken"]
    http = AIOHTTPTransport(URL, headers={"Authorization": token}, ssl=True)
    auth = AppSyncJWTAuthentication(URL.split("/")[2], token)
    realtime = AppSyncWebsocketsTransport(f"{URL}/realtime" if LOCAL else URL, auth=auth)
    async with Client(transport=http) as api, Client(transport=realtime) as live:
        start = await api.execute(request(START, input={"kind": "GENERATE", "model": MODEL}))
        print(f"Of {start['me']['points']} points it costs {start['quote']}.")
        events = live.subscribe(request(ON_JOB, owner=start["me"]["id"]))
        event = asyncio.ensure_future(anext(events))
        wanted = {"clientRequestId": str(uuid.uuid4()), "model": MODEL, "prompt": prompt}
        (job,) = (await api.execute(request(GENERATE, input=wanted)))["generateImages"]
        while job["status"] not in {"COMPLETED", "FAILED", "CANCELED"}:
            await asyncio.wait({event}, timeout=5)
            if event.done():
                news, event = event.result()["onJob"], asyncio.ensure_future(anext(events))
            else:  # gql does not say when a subscription was accepted, so what came before that is read
                news = (await api.execute(request(JOB, id=job["id"])))["job"]
            if news["id"] == job["id"] and news["version"] > job["version"]:
                job = news
                print(job["version"], job["status"])
        event.cancel()
        link = (await api.execute(request(DOWNLOAD, id=job["id"])))["download"]["url"]
        urllib.request.urlretrieve(link, "picture.png")


asyncio.run(main(*sys.argv[1:]))
