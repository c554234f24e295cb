// Configuration
export { defineConfig, type Config, type ConfigInput } from "./config/config-schema.ts";
export { loadConfig, type LoadConfigOptions, type LoadedConfig } from "./config/load-config.ts";

// A gateway inside another program
export { openGateway, type OpenGateway, type OpenGatewayOptions } from "./gateway/create-gateway.ts";
export type { Gateway } from "./gateway/gateway.ts";
export { startServer, type RunningServer } from "./http/server.ts";
export { createApp } from "./http/app.ts";

// The kernel's host on Node
export { createNodeHost, type NodeHost, type NodeHostOptions } from "./host/node-host.ts";

// Errors
export { serverErrors, type ServerErrorCode } from "./errors/server-errors.ts";
