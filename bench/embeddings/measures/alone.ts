import { result } from "../../support/result.ts";
import { median } from "../../support/statistics.ts";
import type { BareReport } from "../bare-models.ts";
import type { Measure } from "./measure.ts";

/** One client: what a request takes when nothing else is asked, and whether its image and its text go side by side. */
export const measureAlone: Measure = async ({ traffic, bare, note }) => {
  note("1 client: image, text, both, and the bare models, in turn");
  const p50s = { image: [] as number[], text: [] as number[], both: [] as number[] };
  const bareReports: BareReport[] = [];
  for (let round = 0; round < 9; round++) {
    for (const content of ["image", "text", "both"] as const)
      p50s[content].push((await traffic.send(content, { clients: 1 }, 2)).p50Ms);
    bareReports.push(await bare());
  }
  const imageMs = median(p50s.image);
  const textMs = median(p50s.text);
  const bothMs = median(p50s.both);
  const bareMs = (field: keyof BareReport): number => median(bareReports.map((report) => report[field]));
  return [
    result("1 client, image and text: p50 over that of the slower one alone", bothMs / Math.max(imageMs, textMs), "x", {
      goal: "<= 1.15",
    }),
    result("1 client, image and text: p50 over bare runs in sequence", bothMs / bareMs("bothMs"), "x"),
    result("1 client, image and text: p50", bothMs, "ms", { baseline: bareMs("bothMs") }),
    result("1 client, image: p50", imageMs, "ms", { baseline: bareMs("imageMs") }),
    result("1 client, text: p50", textMs, "ms", { baseline: bareMs("textMs") }),
  ];
};
