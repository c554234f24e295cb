import { fail } from "@stargate/kernel";

/** Parsed form of "api.example.org", "*.example.org", "api.example.org:8443", "10.0.0.7:9000" or "[fd00::7]:9000". */
interface HostRule {
  readonly host: string;
  readonly subdomains: boolean;
  /** "" is the default port of the scheme, "*" any. */
  readonly port: string;
}

export interface HostAllowList {
  /** Parses a URL once and returns it when the operator allows it; throws SG_FETCH_DENIED otherwise. */
  check(input: string | URL, base?: URL): URL;
}

/** Whether `text` can stand in an allow-list. */
export function isHostRule(text: string): boolean {
  return parseHostRule(text) !== undefined;
}

/** Decides by scheme, host name and port whether a URL may be asked for at all. The address is judged later, when it is known. */
export function createHostAllowList(rules: readonly string[]): HostAllowList {
  const parsed = rules.map(parseHostRule).filter((rule) => rule !== undefined);
  return {
    check(input, base) {
      const url = parseUrl(input, base);
      const host = url.host === "" ? url.protocol : url.host;
      if (url.protocol !== "http:" && url.protocol !== "https:")
        throw fail("SG_FETCH_DENIED", `Only http and https addresses are fetched, not ${url.protocol}`);
      if (url.username !== "" || url.password !== "")
        throw fail("SG_FETCH_DENIED", `The address of ${host} carries a user name or password`, {
          hint: "Put credentials in a header.",
        });
      if (!parsed.some((rule) => matches(rule, url))) {
        throw fail("SG_FETCH_DENIED", `Host ${host} is not on the allow-list (${parsed.length} entries)`, {
          hint: `Add "${host}" to allow.hosts in the configuration, or send the content itself.`,
        });
      }
      return url;
    },
  };
}

function parseUrl(input: string | URL, base: URL | undefined): URL {
  try {
    return new URL(input, base);
  } catch (cause) {
    throw fail("SG_FETCH_DENIED", "The address is not an absolute URL", {
      cause,
      hint: "Write it as https://host/path.",
    });
  }
}

function parseHostRule(text: string): HostRule | undefined {
  const match = /^(\*\.)?(\[[0-9a-fA-F:.]+\]|[^:/?#@\\\s[\]*]+)(?::(\d{1,5}|\*))?$/.exec(text);
  if (match === null) return undefined;
  try {
    // The URL parser writes a host in the same canonical form as the URLs it will be compared with.
    return {
      host: withoutDot(new URL(`http://${match[2]}`).hostname),
      subdomains: match[1] !== undefined,
      port: match[3] ?? "",
    };
  } catch {
    return undefined;
  }
}

function matches(rule: HostRule, url: URL): boolean {
  const host = withoutDot(url.hostname);
  const hostFits = rule.subdomains ? host.endsWith(`.${rule.host}`) : host === rule.host;
  const defaultPort = url.protocol === "https:" ? "443" : "80";
  return hostFits && (rule.port === "*" || url.port === rule.port || (url.port === "" && rule.port === defaultPort));
}

function withoutDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}
