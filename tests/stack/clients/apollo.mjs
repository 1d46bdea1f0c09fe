// Apollo Client 4 with aws-appsync-auth-link and aws-appsync-subscription-link 4, unmodified.
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from "@apollo/client";
import { createAuthLink } from "aws-appsync-auth-link";
import { CONTROL_EVENTS_KEY, createSubscriptionHandshakeLink } from "aws-appsync-subscription-link";
import { tap } from "rxjs";
import { operations, stack, tour } from "./common.mjs";

const [, , , jwtToken, stranger] = process.argv;

// Apollo Client keeps results without data to itself; the subscription link tells of the server's acceptance in one.
const acceptance = new ApolloLink((operation, forward) =>
  forward(operation).pipe(
    tap(({ extensions }) => extensions?.controlMsgType === "CONNECTED" && operation.getContext().ready()),
  ),
);

function connect(auth) {
  const options = { url: stack.graphqlUrl, region: stack.region, auth };
  const http = new HttpLink({ uri: options.url });
  const link = ApolloLink.from([acceptance, createAuthLink(options), createSubscriptionHandshakeLink(options, http)]);
  return new ApolloClient({ link, cache: new InMemoryCache() });
}

const anyone = connect({ type: "API_KEY", apiKey: stack.apiKey });
const user = connect({ type: "AMAZON_COGNITO_USER_POOLS", jwtToken });

await tour(
  {
    models: async () => (await anyone.query({ query: gql(operations.Models) })).data.models,
    me: async () => (await user.query({ query: gql(operations.Me) })).data.me,
    generate: async (input) =>
      (await user.mutate({ mutation: gql(operations.Generate), variables: { input } })).data.generateImages,
    listen(owner, { ready, event, error }) {
      const context = { controlMessages: { [CONTROL_EVENTS_KEY]: true }, ready };
      user.subscribe({ query: gql(operations.OnJob), variables: { owner }, context }).subscribe({
        next: (result) => (result.error ? error(result.error) : event(result.data.onJob)),
        error,
      });
    },
  },
  stranger,
);
