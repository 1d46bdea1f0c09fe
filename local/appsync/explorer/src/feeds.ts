/** The subscriptions that run beside the editor, with what they have received. */

export interface Feed {
  id: number;
  name: string;
  ended: string | null; // why, once it has
  events: { at: Date; payload: unknown }[]; // newest first
  stop: () => void;
}

export type Change =
  | { type: "opened"; id: number; name: string; stop: () => void }
  | { type: "event"; id: number; payload: unknown }
  | { type: "ended"; id: number; reason: string }
  | { type: "dismissed"; id: number };

const EVENTS_KEPT = 100;

export function change(feeds: Feed[], what: Change): Feed[] {
  switch (what.type) {
    case "opened":
      return [{ id: what.id, name: what.name, ended: null, events: [], stop: what.stop }, ...feeds];
    case "event":
      return edit(feeds, what.id, (feed) => ({
        events: [{ at: new Date(), payload: what.payload }, ...feed.events].slice(0, EVENTS_KEPT),
      }));
    case "ended":
      return edit(feeds, what.id, (feed) => ({ ended: feed.ended ?? what.reason }));
    case "dismissed":
      return feeds.filter((feed) => feed.id !== what.id);
  }
}

function edit(feeds: Feed[], id: number, changes: (feed: Feed) => Partial<Feed>): Feed[] {
  return feeds.map((feed) => (feed.id === id ? { ...feed, ...changes(feed) } : feed));
}
