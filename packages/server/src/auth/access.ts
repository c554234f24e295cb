import { isIP } from "node:net";
import type { IncomingHttpHeaders } from "node:http";
import type { Config } from "../config/config-schema.ts";
import { fail } from "../errors/server-errors.ts";
import type { KeyRing } from "./key-ring.ts";

/** Tenant of callers on a gateway that runs without keys. */
export const localTenant = "local";

/** Decides who may call, and as whom. */
export interface Access {
  readonly required: boolean;
  /** Tenant of a request. Throws SG_AUTH_REQUIRED, SG_AUTH_INVALID, SG_AUTH_ORIGIN. */
  admit(headers: IncomingHttpHeaders): string;
}

/**
 * Keys are asked for as soon as one exists, the configuration says so, or the host is not loopback.
 * Throws SG_CONFIG_EXPOSED when keys are needed for a host and there is none.
 */
export function createAccess(
  config: Pick<Config, "server" | "auth">,
  keys: KeyRing,
  nowMs: () => number = Date.now,
): Access {
  const exposed = !isLoopback(config.server.host);
  if (exposed && config.auth.required === false) {
    throw fail(
      "SG_CONFIG_EXPOSED",
      `server.host is ${config.server.host}, which others can reach, and auth.required is false`,
      { hint: "Remove auth.required, or bind 127.0.0.1 behind a proxy that checks who calls." },
    );
  }
  if ((exposed || config.auth.required === true) && keys.size === 0) {
    throw fail(
      "SG_CONFIG_EXPOSED",
      exposed
        ? `server.host is ${config.server.host}, which others can reach, and there is no API key`
        : "auth.required is true and there is no API key",
    );
  }
  const always = exposed || config.auth.required === true;
  return {
    get required() {
      return always || (config.auth.required !== false && keys.size > 0);
    },
    admit(headers) {
      if (this.required) return keys.authenticate(headers.authorization, nowMs());
      refuseOtherSites(headers);
      return localTenant;
    },
  };
}

/** Whether an address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * Without keys, only programs and pages of this machine may call: any web page can send a simple POST to
 * 127.0.0.1, and a name that resolves to it (DNS rebinding) could even read the answer.
 */
function refuseOtherSites(headers: IncomingHttpHeaders): void {
  const host = headers.host ?? "";
  const name = host.startsWith("[") ? host.slice(0, host.indexOf("]") + 1) : host.replace(/:\d+$/, "");
  if (!isLoopback(name) && !name.endsWith(".localhost"))
    throw fail(
      "SG_AUTH_ORIGIN",
      `This gateway runs without keys and answers to its own machine only, not to the host name "${name}"`,
    );
  if (headers["sec-fetch-site"] === "cross-site")
    throw fail("SG_AUTH_ORIGIN", "This gateway runs without keys and does not answer pages of other sites");
}
