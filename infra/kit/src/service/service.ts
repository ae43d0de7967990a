export { BodyTooLarge, readBody } from './body.ts';
export { ConfigError, json, readConfig, serviceSettings, urlLists, urlMap } from './config.ts';
export { createRegistry, createService, sendError, sendJson } from './http-service.ts';
export type { HttpService, ReadinessCheck, Route, ServiceOptions } from './http-service.ts';
export { createLogger } from './logger.ts';
export type { Logger } from './logger.ts';
export { run } from './run.ts';
export type { RunningApp } from './run.ts';
