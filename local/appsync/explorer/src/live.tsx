import type { Feed } from "./feeds";
import { Json, Pictures } from "./payload";

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
                <Pictures value={payload} />
                <Json value={payload} />
              </li>
            ))}
          </ol>
        </article>
      ))}
    </section>
  );
}
