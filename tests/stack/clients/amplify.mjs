// aws-amplify 6, unmodified: configured by amplify_outputs.json, signed in over SRP, wss:// with the local CA.
import { readFileSync } from "node:fs";
import { Amplify } from "aws-amplify";
import { generateClient } from "aws-amplify/api";
import { signIn } from "aws-amplify/auth";
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
