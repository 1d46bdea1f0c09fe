/** A signed-in user: Cognito's tokens, kept for as long as the browser's tab lives. */
export interface Session {
  email: string;
  sub: string;
  groups: string[];
  accessToken: string;
  refreshToken: string;
  expiresAt: number; // epoch seconds
}

interface Tokens {
  AccessToken: string;
  RefreshToken?: string; // a refresh gives none: the old one stays good
}

const KEY = "explorer.session";
const EARLY_SECONDS = 60; // a token this close to its end is renewed before it is used

export function current(): Session | null {
  const stored = sessionStorage.getItem(KEY);
  return stored ? (JSON.parse(stored) as Session) : null;
}

export function signOut(): void {
  sessionStorage.removeItem(KEY);
}

export async function signIn(clientId: string, email: string, password: string): Promise<Session> {
  const tokens = await initiateAuth(clientId, "USER_PASSWORD_AUTH", { USERNAME: email, PASSWORD: password });
  return keep(email, tokens, tokens.RefreshToken ?? "");
}

/** The signed-in user's access token, renewed when it is about to expire. */
export async function accessToken(clientId: string): Promise<string> {
  const session = current();
  if (!session) throw new Error("Sign in first, or use the API key.");
  if (session.expiresAt - EARLY_SECONDS > Date.now() / 1000) return session.accessToken;
  const tokens = await initiateAuth(clientId, "REFRESH_TOKEN_AUTH", { REFRESH_TOKEN: session.refreshToken });
  return keep(session.email, tokens, tokens.RefreshToken ?? session.refreshToken).accessToken;
}

function keep(email: string, tokens: Tokens, refreshToken: string): Session {
  const claims = claimsOf(tokens.AccessToken);
  const session: Session = {
    email,
    sub: claims.sub,
    groups: claims["cognito:groups"] ?? [],
    accessToken: tokens.AccessToken,
    refreshToken,
    expiresAt: claims.exp,
  };
  sessionStorage.setItem(KEY, JSON.stringify(session));
  return session;
}

function claimsOf(token: string): { sub: string; exp: number; "cognito:groups"?: string[] } {
  const body = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

async function initiateAuth(clientId: string, flow: string, parameters: Record<string, string>): Promise<Tokens> {
  const response = await fetch("/cognito", {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "AWSCognitoIdentityProviderService.InitiateAuth",
    },
    body: JSON.stringify({ AuthFlow: flow, ClientId: clientId, AuthParameters: parameters }),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.message ?? `Cognito answered ${response.status}.`);
  if (!answer.AuthenticationResult) throw new Error(`Cognito asks for ${answer.ChallengeName} first.`);
  return answer.AuthenticationResult;
}
