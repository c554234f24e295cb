import { isStargateError } from "@stargate/kernel";
import { z } from "zod";
import { askServer, type Server } from "./server.ts";

const listSchema = z.looseObject({ data: z.array(z.looseObject({ id: z.string() })) });

/**
 * Ids of the models a server lists (`GET /models`), or undefined when it answers but has no such list. Throws what
 * `askServer` throws for a server that cannot be used at all.
 */
export async function servedModels(server: Server, signal: AbortSignal): Promise<readonly string[] | undefined> {
  try {
    const answer = await askServer(server, { path: "/models", signal }, (said) => said.json());
    const parsed = listSchema.safeParse(answer);
    return parsed.success ? parsed.data.data.map(({ id }) => id) : undefined;
  } catch (error) {
    if (isStargateError(error) && (error.code === "SG_OPENAI_REFUSED" || error.code === "SG_OPENAI_ANSWER"))
      return undefined; // it speaks HTTP, without this route
    throw error;
  }
}

/** Whether a list has a model. Ollama lists "name:latest" for what it also calls "name". */
export function lists(served: readonly string[], name: string): boolean {
  return served.includes(name) || served.includes(`${name}:latest`);
}
