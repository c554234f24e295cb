import { expect } from "vitest";

/** A job as the gateway describes it. */
export interface DescribedJob {
  readonly id: string;
  readonly state: string;
  readonly attempts: number;
  readonly progress: {
    readonly step: string;
    readonly measure: string;
    readonly done: number;
    readonly of: number;
  } | null;
  readonly partialResults: number;
  readonly receipt: string | null;
  readonly result: string | null;
  readonly problem: { readonly code: string; readonly status: number } | null;
  readonly expiresAt: string | null;
  readonly webhook: { readonly state: string; readonly attempts: number } | null;
}

/** Hands a text to a pipeline as a job. */
export function postJob(
  url: string,
  pipeline: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${url}/v1/pipelines/${pipeline}`, {
    method: "POST",
    body,
    headers: {
      ...(typeof body === "string" && { "content-type": "text/plain" }),
      prefer: "respond-async",
      ...headers,
    },
  });
}

/** As `postJob`; gives the job. */
export async function acceptedJob(...args: Parameters<typeof postJob>): Promise<DescribedJob> {
  const response = await postJob(...args);
  expect(response.status).toBe(202);
  return (await response.json()) as DescribedJob;
}

export async function showJob(url: string, id: string): Promise<DescribedJob> {
  return (await (await fetch(`${url}/v1/jobs/${id}`)).json()) as DescribedJob;
}

/** The job when it has come to a state. */
export async function jobIn(url: string, id: string, state: string): Promise<DescribedJob> {
  await expect.poll(async () => (await showJob(url, id)).state, { timeout: 10_000, interval: 10 }).toBe(state);
  return showJob(url, id);
}
