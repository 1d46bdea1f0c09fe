import { useEffect, useRef, useState, type FormEvent, type PointerEvent } from "react";
import { ask, upload, useJobs, type Job } from "./api";
import * as api from "./gql/graphql";
type Props = { models: api.StartQuery["models"]; spent: string; onNews: (...jobs: (Job | null)[]) => void };
const STATES = { PENDING: "queued", PROCESSING: "working", COMPLETED: "done", FAILED: "failed", CANCELED: "canceled" };

export function Studio({ me, models }: Pick<api.StartQuery, "me" | "models">) {
  const [filter, setFilter] = useState<api.JobFilter>({});
  const [edited, setEdited] = useState<Job>();
  const { shown, keep: onNews, more } = useJobs(me.id, filter);
  const spent = JSON.stringify([me.points, shown.map(({ charge }) => charge)]);
  const props = { models: models.filter(({ state }) => state === "AVAILABLE"), spent, onNews };
  function narrow({ currentTarget }: FormEvent<HTMLFormElement>) {
    const chosen = [...new FormData(currentTarget)].filter(([, value]) => value);
    setFilter(Object.fromEntries(chosen.map(([name, value]) => [name, name === "favorite" || value])));
  }
  return (
    <main>
      <Generate {...props} />
      <form aria-label="Filters" onChange={narrow} onSubmit={(event) => event.preventDefault()}>
        <Choice name="status" of={["", ...Object.keys(STATES)]} />
        <Choice name="kind" of={["", "GENERATE", "EDIT", "UPSCALE", "VARIATION"]} />
        <input name="text" type="search" placeholder="Search prompts" />
        <label><input name="favorite" type="checkbox" /> Favorites</label>
      </form>
      <section>{shown.map((job) => <Card key={job.id} {...{ job, onNews }} onEdit={() => setEdited(job)} />)}</section>
      {more && <button onClick={more}>More</button>}
      {edited && <MaskEditor {...props} job={edited} onClose={() => setEdited(undefined)} />}
    </main>
  );
}

function Generate({ models, spent, onNews }: Props) {
  const [form, setForm] = useState<Record<string, FormDataEntryValue>>({});
  const renew = (news = {}) => setForm((all) => ({ ...all, ...news, clientRequestId: crypto.randomUUID() }));
  const model = models.find(({ id }) => id === form.model) ?? models[0]!;
  const size = model.sizes.find((one) => one === form.size) ?? model.sizes[0]!;
  const aspectRatio = model.aspectRatios.find((one) => one === form.aspectRatio) ?? model.aspectRatios[0]!;
  const priced = { model: model.id, size, count: Number(form.count ?? 1) };
  async function submit(event: FormEvent) {
    event.preventDefault();
    const input = { clientRequestId: `${form.clientRequestId}`, prompt: `${form.prompt}`, aspectRatio, ...priced };
    onNews(...(await ask(api.GenerateDocument, { input })).generateImages);
    renew(); // until then it is the same: sent twice, charged once
  }
  return (
    <form onSubmit={submit} onChange={({ currentTarget }) => renew(Object.fromEntries(new FormData(currentTarget)))}>
      <textarea name="prompt" placeholder="What shall it show?" maxLength={4000} required />
      <Choice name="model" of={models.map(({ id }) => id)} />
      <Choice name="aspectRatio" of={model.aspectRatios} />
      <Choice name="size" of={model.sizes} />
      <Choice name="count" of={["1", "2", "4", "8"]} />
      <Priced act="Generate" input={{ kind: "GENERATE", ...priced }} spent={spent} />
    </form>
  );
}

function Card({ job, onNews, onEdit }: { job: Job; onNews: Props["onNews"]; onEdit: () => void }) {
  const { id, favorite, image, errorMessage, charge: { refundedPoints: points, refundedFreeImages: free } } = job;
  const back = points ? `${points} point${points > 1 ? "s" : ""} returned.` : free ? "Free image returned." : "";
  const mark = () => ask(api.MarkDocument, { id, favorite: !favorite }).then(({ updateJob }) => onNews(updateJob));
  return (
    <article className={STATES[job.status]} aria-label={job.prompt ?? job.kind}>
      <figure>{image && <img src={(image.medium ?? image.original).url} alt="" />}<b>{STATES[job.status]}</b></figure>
      <p>{job.prompt}</p>
      {errorMessage && <small>{errorMessage} {back}</small>}
      {image && <button aria-label="Favorite" aria-pressed={favorite} onClick={mark}>{"♡♥"[+favorite]}</button>}
      {image && <button onClick={onEdit}>Edit</button>}
    </article>
  );
}

function MaskEditor({ job, models, spent, onNews, onClose }: Props & { job: Job; onClose: () => void }) {
  const { url, ...size } = job.image!.original;
  const background = `url("${url}") 0 / cover`;
  const model = models.find(({ editModes }) => editModes.includes("INPAINT_INSERT"))!.id;
  const canvas = useRef<HTMLCanvasElement>(null);
  const pen = (settings: object) => Object.assign(canvas.current!.getContext("2d")!, settings);
  function paint({ buttons, type, nativeEvent: { offsetX, offsetY } }: PointerEvent) {
    const brush = pen({ strokeStyle: "white", lineCap: "round", lineJoin: "round", lineWidth: size.width / 10 });
    const scale = size.width / canvas.current!.clientWidth;
    if (type === "pointerdown") brush.beginPath();
    if (buttons) brush.lineTo(offsetX * scale, offsetY * scale);
    if (buttons) brush.stroke();
  }
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const prompt = String(new FormData(event.currentTarget).get("prompt"));
    pen({ globalCompositeOperation: "destination-over" }).fillRect(0, 0, size.width, size.height); // black stays
    const mask = await upload((await new Promise<Blob | null>((done) => canvas.current!.toBlob(done)))!);
    const change = { model, image: job.id, mask, mode: "INPAINT_INSERT" as const, prompt };
    onNews((await ask(api.EditDocument, { input: { clientRequestId: crypto.randomUUID(), ...change } })).editImage);
    onClose();
  }
  return (
    <dialog ref={(shown) => void (shown?.open || shown?.showModal())} onClose={onClose}>
      <form onSubmit={submit}>
        <canvas ref={canvas} {...size} {...{ onPointerDown: paint, onPointerMove: paint }} style={{ background }} />
        <input name="prompt" placeholder="Paint over what may change. What shall be there?" required />
        <Priced act="Edit" input={{ kind: "EDIT", model, size: job.input.size, count: 1 }} spent={spent} />
        <button type="button" onClick={onClose}>Cancel</button>
      </form>
    </dialog>
  );
}

function Choice({ name, of }: { name: string; of: readonly string[] }) {
  const worded = (value: string) => value.replaceAll("_", " ").toLowerCase() || `every ${name}`;
  return <select name={name} aria-label={name}>{of.map((v) => <option key={v} value={v}>{worded(v)}</option>)}</select>;
}

function Priced({ act, input, spent }: { act: string; input: api.QuoteInput; spent: string }) {
  const [quote, setQuote] = useState<api.QuoteQuery["quote"]>();
  useEffect(() => {
    let wanted = true;
    void ask(api.QuoteDocument, { input }).then(({ quote }) => wanted && setQuote(quote));
    return () => void (wanted = false);
  }, [JSON.stringify(input), spent]);
  const price = [quote?.freeImages && `${quote.freeImages} free`, quote?.points && `${quote.points} points`];
  return <button disabled={!quote?.affordable}>{act} · {price.filter(Boolean).join(" + ")}</button>;
}
