/** What the gateway says of its API at /config.json. */
export interface Config {
  region: string;
  userPoolId: string | null;
  userPoolClientId: string | null;
  apiKey: string | null;
  authModes: string[];
  examples?: Example[];
  title: string;
  accounts?: DemoAccount[];
}

/** Somebody who is there to try things with. */
export interface DemoAccount {
  email: string;
  password: string;
}

export interface Example {
  query: string;
  variables?: Record<string, unknown>;
}

export async function loadConfig(): Promise<Config> {
  const response = await fetch("/config.json");
  if (!response.ok) throw new Error(`The gateway answered ${response.status} to /config.json.`);
  return response.json();
}
