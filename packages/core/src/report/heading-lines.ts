import { describeTarget } from '../redis/target.js';
import type { Report } from './report.js';

/** The first lines of a report. `repair` is the tool's own word for what it does if nothing restrains it. */
export function headingLines(
  title: string,
  { mode, target }: Pick<Report<unknown>, 'mode' | 'target'>,
  repair: string,
): string[] {
  const modeName = { repair, check: 'CHECK', 'dry-run': 'DRY RUN', inspect: 'INSPECTION' }[mode];
  return [title, `Redis URL: ${target ? describeTarget(target) : ''}`, `Mode: ${modeName}`, ''];
}
