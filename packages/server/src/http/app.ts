import { Hono } from "hono";
import type { Gateway } from "../gateway/gateway.ts";
import { fail } from "../errors/server-errors.ts";
import { docsPage, docsScript, docsStyle } from "./docs/docs-page.ts";
import { mapAsset, mapPage } from "./map/map-page.ts";
import { endpoint, problemResponse, type EndpointHandler, type EndpointOptions } from "./endpoint.ts";
import type { HttpEnv } from "./exchange.ts";
import { openApiDocument } from "./openapi/openapi-route.ts";
import { showAlertChip } from "./routes/alert-chip.ts";
import { explainPlan, listModalities, listTransforms, showReceipt } from "./routes/catalogue.ts";
import { showCompute } from "./routes/compute.ts";
import { convert } from "./routes/convert.ts";
import { createEmbeddings } from "./routes/embeddings.ts";
import { explainReceipt } from "./routes/explain-receipt.ts";
import { giveFeedback } from "./routes/feedback.ts";
import { cancelJob, listJobs, showJob, showJobResult } from "./routes/jobs.ts";
import { transcribeLive } from "./routes/live.ts";
import { listModels, showModel } from "./routes/models.ts";
import { infer } from "./routes/open-inference-infer.ts";
import {
  modelMetadata,
  modelReady,
  repositoryIndex,
  serverLive,
  serverMetadata,
  serverReady,
} from "./routes/open-inference.ts";
import { listPipelines, runPipeline, showPipeline } from "./routes/pipelines.ts";
import { health, metrics, readiness } from "./routes/probes.ts";
import { runSpec } from "./routes/run-spec.ts";
import { listServices, pushItem } from "./routes/services.ts";
import { showTile } from "./routes/tiles.ts";
import { createTranscription, createTranslation } from "./routes/transcriptions.ts";
import { forgetVerification, listAlerts, listHectares, listWatches, showWatch, verifyAlert } from "./routes/watches.ts";

type Method = "GET" | "POST" | "PUT" | "DELETE";
type Route = Partial<Record<Method, EndpointHandler>> & Pick<EndpointOptions, "open" | "errors">;

/** The Open Inference Protocol (KServe v2): what clients of Triton speak. */
const openInferenceRoutes: Readonly<Record<string, Route>> = {
  "/v2": { GET: serverMetadata, errors: "open-inference" },
  "/v2/health/live": { GET: serverLive, open: true, errors: "open-inference" },
  "/v2/health/ready": { GET: serverReady, open: true, errors: "open-inference" },
  "/v2/repository/index": { POST: repositoryIndex, errors: "open-inference" },
  ...Object.fromEntries(
    ["/v2/models/:name", "/v2/models/:name/versions/:version"].flatMap((model): [string, Route][] => [
      [model, { GET: modelMetadata, errors: "open-inference" }],
      [`${model}/ready`, { GET: modelReady, errors: "open-inference" }],
      [`${model}/infer`, { POST: infer, errors: "open-inference" }],
    ]),
  ),
};

/** Every path the gateway answers. */
const routes: Readonly<Record<string, Route>> = {
  "/v1/convert": { POST: convert },
  "/v1/pipelines": { GET: listPipelines },
  "/v1/pipelines/:name": { GET: showPipeline, POST: runPipeline },
  "/v1/run": { POST: runSpec },
  "/v1/embeddings": { POST: createEmbeddings, errors: "openai" },
  "/v1/audio/transcriptions": { POST: createTranscription, errors: "openai" },
  "/v1/audio/translations": { POST: createTranslation, errors: "openai" },
  "/v1/audio/live": { POST: transcribeLive },
  "/v1/models": { GET: listModels, errors: "openai" },
  "/v1/models/:id": { GET: showModel, errors: "openai" },
  "/v1/compute": { GET: showCompute },
  "/v1/modalities": { GET: listModalities },
  "/v1/transforms": { GET: listTransforms },
  "/v1/plan": { GET: explainPlan },
  "/v1/jobs": { GET: listJobs },
  "/v1/jobs/:id": { GET: showJob, DELETE: cancelJob },
  "/v1/jobs/:id/result": { GET: showJobResult },
  "/v1/services": { GET: listServices },
  "/v1/services/:name/items": { POST: pushItem },
  "/v1/watches": { GET: listWatches },
  "/v1/watches/:name": { GET: showWatch },
  "/v1/watches/:name/alerts": { GET: listAlerts },
  "/v1/watches/:name/alerts/:id/verification": { PUT: verifyAlert, DELETE: forgetVerification },
  "/v1/watches/:name/alerts/:id/chip.png": { GET: showAlertChip },
  "/v1/watches/:name/hectares": { GET: listHectares },
  "/v1/tiles/:z/:x/:file": { GET: showTile },
  "/v1/receipts/:id": { GET: showReceipt },
  "/v1/receipts/:id/explain": { GET: explainReceipt },
  "/v1/receipts/:id/feedback": { POST: giveFeedback },
  ...openInferenceRoutes,
  "/healthz": { GET: health, open: true },
  "/readyz": { GET: readiness, open: true },
  "/metrics": { GET: metrics },
  "/openapi.json": { GET: openApiDocument },
  "/watches": { GET: mapPage, open: true },
  "/watches/assets/:file": { GET: mapAsset, open: true },
  "/docs": { GET: docsPage, open: true },
  "/docs/docs.css": { GET: docsStyle, open: true },
  "/docs/docs.js": { GET: docsScript, open: true },
};

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The HTTP application of a gateway: the table above, 404 and 405 as problems. */
export function createApp(gateway: Gateway): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>();
  for (const [route, { open, errors, ...handlers }] of Object.entries(routes)) {
    const options = { route, open, errors };
    for (const [method, handler] of Object.entries(handlers))
      app.on(method, route, endpoint(gateway, options, handler));
    // Refused method by method, not with `all`: a second handler on a path would cost every request of it.
    const allowed = Object.keys(handlers);
    app.on(
      methods.filter((method) => !allowed.includes(method)),
      route,
      endpoint(gateway, options, methodNotAllowed(allowed)),
    );
  }
  app.get("/", (context) => context.redirect("/docs"));
  app.notFound(
    endpoint(gateway, { route: "(none)", open: true }, (exchange) => {
      const { context } = exchange;
      if (context.req.path.startsWith("/v2/")) exchange.errorShape = "open-inference";
      throw fail("SG_HTTP_NOT_FOUND", `There is nothing at ${context.req.path}`);
    }),
  );
  return app;
}

function methodNotAllowed(allowed: readonly string[]): EndpointHandler {
  const allow = allowed.includes("GET") ? [...allowed, "HEAD"] : allowed;
  return (exchange) =>
    problemResponse(
      exchange,
      fail("SG_HTTP_METHOD", `${exchange.incoming.method ?? ""} is not possible here; ${allow.join(", ")} is`),
      { allow: allow.join(", ") },
    );
}
