import { counterKey, STATES } from '../keys.js';
import { loadRecording, RECORDING } from '../recording.js';
import type { SandboxClient } from '../redis-client.js';
import { seedAsyncTaskFlow } from '../seeding/seed-asynctaskflow.js';
import type { SeedOptions } from '../seeding/seed-options.js';

/**
 * Loads the recording, seeds tasks, or both: the recording's counters are then added to the seeded ones. Gives a line that
 * says what is there now.
 */
export async function fill(
  client: SandboxClient,
  { recording, ...options }: SeedOptions & { recording: boolean },
): Promise<string> {
  if (recording) await loadRecording(client);
  if (recording && options.tasks === 0) return `${RECORDING.tasks} recorded tasks`;
  const manifest = await seedAsyncTaskFlow(client, options);
  const faults = Object.entries(manifest.faults).filter(([, ids]) => ids.length > 0);
  const parts = [
    `${options.tasks} seeded tasks`,
    ...faults.map(([fault, ids]) => `${ids.length} ${fault}`),
    ...(options.celeryMeta ? [`${options.celeryMeta.count} celeryMeta`] : []),
    ...(options.faults?.counterDrift
      ? [`counterDrift of ${Object.values(options.faults.counterDrift).join(', ')}`]
      : []),
  ];
  if (!recording) return parts.join(', ');
  for (const state of STATES) {
    const recorded = Number(RECORDING.counters[state] ?? 0);
    if (recorded > 0 && options.counters !== false) await client.incrBy(counterKey(state), recorded);
  }
  return [`${RECORDING.tasks} recorded tasks`, ...parts].join(', ');
}
