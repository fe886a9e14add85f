import { type Deps, loadReadingScript, type Redis, runScript } from '@atf/core';
import { type ListLook, readList } from './read-list.js';

const READ_NEWER_ENTRIES = loadReadingScript(import.meta.url, './read-newer-entries.lua');

/** Entries that are read at one go: more are read page by page. */
export const MOST_NEWER = 5_000;
const MARGIN = 200;

/**
 * Notes in the look what came to its list since, and moves its anchor along. Reads the list whole where the anchor is gone.
 * Cost: one call, as a rule.
 */
export async function catchUp(deps: Pick<Deps, 'signal'>, client: Redis, look: ListLook): Promise<ListLook> {
  const { key, anchor } = look;
  const newer = await runScript<Buffer[] | null>(client, READ_NEWER_ENTRIES, {
    keys: [key],
    args: [...anchorArguments(look), String(MOST_NEWER)],
  });
  if (newer === null) {
    const again = await readList(deps, client, { key, right: 'PACFSD-kmux' });
    return { ...again, odd: look.odd };
  }
  for (const id of newer) look.ids.note(id, 1);
  const moved = newer.length - 1 - MARGIN;
  if (moved < 0) return look;
  return { ...look, anchor: { id: newer[MARGIN]!, fromTail: (anchor?.fromTail ?? -1) + 1 + moved } };
}

/** How a script is told of an anchor. */
export function anchorArguments({ anchor }: ListLook): [Buffer | string, string] {
  return anchor ? [anchor.id, String(anchor.fromTail)] : ['', '-1'];
}
