import { readFile } from 'node:fs/promises';
import type { SandboxClient } from './redis-client.js';

export type RecordedKey =
  | { key: string; type: 'hash'; value: Record<string, string> }
  | { key: string; type: 'list'; value: string[] }
  | { key: string; type: 'set'; value: string[] }
  | { key: string; type: 'zset'; value: [member: string, score: number][] }
  | { key: string; type: 'string'; value: string };

/** A recording of a running AsyncTaskFlow, faults included: one key a line. */
const PATH = new URL('../fixtures/recorded-asynctaskflow.ndjson', import.meta.url);

/** What is in the recording, and what is wrong with it. */
export const RECORDING = {
  /** All of its times are of these minutes; its last one is 15:11:08. */
  takenAt: new Date('2026-11-22T15:10:00Z'),
  endedAt: new Date('2026-11-22T15:11:08.006Z'),
  keys: 51,
  tasks: 38,
  states: { PENDING: 10, ACTIVE: 3, COMPLETED: 20, FAILED: 0, SCHEDULED: 4, DLQ: 1 },
  counters: { PENDING: '10', ACTIVE: '3', COMPLETED: '20', FAILED: null, SCHEDULED: '4', DLQ: '1' },
  /** Written into a hash that had been deleted meanwhile: no `task_id`, no `created_at`. */
  unknownIds: [
    '5e6e6dca-c6b9-4c8d-b852-3b9dbf4f1408',
    '68d7f229-2bf8-493b-9b6a-f6af987303ca',
    '87435271-aa61-4e03-aa7e-f8b625242ea8',
  ],
  defectiveDlq: ['00000000-dead-4bad-8bad-000000000001'],
  stuckActive: [
    '39113421-fcb7-411d-9157-a9dafcb6a55b',
    '69ee59a3-cc04-436c-a066-28a88004b2ee',
    'ad72213d-2888-432b-92b2-7124b5df967c',
  ],
  queuedPending: [
    '042f258e-ce90-460a-ab2a-5fceef465e75',
    '16953a27-fcda-4077-a214-380fe2fbd09e',
    '8db31ba4-a3a6-4e8d-81a9-187fbf99e054',
  ],
  pendingInBroker: [
    '138544da-846c-4058-9369-708241516eb9',
    'df306b18-cd08-4e4c-89c1-be0d19697b10',
    'edad07f7-675b-48dd-aeb0-423ada720beb',
  ],
  orphanedPending: [
    '20f40e23-5ca3-4b9a-b349-8d070d00b908',
    '3aed7562-935e-4674-81fe-d57d640acd28',
    '6cbb6e0c-062e-4485-a91e-5f4c1e7652a0',
    'cd2b1f37-3e19-44e3-8e61-1b282e6d38d7',
  ],
  overdueScheduled: [
    '9accb414-5b8d-4d4e-8106-8e43a9836462',
    'a39d3410-ae11-466a-b9b9-26fdaaeaa3fd',
    'bdd8bf60-0a79-4652-8569-f844c9cb0659',
    'cc184dae-cca0-439b-bf66-d4cc309657f4',
  ],
  ghostEntries: ['00000000-0000-4000-8000-000000000001'],
} as const;

/** The recording's keys, in its order. */
export async function readRecording(): Promise<RecordedKey[]> {
  const lines = (await readFile(PATH, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as RecordedKey);
}

/**
 * Writes the recording's keys, each as it was (lists in order); the heartbeat without its expiry, which was not recorded.
 * Other keys stay. One command a key.
 */
export async function loadRecording(client: SandboxClient): Promise<void> {
  for (const recorded of await readRecording()) await write(client, recorded);
}

async function write(client: SandboxClient, recorded: RecordedKey): Promise<void> {
  const { key } = recorded;
  await client.del(key);
  if (recorded.type === 'hash') await client.hSet(key, recorded.value);
  else if (recorded.type === 'list') await client.rPush(key, recorded.value);
  else if (recorded.type === 'set') await client.sAdd(key, recorded.value);
  else if (recorded.type === 'string') await client.set(key, recorded.value);
  else
    await client.zAdd(
      key,
      recorded.value.map(([value, score]) => ({ value, score })),
    );
}
