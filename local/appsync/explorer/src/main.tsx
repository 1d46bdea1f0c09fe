import "graphiql/style.css";
import "./style.css";
import "./workers";
import { GraphiQL } from "graphiql";
import { useMemo, useReducer, useState } from "react";
import { createRoot } from "react-dom/client";
import { Bar, type Mode } from "./bar";
import { type Config, loadConfig } from "./config";
import { change } from "./feeds";
import { createFetcher } from "./fetcher";
import { Live } from "./live";
import { accessToken, current, type Session, signOut } from "./session";

const WELCOME = "# Type a query and press Ctrl-Enter. The docs are behind the book on the left.\n";

function App({ config }: { config: Config }) {
  const [session, setSession] = useState(current);
  const [mode, setMode] = useState<Mode>(session || !config.apiKey ? "user" : "key");
  const [feeds, tell] = useReducer(change, []);
  const fetcher = useMemo(() => createFetcher(() => credentials(config, mode), session?.sub, tell), [config, mode, session?.sub]);
  const tabs = useMemo(() => examples(config), [config]);

  function changeSession(next: Session | null) {
    if (!next) {
      signOut();
      feeds.forEach((feed) => feed.stop());
    }
    setSession(next);
    setMode(next || !config.apiKey ? "user" : "key");
  }

  return (
    <>
      <Bar config={config} session={session} mode={mode} onMode={setMode} onSession={changeSession} />
      <main>
        <GraphiQL fetcher={fetcher} defaultQuery={WELCOME} {...(tabs && { defaultTabs: tabs })} defaultEditorToolsVisibility="variables" />
      </main>
      {feeds.length > 0 && <Live feeds={feeds} onDismiss={(id) => tell({ type: "dismissed", id })} />}
    </>
  );
}

async function credentials(config: Config, mode: Mode): Promise<Record<string, string>> {
  if (mode === "key" && config.apiKey) return { "x-api-key": config.apiKey };
  return { Authorization: await accessToken(config.userPoolClientId ?? "") };
}

function examples(config: Config) {
  return config.examples?.map(({ query, variables }) => ({
    query,
    variables: variables ? JSON.stringify(variables, null, 2) : null,
  }));
}

const root = createRoot(document.getElementById("root") as HTMLElement);
loadConfig().then(
  (config) => {
    document.title = config.title;
    root.render(<App config={config} />);
  },
  (error: Error) => root.render(<p role="alert">{error.message}</p>),
);
