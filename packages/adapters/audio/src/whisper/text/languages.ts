/** Languages of Whisper in the order of their tokens (openai/whisper `tokenizer.py`). Cantonese came with large-v3. */
export const whisperLanguages: readonly string[] = (
  "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk " +
  "te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo " +
  "ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su yue"
).split(" ");

/** Where Whisper's name is not that of BCP 47: Javanese, Filipino, Norwegian Bokmål. */
const aliases: Readonly<Record<string, string>> = { jv: "jw", fil: "tl", nb: "no" };

/** Whisper's name for a language tag: "en" for "en-GB"; undefined for a language it does not know. */
export function whisperLanguage(tag: string): string | undefined {
  const [primary = ""] = tag.toLowerCase().split(/[-_]/);
  const name = aliases[primary] ?? primary;
  return whisperLanguages.includes(name) ? name : undefined;
}

/** Language tag (BCP 47) of Whisper's name. */
export function languageTag(name: string): string {
  return name === "jw" ? "jv" : name;
}

/** Written without spaces, so that every character may end a word. */
export const unspacedLanguages: ReadonlySet<string> = new Set(["zh", "ja", "th", "lo", "my", "yue"]);
