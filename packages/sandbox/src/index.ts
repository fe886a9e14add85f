export * from './acl.js';
export { parseFaults } from './cli/fault-flags.js';
export * from './count-states.js';
export * from './exactness.js';
export { type FailoverPair, startFailoverPair } from './failover-pair.js';
export type { FaultCase } from './fault-case.js';
export * from './keys.js';
export * from './lock.js';
export { type CheckModelOptions, checkModel, type ModelFaults } from './model-check/check-model.js';
export { PLAIN_STYLE } from './plain-style.js';
export { type ProxyOptions, type RedisProxy, startProxy } from './proxy/start-proxy.js';
export type { Treatment } from './proxy/treatment.js';
export * from './python.js';
export * from './random.js';
export * from './recording.js';
export { findRedisBinary, serverMajorVersion } from './redis-binary.js';
export * from './redis-client.js';
export * from './redis-server.js';
export * from './repairs/repair-options.js';
export { repairsUnderTraffic } from './repairs/repairs-under-traffic.js';
export { type Moment, runBinUntil } from './run-behind-proxy.js';
export {
  type BinRun,
  commandOfBin,
  type RunBinOptions,
  runBin,
  type StartedBin,
  startBin,
} from './run-bin.js';
export { COMPLETED_IDS_KEPT, type SeedManifest } from './seeding/manifest.js';
export { seedAsyncTaskFlow } from './seeding/seed-asynctaskflow.js';
export * from './seeding/seed-options.js';
export { CONSUMER, LIVE_WORKERS } from './seeding/system-keys.js';
export * from './shapes/broker-shapes.js';
export * from './shapes/defective-shapes.js';
export * from './shapes/task-shapes.js';
export { drainTraffic } from './traffic/drain-traffic.js';
export type { RunEvent, TimelineEntry } from './traffic/judge-timeline.js';
export { RunLog } from './traffic/run-log.js';
export { startTraffic } from './traffic/start-traffic.js';
export * from './traffic/traffic-options.js';
