import { checkModel, type ModelFaults, type SandboxClient } from '@atf/sandbox';
import { digestOfKeys, fingerprint } from './fingerprint.js';
import type { ToolCase } from './tools.js';

/** What a run of a tool is judged by. */
export interface Content {
  fingerprint: string;
  /** How many keys it `deletes`. */
  deletable: number;
  /** Of each key where that is what holds halfway, else the faults of the model. */
  digests: ReadonlyMap<string, string>;
  faults: ReadonlySet<string>;
}

/** `now`: a scheduled task is overdue by then. */
export async function contentOf(client: SandboxClient, toolCase: ToolCase, now: Date): Promise<Content> {
  return {
    fingerprint: await fingerprint(client, toolCase),
    deletable: await countDeletable(client, toolCase),
    digests: toolCase.halfway === 'keys' ? await digestOfKeys(client) : new Map(),
    faults: toolCase.halfway === 'model' ? await faultsOf(client, now) : new Set(),
  };
}

/** Each fault of the model as one string, such as `stuckActive 1b9d…`. `now`: a scheduled task is overdue by then. */
export async function faultsOf(client: SandboxClient, now: Date): Promise<Set<string>> {
  const found: ModelFaults = await checkModel(client, { now });
  return new Set(Object.entries(found).flatMap(([fault, ids]) => ids.map((id) => `${fault} ${id}`)));
}

/** How many keys there are of those that a tool deletes. */
export async function countDeletable(
  client: SandboxClient,
  { deletes }: Pick<ToolCase, 'deletes'>,
): Promise<number> {
  return deletes === undefined ? 0 : (await client.keys(deletes)).length;
}
