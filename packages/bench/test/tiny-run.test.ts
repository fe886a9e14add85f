import { describe, expect, test } from '@jest/globals';
import { type Bench, withBench } from '../src/bench.js';
import { deletingDefectiveRow } from '../src/rows/deleting-defective.js';
import { deletingResultsRow } from '../src/rows/deleting-results.js';
import { lookingRows } from '../src/rows/looking.js';

const tiny = <Answer>(work: (bench: Bench) => Promise<Answer>) =>
  withBench({ repeats: 1, say: () => {} }, work);

describe('a tiny run', () => {
  test('measures the tools that look at all tasks, and what they replace', async () => {
    const rows = await tiny((bench) => lookingRows(bench, { sizes: [6_000], plainUpTo: 6_000 }));
    expect(rows.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['fix-counter-sync --dry-run', 'delete-defective-tasks --dry-run']),
    );
    for (const row of rows) {
      expect(row).toMatchObject({ tasks: 6_000, plainRatio: expect.any(Number) });
      expect(row.seconds).toBeGreaterThan(0);
      expect(row.floorRatio).toBeGreaterThan(0);
      expect(row.peakMb).toBeGreaterThan(20);
      expect(row.peakMb).toBeLessThan(300);
      expect(row.ping?.max).toBeGreaterThanOrEqual(row.ping!.p99);
      expect(row.idlePing?.p99).toBeGreaterThan(0);
    }
  });

  test('measures the deletion of results', async () => {
    const row = await tiny((bench) => deletingResultsRow(bench, 1_000));
    expect(row).toMatchObject({
      tasks: 3_000,
      floorRatio: expect.any(Number),
      plainRatio: expect.any(Number),
    });
  });

  test('measures the deletion of defective tasks, all of which go', async () => {
    await tiny(async (bench) => {
      const options = { tasks: 600, defective: 300, queued: 300, withPlain: true };
      const row = await deletingDefectiveRow(bench, options);
      expect(row).toMatchObject({ tasks: 900, plainRatio: expect.any(Number) });
      expect(Number(await bench.client.lLen('dlq:tasks'))).toBe(200);
    });
  });
});
