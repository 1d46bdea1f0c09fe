import { type FormEvent, useState } from "react";
import type { Config, DemoAccount } from "./config";
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
        {config.title} <small>{config.region}</small>
      </h1>
      <Modes hasKey={!!config.apiKey} signedIn={!!session} mode={mode} onMode={onMode} />
      {session && <Account session={session} onSignOut={() => onSession(null)} />}
      {!session && clientId && <SignIn clientId={clientId} accounts={config.accounts ?? []} onSession={onSession} />}
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

/** Copies the user's id, and says so until another click. */
function Sub({ sub }: { sub: string }) {
  const [said, setSaid] = useState("");
  const copy = () =>
    navigator.clipboard.writeText(sub).then(
      () => setSaid("Copied"),
      () => setSaid("Not copied: the browser does not allow it"),
    );
  return (
    <>
      <button type="button" className="sub" title="Copy the user's id (sub)" onClick={copy}>
        {sub}
      </button>
      <span role="status">{said}</span>
    </>
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
      <Sub sub={session.sub} />
      <button type="button" onClick={onSignOut}>
        Sign out
      </button>
    </div>
  );
}

interface SignInProps {
  clientId: string;
  accounts: DemoAccount[];
  onSession(session: Session): void;
}

function SignIn({ clientId, accounts, onSession }: SignInProps) {
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    return enter(String(form.get("email")), String(form.get("password")));
  }
  async function enter(email: string, password: string) {
    setBusy(true);
    setProblem("");
    try {
      onSession(await signIn(clientId, email, password));
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
      {accounts.map(({ email, password }) => (
        <button type="button" key={email} disabled={busy} onClick={() => enter(email, password)}>
          Demo: {email}
        </button>
      ))}
      <details className="other" open={accounts.length === 0}>
        <summary>Another account</summary>
        <Credentials busy={busy} />
      </details>
    </form>
  );
}

function Credentials({ busy }: { busy: boolean }) {
  return (
    <div className="credentials">
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
    </div>
  );
}
