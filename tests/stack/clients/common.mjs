// What the client scripts share: their input, their output (one JSON object a line), the operations, and the tour itself.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse, print } from "graphql";

const TERMINAL = ["COMPLETED", "FAILED", "CANCELED"];

export const stack = JSON.parse(readFileSync(process.argv[2], "utf8"));

export function say(step, detail) {
  console.log(JSON.stringify({ step, detail }));
}

const file = parse(readFileSync(new URL("operations.graphql", import.meta.url), "utf8"));
export const operations = Object.fromEntries(file.definitions.map((one) => [one.name.value, print(one)]));

/**
 * The same tour for every client: the models by API key, who I am, my own events, a picture, somebody else's events.
 *
 * A client gives `models()`, `me()`, `generate(input)` and `listen(owner, { ready, event, error })`.
 */
export async function tour(client, stranger) {
  say("models", await client.models());
  const me = await client.me();
  say("me", me);

  const done = Promise.withResolvers();
  const ready = Promise.withResolvers();
  const seen = [];
  client.listen(me.id, {
    ready: ready.resolve,
    error: (error) => [ready, done].forEach((promise) => promise.reject(new Error(describe(error)))),
    event: (job) => {
      say("event", job);
      seen.push(job);
      if (TERMINAL.includes(job.status)) done.resolve();
    },
  });
  await ready.promise;
  say("subscribed", me.id);
  const prompt = "a lighthouse at dusk";
  say("generated", await client.generate({ clientRequestId: randomUUID(), model: "nanobanana-pro", prompt }));
  await done.promise;
  say("refused", await refusal(client, stranger));
  process.exit(0); // the clients keep their sockets open for a while
}

/** What a client hears when it asks for another person's events; an answer other than an error is a failure. */
function refusal(client, stranger) {
  return new Promise((resolve, reject) => {
    const accepted = (what) => () => reject(new Error(`A stranger's subscription was ${what}.`));
    client.listen(stranger, {
      ready: accepted("accepted"),
      event: accepted("fed"),
      error: (error) => resolve(describe(error)),
    });
  });
}

function describe(error) {
  const { errors, message } = error.cause ?? error; // Apollo wraps what its link raised
  return errors?.map((each) => each.message).join("\n") ?? message;
}
