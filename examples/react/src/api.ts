import { generateClient } from "aws-amplify/api";
import { Hub } from "aws-amplify/utils";
import { useEffect, useRef, useState } from "react";
import * as api from "./gql/graphql";
export type Job = api.JobFragment;
type OfOwner<T> = api.TypedDocumentString<T, { owner: string }>;
type Feed<T> = { subscribe(on: { next(event: { data: T }): void; error(e: unknown): void }): { unsubscribe(): void } };
const client = generateClient();
export const newer = <T extends { version: number }>(a: T | null, b: T | null) => (a && b && a.version > b.version ? a : b);
export async function ask<T, V extends object>(query: api.TypedDocumentString<T, V>, variables: V): Promise<T> {
  return ((await client.graphql({ query: `${query}`, variables })) as unknown as { data: T }).data;
}

/** Hears what is pushed to somebody. `read` is called when it begins, and again after each time away. */
export function useFeed<T>(query: OfOwner<T>, owner: string, next: (data: T) => void, read: () => void) {
  useEffect(() => {
    const [name] = /subscription \w+/.exec(`${query}`)!;
    const stop = Hub.listen("api", ({ payload: { event, data } }) => {
      if (event === "Subscription ack" && (data as { query: string }).query.includes(name)) read();
    });
    const feed = client.graphql({ query: `${query}`, variables: { owner } }) as unknown as Feed<T>;
    const heard = feed.subscribe({ next: ({ data }) => next(data), error: (why) => Promise.reject(why) });
    addEventListener("online", read); // the socket may have lived on, or be dead without having noticed it yet
    return () => (stop(), heard.unsubscribe(), removeEventListener("online", read));
  }, [owner]);
}

/** The jobs that a filter asks for, kept up to date: by what is pushed, and after each time away by one question. */
export function useJobs(owner: string, filter: api.JobFilter) {
  const [jobs, setJobs] = useState<ReadonlyMap<string, Job>>(new Map());
  const [token, setToken] = useState<string | null>(null);
  const latest = useRef(0); // the last change that is known
  const keep = (...news: (Job | null)[]) => setJobs((known) => {
    const all = new Map(known);
    for (const job of news) if (job) all.set(job.id, newer(all.get(job.id) ?? null, job)!);
    latest.current = Math.max(...[...all.values()].map(({ updatedAt }) => Date.parse(updatedAt)));
    return all;
  });
  async function load(filter: api.JobFilter, after: string | null = null) {
    const { jobs } = await ask(api.JobsDocument, { filter, after });
    keep(...jobs.items);
    return jobs.nextToken;
  }
  async function catchUp() {
    const missed = latest.current > 0 && { updatedSince: new Date(latest.current - 60_000).toISOString() };
    for (let after = await load(missed || {}); missed && after; ) after = await load(missed, after);
  }
  useFeed(api.OnJobDocument, owner, ({ onJob }) => keep(onJob), catchUp);
  useEffect(() => {
    const soon = setTimeout(() => load(filter).then(setToken), 200); // not with every letter
    return () => clearTimeout(soon);
  }, [JSON.stringify(filter)]);
  const { status, kind, favorite, text } = filter;
  const fits = (job: Job) => (!status || job.status === status) && (!kind || job.kind === kind) &&
    (!favorite || job.favorite) && (!text || job.prompt?.toLowerCase().includes(text.toLowerCase()));
  const shown = [...jobs.values()].filter(fits).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  return { shown, keep, more: token && (() => load(filter, token).then(setToken)) };
}

/** Sends a mask to storage, and waits until it was looked at. */
export async function upload(mask: Blob): Promise<string> {
  const input = { fileName: "mask.png", contentType: mask.type, byteSize: mask.size, purpose: "MASK" as const };
  const { id, url, fields } = (await ask(api.CreateUploadDocument, { input })).createUpload;
  const body = new FormData();
  for (const { name, value } of [...fields, { name: "file", value: mask }]) body.append(name, value);
  if (!(await fetch(url, { method: "POST", body })).ok) throw new Error("The mask could not be sent.");
  for (;;) {
    const { upload } = await ask(api.UploadDocument, { id });
    if (upload?.rejected) throw new Error(upload.rejected);
    if (upload?.ready) return id;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}
