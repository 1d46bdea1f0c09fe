import type { Fetcher, FetcherParams } from "@graphiql/toolkit";
import { getOperationAST, type OperationDefinitionNode, parse } from "graphql";
import type { Change } from "./feeds";
import { type Operation, subscribe } from "./realtime";

type Credentials = () => Promise<Record<string, string>>;

let lastId = 0;

/** GraphiQL's fetcher: queries and mutations over HTTP; a subscription becomes a feed that outlives the editor's tab. */
export function createFetcher(credentials: Credentials, sub: string | undefined, tell: (change: Change) => void): Fetcher {
  return async (request, options) => {
    const operation = chosen(request);
    const variables = filled(request.variables, sub);
    const named = { ...request, variables, operationName: operation?.name?.value ?? null };
    return operation?.operation === "subscription"
      ? open(named, await credentials(), tell)
      : post(named, { ...(await credentials()), ...options?.headers });
  };
}

/** The operation to run. The editor's name for it lags behind a quick change of tab, so a name unknown here is no name. */
function chosen({ query, operationName }: FetcherParams): OperationDefinitionNode | null | undefined {
  try {
    const document = parse(query);
    return getOperationAST(document, operationName) ?? getOperationAST(document);
  } catch {
    return null; // a syntax error is the server's to explain
  }
}

/** Variables with the signed-in user's id wherever one is {sub}, so that a sample works for whoever signs in. */
function filled(variables: unknown, sub: string | undefined): unknown {
  const text = JSON.stringify(variables);
  if (!text?.includes('"{sub}"')) return variables;
  if (!sub) throw new Error("{sub} is the id of who is signed in: sign in first.");
  return JSON.parse(text.replaceAll('"{sub}"', JSON.stringify(sub)));
}

async function post(operation: Operation, headers: Record<string, string>) {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(operation),
  });
  return response.json();
}

async function open(operation: Operation, credentials: Record<string, string>, tell: (change: Change) => void) {
  const id = ++lastId;
  const name = operation.operationName ?? "subscription";
  const early: Change[] = []; // an event can come in before the panel knows the feed
  let report: (change: Change) => void = (change) => early.push(change);
  const stop = await subscribe(credentials, operation, {
    event: (payload) => report({ type: "event", id, payload }),
    ended: (reason) => report({ type: "ended", id, reason }),
  });
  tell({ type: "opened", id, name, stop });
  early.forEach(tell);
  report = tell;
  return { data: null, extensions: { subscribed: name, note: "Its events are listed below, under Live." } };
}
