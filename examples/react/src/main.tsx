import { Authenticator } from "@aws-amplify/ui-react";
import "@aws-amplify/ui-react/styles.css";
import { Amplify } from "aws-amplify";
import { Hub, parseAmplifyConfig } from "aws-amplify/utils";
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import outputs from "../../../amplify_outputs.json";
import { ask, newer, useFeed } from "./api";
import * as api from "./gql/graphql";
import { Studio } from "./Studio";
import "./style.css";
const config = parseAmplifyConfig(outputs);
const { userPoolEndpoint, identityPoolEndpoint } = outputs.custom; // only on the local stack
Object.assign(config.Auth!.Cognito, { userPoolEndpoint, identityPoolEndpoint });
Amplify.configure(config);

function App({ owner, signOut }: { owner: string; signOut: () => void }) {
  const [start, setStart] = useState<api.StartQuery | null>(null);
  const [me, setMe] = useState<api.StartQuery["me"] | null>(null);
  const [problem, setProblem] = useState("");
  const [live, setLive] = useState(false);
  const keep = (news: typeof me) => setMe((known) => newer(known, news));
  const read = () => void ask(api.StartDocument, {}).then((all) => (setStart(all), setProblem(""), keep(all.me)));
  useFeed(api.OnMeDocument, owner, ({ onMe }) => keep(onMe), read);
  useEffect(() => {
    // What Amplify throws for an answer with errors is that answer, and no Error.
    addEventListener("unhandledrejection", ({ reason }) => setProblem(reason.errors?.[0].message ?? reason.message));
    return Hub.listen("api", ({ payload: { data } }) => {
      const { connectionState } = data as { connectionState?: string };
      if (connectionState) setLive(connectionState === "Connected");
    });
  }, []);
  return (
    <div className="studio" onSubmit={() => setProblem("")}>
      <header>
        <h1>Studio</h1> <small role="status">{live ? "live" : "offline"}</small>
        <strong>{me?.points ?? "…"} points</strong>
        {start && <Buy owner={owner} packages={start.pointPackages} />}
        <button onClick={signOut}>Sign out</button>
      </header>
      {problem && <p role="alert">{problem}</p>}
      {start && me && <Studio me={me} models={start.models} />}
    </div>
  );
}

function Buy({ owner, packages }: { owner: string; packages: api.StartQuery["pointPackages"] }) {
  const [payment, setPayment] = useState<api.PaymentQuery["payment"]>(null);
  const id = sessionStorage.getItem("payment"); // kept while the payer is away
  const keep = (news: typeof payment) => setPayment((known) => newer(known, news));
  const read = () => void (id && ask(api.PaymentDocument, { id }).then(({ payment }) => keep(payment)));
  useFeed(api.OnPaymentDocument, owner, ({ onPayment }) => onPayment?.id === id && keep(onPayment), read);
  async function pay(packageId: string, currency: api.Currency) {
    const goods = { packageId, currency, provider: currency === "VND" ? ("VNPAY" as const) : ("STRIPE" as const) };
    const input = { clientRequestId: crypto.randomUUID(), returnUrl: location.origin, ...goods };
    const { createPayment } = await ask(api.PayDocument, { input });
    sessionStorage.setItem("payment", createPayment.id);
    location.assign(createPayment.payUrl!);
  }
  const price = (minor: number, currency: api.Currency) =>
    (currency === "VND" ? minor : minor / 100).toLocaleString(undefined, { style: "currency", currency });
  const offers = packages.flatMap(({ id, points, prices }) => prices.map((one) => ({ id, points, ...one })));
  return (
    <details>
      <summary>{payment ? `${payment.points} points: ${payment.status.toLowerCase()}` : "Buy points"}</summary>
      {offers.map(({ id, points, minor, currency: unit }) => (
        <button key={id + unit} onClick={() => pay(id, unit)}>{points} points · {price(minor, unit)}</button>
      ))}
    </details>
  );
}

const page = <Authenticator>{({ user, signOut }) => <App owner={user!.userId} signOut={signOut!} />}</Authenticator>;
createRoot(document.getElementById("root")!).render(page);
