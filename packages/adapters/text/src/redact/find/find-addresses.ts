import { isIP } from "node:net";
import type { Atom } from "./atoms.ts";
import type { Finding } from "./finding.ts";

/** Longest name on the way from a domain to its top: RFC 1035. */
const LONGEST_LABEL = 63;
/** An IPv6 address with an IPv4 address in it. */
const LONGEST_IP = 45;

/** E-mail addresses as they are written: from each "@" outwards, so that every character is looked at twice at most. */
export function findEmails(text: string): readonly Finding[] {
  const findings: Finding[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    let start = at;
    while (start > 0 && /[\p{L}\p{N}._%+'-]/u.test(text[start - 1] ?? "")) start--;
    const domain = /(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/uy;
    domain.lastIndex = at + 1;
    const [name] = domain.exec(text) ?? [];
    if (start < at && name !== undefined) findings.push({ kind: "email", start, end: at + 1 + name.length });
  }
  return findings;
}

/** Words before a "dot" that is none of an address: "look at the dot". */
const articles = new Set(["the", "a", "an", "this", "that", "every", "each", "my", "your", "our"]);
const joiners = new Set(["dot", "underscore", "dash", "hyphen", "plus"]);

/** E-mail addresses as they are said: "ada dot lovelace at example dot org". */
export function findSpokenEmails(atoms: readonly Atom[]): readonly Finding[] {
  const words = atoms.map(({ text }) => text.toLowerCase());
  return atoms.flatMap((_, index): Finding[] => {
    if (words[index] !== "at" || words[index + 2] !== "dot" || index === 0 || articles.has(words[index + 1] ?? ""))
      return [];
    let first = index - 1;
    while (first >= 2 && joiners.has(words[first - 1] ?? "")) first -= 2;
    let last = index + 3;
    while (words[last + 1] === "dot" && atoms[last + 2] !== undefined) last += 2;
    const [start, end] = [atoms[first]?.start, atoms[last]?.end];
    const isName = /^[\p{L}]{2,}$/u.test(words[last] ?? "") && (words[last]?.length ?? 0) <= LONGEST_LABEL;
    return start === undefined || end === undefined || !isName ? [] : [{ kind: "email", start, end }];
  });
}

/** IPv4 and IPv6 addresses. */
export function findIps(text: string): readonly Finding[] {
  return Array.from(text.matchAll(/[0-9a-f:.]+/gi)).flatMap(({ 0: found, index }): Finding[] => {
    const address = withoutEnd(found, ".:");
    if (address.length < 4 || address.length > LONGEST_IP || isIP(address) === 0) return [];
    // "face::" within a word is none.
    const isWord = /[\p{L}\p{N}]/u.test(`${text[index - 1] ?? ""}${text[index + address.length] ?? ""}`);
    return isWord ? [] : [{ kind: "ip", start: index, end: index + address.length }];
  });
}

/** Links as they are written. */
export function findUrls(text: string): readonly Finding[] {
  return Array.from(text.matchAll(/(?:\bhttps?:\/\/|\bwww\.)[^\s<>"'\])]+/gi), ({ 0: found, index }) => ({
    kind: "url" as const,
    start: index,
    end: index + withoutEnd(found, ".,;:!?").length,
  }));
}

/** Without these characters at its end. A regular expression would look for the end at every one of them. */
function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] ?? " ")) end--;
  return text.slice(0, end);
}
