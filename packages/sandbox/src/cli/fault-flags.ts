import { FAULTS, type Fault, type SeedOptions } from '../seeding/seed-options.js';

/** How much a bare `--fault counterDrift` adds to the counter of active tasks. */
const PHANTOMS = 3;

/**
 * Reads `NAME` and `NAME=COUNT`. `counterDrift` makes that many phantom active tasks, `celeryMeta` that many left-overs,
 * half of them with an expiry. Throws a RangeError for a name or a count that makes no sense.
 */
export function parseFaults(flags: readonly string[]): Pick<SeedOptions, 'faults' | 'celeryMeta'> {
  const faults: NonNullable<SeedOptions['faults']> = {};
  let celeryMeta: SeedOptions['celeryMeta'];
  for (const flag of flags) {
    const [name = '', text] = flag.split('=');
    const count = Number(text ?? (name === 'counterDrift' ? PHANTOMS : 1));
    if (!Number.isInteger(count) || (count < 0 && name !== 'counterDrift')) {
      throw new RangeError(`--fault ${flag}: the count must be a whole number`);
    }
    if (name === 'counterDrift') faults.counterDrift = { ACTIVE: count };
    else if (name === 'celeryMeta') celeryMeta = { count, withTtl: Math.floor(count / 2) };
    else if (isFault(name)) faults[name] = count;
    else throw new RangeError(`--fault ${flag}: no such fault; known are ${FAULTS.join(', ')}`);
  }
  return celeryMeta === undefined ? { faults } : { faults, celeryMeta };
}

const isFault = (name: string): name is Fault => FAULTS.some((fault) => fault === name);
