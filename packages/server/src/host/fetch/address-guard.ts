import { BlockList, isIP } from "node:net";

/** Networks nobody should reach through a gateway: IANA's special-purpose address registries (RFC 6890 and later). */
const refusedNetworks = [
  "0.0.0.0/8", // this host
  "10.0.0.0/8",
  "100.64.0.0/10", // carrier-grade NAT; cloud metadata of some providers
  "127.0.0.0/8",
  "169.254.0.0/16", // link-local, cloud metadata
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relay
  "192.168.0.0/16",
  "198.18.0.0/15", // benchmarking
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
  "2001::/23", // Teredo, ORCHID and other protocol assignments
  "2001:db8::/32",
  "2002::/16", // 6to4 carries an IPv4 address
  "3fff::/20",
  "5f00::/16",
] as const;

/** Parses "10.0.0.0/8", "fd00::/8" or a single address. Returns undefined when it is neither. */
function parseNetwork(
  text: string,
): { readonly address: string; readonly prefix: number; readonly family: "ipv4" | "ipv6" } | undefined {
  const [address = "", prefixText, ...rest] = text.split("/");
  const version = isIP(address);
  const bits = version === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : Number(prefixText);
  if (version === 0 || rest.length > 0 || !/^\d+$/.test(prefixText ?? "0") || prefix > bits) return undefined;
  return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether `text` is a network in CIDR form or a single address. */
export function isNetwork(text: string): boolean {
  return parseNetwork(text) !== undefined;
}

export interface AddressGuard {
  /** Whether a connection to this address (an IP literal as the resolver or the URL gave it) is permitted. */
  permits(address: string): boolean;
}

/**
 * Judges the addresses a connection is really made to. Public unicast addresses are permitted; everything special
 * (private, loopback, link-local, mapped, translated) only when one of `allowedNetworks` holds it.
 */
export function createAddressGuard(allowedNetworks: readonly string[] = []): AddressGuard {
  const allowed = blockListOf(allowedNetworks);
  const refused = blockListOf(refusedNetworks);
  // Of IPv6 only global unicast 2000::/3 is in use; mapped, compatible, NAT64, unique-local and link-local lie outside it.
  const globalUnicast = blockListOf(["2000::/3"]);
  return {
    permits(address) {
      const version = isIP(address);
      if (version === 0 || address.includes("%")) return false; // a zone id exists only on local links
      const mapped = version === 6 ? mappedAddress(address) : undefined;
      if (mapped !== undefined) return allowed.check(mapped, "ipv4"); // never legitimate in a URL or DNS answer, unless allowed
      const family = version === 4 ? "ipv4" : "ipv6";
      if (allowed.check(address, family)) return true;
      if (refused.check(address, family)) return false;
      return version === 4 || globalUnicast.check(address, "ipv6");
    },
  };
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of networks) {
    const network = parseNetwork(text);
    if (network !== undefined) list.addSubnet(network.address, network.prefix, network.family);
  }
  return list;
}

// The IPv4 address in ::ffff:a.b.c.d, in whichever notation. The URL parser writes IPv6 in its one canonical form.
function mappedAddress(address: string): string | undefined {
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const match = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (match === null) return undefined;
  const [high, low] = [Number.parseInt(match[1] ?? "0", 16), Number.parseInt(match[2] ?? "0", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
