import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { debugDigest, type SandboxClient } from '@atf/sandbox';
import type { RedisInstance } from './redis-instance.js';
import type { ToolCase } from './tools.js';

const COMPARABLE = readFileSync(new URL('./comparable-content.lua', import.meta.url), 'utf8');

/**
 * The whole content as one string that is the same where the content is. With `clockFields` tasks are compared without those,
 * and lists without their order: a run that is cut in two puts ids back in another one.
 */
export async function fingerprint(
  client: SandboxClient,
  { clockFields = [] }: Pick<ToolCase, 'clockFields'> = {},
): Promise<string> {
  if (clockFields.length === 0) return debugDigest(client);
  const digests = await digestOfKeys(client);
  const forms = (await client.eval(COMPARABLE, { arguments: [...clockFields] })) as string[];
  for (let i = 0; i < forms.length; i += 2) digests.set(forms[i]!, forms[i + 1]!);
  return createHash('sha1')
    .update(JSON.stringify([...digests].sort()))
    .digest('hex');
}

const lastOf = new WeakMap<RedisInstance, { key: string; value: string }>();

/** The fingerprint of an instance. Where nothing has changed since the last one it costs no more than an INFO. */
export async function fingerprintOf(
  instance: RedisInstance,
  toolCase: Pick<ToolCase, 'clockFields'>,
): Promise<string> {
  const key = `${await instance.version()} ${toolCase.clockFields}`;
  const last = lastOf.get(instance);
  if (last?.key === key) return last.value;
  const value = await fingerprint(instance.client, toolCase);
  lastOf.set(instance, { key, value });
  return value;
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
