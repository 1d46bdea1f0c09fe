// Sign in, see the price, generate, follow it live, download: node main.mjs EMAIL PASSWORD "a prompt"
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { Amplify } from "aws-amplify";
import { fetchAuthSession, signIn } from "aws-amplify/auth";
import { parseAmplifyConfig } from "aws-amplify/utils";
import { createAuthLink } from "aws-appsync-auth-link";
import { CONTROL_EVENTS_KEY, createSubscriptionHandshakeLink } from "aws-appsync-subscription-link";
import { tap } from "rxjs";

const [, , username, password, prompt = "a lighthouse in fog"] = process.argv;
const outputs = JSON.parse(readFileSync(new URL("../../amplify_outputs.json", import.meta.url), "utf8"));
const config = parseAmplifyConfig(outputs);
const { userPoolEndpoint, identityPoolEndpoint } = outputs.custom ?? {}; // only on the local stack
Object.assign(config.Auth.Cognito, { userPoolEndpoint, identityPoolEndpoint });
Amplify.configure(config);
await signIn({ username, password });

const jwtToken = async () => `${(await fetchAuthSession()).tokens.accessToken}`; // renewed when it is old
const auth = { type: "AMAZON_COGNITO_USER_POOLS", jwtToken };
const server = { url: outputs.data.url, region: outputs.data.aws_region, auth };
// Apollo keeps answers without data to itself; that the subscription was accepted is one.
const acceptance = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => extensions?.controlMsgType === "CONNECTED" && operation.getContext().accepted?.()),
  ),
);
const http = new HttpLink({ uri: server.url });
const link = ApolloLink.from([acceptance, createAuthLink(server), createSubscriptionHandshakeLink(server, http)]);
const apollo = new ApolloClient({ link, cache: new InMemoryCache() });

const start = gql`query Start($input: QuoteInput!) { me { id points } quote(input: $input) { points freeImages } }`;
const onJob = gql`subscription OnJob($owner: ID!) { onJob(owner: $owner) { id version status errorMessage } }`;
const generate = gql`mutation Generate($input: GenerateImagesInput!) { generateImages(input: $input) { id } }`;
const download = gql`query Download($id: ID!) { download(jobId: $id) { url } }`;

const model = "nanobanana-pro";
const input = { kind: "GENERATE", model, count: 1 };
const { me, quote } = (await apollo.query({ query: start, variables: { input } })).data;
console.log(`It costs ${quote.points} of ${me.points} points and ${quote.freeImages} free images.`);

const [accepted, ended] = [Promise.withResolvers(), Promise.withResolvers()];
const context = { controlMessages: { [CONTROL_EVENTS_KEY]: true }, accepted: accepted.resolve };
apollo.subscribe({ query: onJob, variables: { owner: me.id }, context }).subscribe(({ data, error }) => {
  if (error) throw error;
  console.log(data.onJob.version, data.onJob.status);
  if (["COMPLETED", "FAILED", "CANCELED"].includes(data.onJob.status)) ended.resolve(data.onJob);
});
await accepted.promise; // subscribe first, then ask
const request = { clientRequestId: randomUUID(), model, prompt };
await apollo.mutate({ mutation: generate, variables: { input: request } });
const job = await ended.promise;
if (job.status !== "COMPLETED") throw new Error(job.errorMessage);
const { url } = (await apollo.query({ query: download, variables: { id: job.id } })).data.download;
writeFileSync("picture.png", Buffer.from(await (await fetch(url)).arrayBuffer()));
console.log("picture.png");
process.exit(0); // the subscription link keeps its socket open
