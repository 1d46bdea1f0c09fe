import { type FormEvent, useState } from "react";
import type { Config } from "./config";
import { type Session, signIn } from "./session";

export type Mode = "key" | "user";

interface BarProps {
  config: Config;
  session: Session | null;
  mode: Mode;
  onMode(mode: Mode): void;
  onSession(session: Session | null): void;
}

export function Bar({ config, session, mode, onMode, onSession }: BarProps) {
  const clientId = config.userPoolClientId;
  return (
    <header className="bar">
      <h1>
        GraphQL explorer <small>{config.region}</small>
      </h1>
      <Modes hasKey={!!config.apiKey} signedIn={!!session} mode={mode} onMode={onMode} />
      {session && <Account session={session} onSignOut={() => onSession(null)} />}
      {!session && clientId && <SignIn clientId={clientId} onSession={onSession} />}
    </header>
  );
}

function Modes(props: { hasKey: boolean; signedIn: boolean; mode: Mode; onMode(mode: Mode): void }) {
  const choice = (mode: Mode, label: string, enabled: boolean) => (
    <label>
      <input
        type="radio"
        name="mode"
        checked={props.mode === mode}
        disabled={!enabled}
        onChange={() => props.onMode(mode)}
      />
      <span>{label}</span>
    </label>
  );
  return (
    <fieldset className="modes">
      <legend className="hidden">Send requests with</legend>
      {choice("key", "API key", props.hasKey)}
      {choice("user", "Signed-in user", props.signedIn)}
    </fieldset>
  );
}

function Account({ session, onSignOut }: { session: Session; onSignOut(): void }) {
  return (
    <div className="account">
      <span>
        Signed in as <strong>{session.email}</strong>
      </span>
      {session.groups.map((group) => (
        <span className="group" key={group}>
          {group}
        </span>
      ))}
      <button
        type="button"
        className="sub"
        title="Copy the user's id (sub)"
        onClick={() => navigator.clipboard.writeText(session.sub)}
      >
        {session.sub}
      </button>
      <button type="button" onClick={onSignOut}>
        Sign out
      </button>
    </div>
  );
}

function SignIn({ clientId, onSession }: { clientId: string; onSession(session: Session): void }) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem("");
    try {
      onSession(await signIn(clientId, String(form.get("email")), String(form.get("password"))));
    } catch (error) {
      setProblem((error as Error).message);
      setBusy(false);
    }
  }
  return (
    <form className="account" aria-label="Sign in" onSubmit={submit}>
      {problem && (
        <span role="alert" className="problem">
          {problem}
        </span>
      )}
      <input name="email" type="email" aria-label="Email" placeholder="Email" autoComplete="username" required />
      <input
        name="password"
        type="password"
        aria-label="Password"
        placeholder="Password"
        autoComplete="current-password"
        required
      />
      <button type="submit" className="primary" disabled={busy}>
        {busy ? "Signing in…" : "Sign in"}
      </button>
    </form>
  );
}
