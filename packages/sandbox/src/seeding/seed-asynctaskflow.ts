import { microsOf } from '../python.js';
import { createRandom } from '../random.js';
import type { SandboxClient } from '../redis-client.js';
import { writeFaults } from './faults.js';
import { planPlaces, writeHealthy } from './healthy.js';
import { emptyManifest, type SeedManifest } from './manifest.js';
import { DEFAULT_MIX, type SeedOptions } from './seed-options.js';
import type { Seeder } from './seeder.js';
import {
  LIVE_WORKERS,
  writeCeleryMeta,
  writeCounters,
  writeForeignKeys,
  writeForeignMessages,
  writeSystemKeys,
} from './system-keys.js';
import { TaskMaker } from './task-maker.js';
import { WriteBuffer } from './write-buffer.js';

/**
 * Writes an AsyncTaskFlow into an empty database: `tasks` healthy ones, whose references, broker messages, heartbeats and
 * counters are all true, and besides them the faults that were asked for. Deterministic by `seed` and `now`. Memory is flat
 * in `tasks`; some 50,000 tasks a second on two shared cores. Heartbeats expire after 90 s, as real ones do.
 */
export async function seedAsyncTaskFlow(client: SandboxClient, options: SeedOptions): Promise<SeedManifest> {
  const { tasks, seed, contentBytes, celeryMeta, faults = {}, counters = true } = options;
  if (!counters && faults.counterDrift !== undefined) throw new Error('no counters, so none can drift');
  const now = options.now ?? new Date();
  const seeder: Seeder = {
    buffer: new WriteBuffer(client),
    manifest: emptyManifest(seed, now),
    maker: new TaskMaker(createRandom(seed), microsOf(now), { contentBytes, workers: LIVE_WORKERS }),
  };
  await writeHealthy(seeder, planPlaces(tasks, options.mix ?? DEFAULT_MIX));
  await writeFaults(seeder, faults);
  if (celeryMeta !== undefined) await writeCeleryMeta(seeder, celeryMeta);
  await writeForeignKeys(seeder, options.foreignKeys ?? 0);
  writeForeignMessages(seeder, options.foreignMessages ?? 0);
  if (counters) writeCounters(seeder, faults.counterDrift);
  writeSystemKeys(seeder);
  await seeder.buffer.end();
  return seeder.manifest;
}
