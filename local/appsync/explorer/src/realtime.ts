/** One AppSync subscription on a socket of its own. */

const SILENCE_MS = 300_000; // AppSync's connectionTimeoutMs where the server names none

export interface Operation {
  query: string;
  variables?: unknown;
  operationName?: string | null;
}

export interface Listener {
  event(payload: unknown): void;
  ended(reason: string): void;
}

interface Message {
  type: string;
  payload?: { connectionTimeoutMs?: number; errors?: { errorType?: string; message?: string }[] };
}

/** Starts a subscription; resolves to its stop function once the server accepts it, rejects when it refuses. */
export function subscribe(
  credentials: Record<string, string>,
  operation: Operation,
  listener: Listener,
): Promise<() => void> {
  const authorization = { host: location.host, ...credentials };
  const url = new URL("/graphql/realtime", location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url, ["graphql-ws", `header-${base64url(JSON.stringify(authorization))}`]);
  const send = (message: object) => socket.send(JSON.stringify(message));

  return new Promise((resolve, reject) => {
    let silence = 0;
    let patience = SILENCE_MS;
    const end = (reason: string) => {
      clearTimeout(silence);
      reject(new Error(reason)); // of no effect once accepted
      listener.ended(reason);
      socket.close();
    };
    const stop = () => {
      if (socket.readyState === WebSocket.OPEN) send({ id: "1", type: "stop" });
      end("Stopped.");
    };
    const heard: Record<string, (message: Message) => void> = {
      connection_ack: ({ payload }) => {
        patience = payload?.connectionTimeoutMs ?? patience;
        const data = JSON.stringify(operation);
        send({ id: "1", type: "start", payload: { data, extensions: { authorization } } });
      },
      start_ack: () => resolve(stop),
      data: ({ payload }) => listener.event(payload),
      error: ({ payload }) => end(describe(payload)),
      connection_error: ({ payload }) => end(describe(payload)),
      complete: () => end("The server ended it."),
    };
    socket.onopen = () => send({ type: "connection_init" });
    socket.onclose = () => end("The connection closed.");
    socket.onmessage = ({ data }) => {
      clearTimeout(silence);
      silence = setTimeout(() => end("The server fell silent."), patience);
      const message: Message = JSON.parse(data);
      heard[message.type]?.(message);
    };
  });
}

function describe(payload: Message["payload"]): string {
  const errors = payload?.errors ?? [];
  return errors.map(({ errorType, message }) => [errorType, message].filter(Boolean).join(": ")).join("\n") || "Refused.";
}

function base64url(text: string): string {
  const bytes = String.fromCharCode(...new TextEncoder().encode(text));
  return btoa(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
