import { defineConfig } from "@stargate/server";
import { deforestation } from "./deforestation.ts";

const { STAC_URL = "https://earth-search.aws.element84.com/v1" } = process.env;
const { host, hostname } = new URL(STAC_URL);
const isLocal = hostname === "127.0.0.1";

export default defineConfig({
  adapters: ["satellite"],
  allow: { hosts: [host, "*.amazonaws.com"], ...(isLocal && { networks: ["127.0.0.1"] }) },
  limits: { maxRunMs: 3_600_000 },
  pipelines: [deforestation(STAC_URL)],
  log: { level: "silent" },
});
