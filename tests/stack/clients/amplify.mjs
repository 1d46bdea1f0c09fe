// aws-amplify 6, unmodified: configured by amplify_outputs.json, signed in over SRP, wss:// with the local CA.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { confirmSignUp, signIn, signOut, signUp } from "aws-amplify/auth";
import { Hub, parseAmplifyConfig } from "aws-amplify/utils";
import { operations, say, stack, tour } from "./common.mjs";

const [, , , file, stranger] = process.argv;
const outputs = JSON.parse(readFileSync(file, "utf8"));
const config = parseAmplifyConfig(outputs);
const { userPoolEndpoint, identityPoolEndpoint } = outputs.custom; // Amplify's format has no place for them
Object.assign(config.Auth.Cognito, { userPoolEndpoint, identityPoolEndpoint });
Amplify.configure(config);

const amplify = generateClient();
const ask = async (options) => (await amplify.graphql(options)).data;
say("guest", (await ask({ query: operations.Models, authMode: "identityPool" })).models);

// Somebody new: the code that confirms a sign-up is in the mailbox.
const joining = { username: `${randomUUID()}@namo.test`, password: `Namo-${randomUUID()}` };
await signUp({ ...joining, options: { userAttributes: { email: joining.username } } });
await confirmSignUp({ username: joining.username, confirmationCode: await codeFor(joining.username) });
await signIn(joining);
say("joined", { asked: joining.username, email: (await ask({ query: operations.Me })).me.email });
await signOut();

async function codeFor(address) {
  for (let tries = 0; tries < 100; tries++) {
    const { mails } = await (await fetch(`${stack.mailboxUrl}/mails`)).json();
    const mail = mails.find(({ to }) => JSON.stringify(to).includes(address));
    if (mail) return `${mail.text} ${mail.html.replace(/<[^>]*>/g, " ")}`.match(/\b[0-9]{6}\b/)[0];
    await setTimeout(100);
  }
  throw new Error("No code has come.");
}

const { email, password } = stack.users.user;
await signIn({ username: email, password });

await tour(
  {
    models: async () => (await ask({ query: operations.Models, authMode: "apiKey" })).models,
    me: async () => (await ask({ query: operations.Me })).me,
    generate: async (input) => (await ask({ query: operations.Generate, variables: { input } })).generateImages,
    listen(owner, { ready, event, error }) {
      Hub.listen("api", ({ payload }) => {
        if (payload.event === "Subscription ack" && payload.data.variables.owner === owner) ready();
      });
      amplify
        .graphql({ query: operations.OnJob, variables: { owner } })
        .subscribe({ next: ({ data }) => event(data.onJob), error });
    },
  },
  stranger,
);
