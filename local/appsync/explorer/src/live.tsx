import type { ReactNode } from "react";
import type { Feed } from "./feeds";

const ADDRESS = /(?<=")(https?:\/\/[^"\\]+)(?=")/;

/** The running subscriptions and their events, newest first. */
export function Live({ feeds, onDismiss }: { feeds: Feed[]; onDismiss(id: number): void }) {
  return (
    <section className="live" aria-label="Live subscriptions">
      {feeds.map((feed) => (
        <article key={feed.id}>
          <header>
            <span className={feed.ended ? "dot" : "dot on"} aria-hidden="true" />
            <h2>{feed.name}</h2>
            <span role="status">{feed.ended ?? `Live · ${feed.events.length} received`}</span>
            {feed.ended === null ? (
              <button type="button" onClick={feed.stop}>
                Stop
              </button>
            ) : (
              <button type="button" onClick={() => onDismiss(feed.id)}>
                Dismiss
              </button>
            )}
          </header>
          <ol aria-label={`Events of ${feed.name}`}>
            {feed.events.map(({ at, payload }, index) => (
              <li key={feed.events.length - index}>
                <time dateTime={at.toISOString()}>{at.toISOString().slice(11, 23)}</time>
                <code>{linked(JSON.stringify(payload))}</code>
              </li>
            ))}
          </ol>
        </article>
      ))}
    </section>
  );
}

/** JSON text with its addresses as links, shown without their query: a signed one fills the screen. */
function linked(json: string): ReactNode[] {
  return json.split(ADDRESS).map((part, index) =>
    index % 2 ? (
      <a key={index} href={JSON.parse(`"${part}"`)} target="_blank" rel="noreferrer">
        {part.replace(/\?.*/, "?…")}
      </a>
    ) : (
      part
    ),
  );
}
