import type { Mode } from './report.js';

/** The mode as reports name it. `repair` is the tool's own word for what it does if nothing restrains it. */
export function modeName(mode: Mode, repair: string): string {
  return { repair, check: 'CHECK', 'dry-run': 'DRY RUN', inspect: 'INSPECTION' }[mode];
}
