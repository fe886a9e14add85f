import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { checkModel, debugDigest, type ModelFaults, type SandboxClient } from '@atf/sandbox';

const COMPARABLE = readFileSync(new URL('./comparable-content.lua', import.meta.url), 'utf8');

/**
 * The whole content as one string that is the same where the content is. With `clockFields` tasks are compared without those,
 * and lists without their order: a run that is cut in two puts ids back in another one.
 */
export async function fingerprint(
  client: SandboxClient,
  { clockFields = [] }: { clockFields?: readonly string[] } = {},
): Promise<string> {
  if (clockFields.length === 0) return debugDigest(client);
  const digests = await digestOfKeys(client);
  const forms = (await client.eval(COMPARABLE, { arguments: [...clockFields] })) as string[];
  for (let i = 0; i < forms.length; i += 2) digests.set(forms[i]!, forms[i + 1]!);
  return createHash('sha1')
    .update(JSON.stringify([...digests].sort()))
    .digest('hex');
}

/** A digest of each key's content, its having an expiry included. */
export async function digestOfKeys(client: SandboxClient): Promise<Map<string, string>> {
  const digests = new Map<string, string>();
  for await (const keys of client.scanIterator({ COUNT: 1_000 })) {
    if (keys.length === 0) continue;
    const values = (await client.sendCommand(['DEBUG', 'DIGEST-VALUE', ...keys])) as unknown as string[];
    keys.forEach((key, i) => {
      digests.set(key, values[i]!);
    });
  }
  return digests;
}

/** Each fault of the model as one string, such as `stuckActive 1b9d…`. `now`: a scheduled task is overdue by then. */
export async function faultsOf(client: SandboxClient, now: Date): Promise<Set<string>> {
  const found: ModelFaults = await checkModel(client, { now });
  return new Set(Object.entries(found).flatMap(([fault, ids]) => ids.map((id) => `${fault} ${id}`)));
}

/** How many keys there are of those that a tool deletes. */
export async function countDeletable(
  client: SandboxClient,
  { deletes }: { deletes?: string },
): Promise<number> {
  return deletes === undefined ? 0 : (await client.keys(deletes)).length;
}
