import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chartSvg } from './chart.js';
import { machineText, thisMachine } from './machine.js';
import { withTable } from './readme.js';
import { PART_NAMES, QUICK, runAll, USUAL_PARTS, WHOLE } from './run-all.js';
import { summaryTable } from './summary.js';
import { markdownTable } from './table.js';

const README = fileURLToPath(new URL('../README.md', import.meta.url));
const ROOT_README = fileURLToPath(new URL('../../../README.md', import.meta.url));
const CHART = fileURLToPath(new URL('../../../docs/images/benchmark.svg', import.meta.url));
const USAGE = `Usage: npm run bench -- [flags]
  --quick          10,000 and 100,000 tasks alone: below 2 minutes
  --only PARTS     some parts alone, with commas: ${PART_NAMES.join(', ')}
                   [default: all but ten-million and distant: 20 minutes each, and 4 GB for ten million tasks]
  --repeats N      runs of each tool, of which medians are taken [default: 3]
  --json FILE      where to write the results [default: bench.json]
  --write-readme   write the table into packages/bench/README.md, its summary into README.md, and the chart
`;

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: USUAL_PARTS.join(',') },
    repeats: { type: 'string', default: '3' },
    json: { type: 'string', default: 'bench.json' },
    'write-readme': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (flags.help) process.stdout.write(USAGE);
else await bench();

async function bench(): Promise<void> {
  const startedAt = performance.now();
  const say = (text: string) => void process.stderr.write(`${text}\n`);
  const options = { repeats: Number(flags.repeats), say };
  const results = await runAll(flags.quick ? QUICK : WHOLE, options, flags.only.split(','));
  const machine = thisMachine();
  const minutes = (performance.now() - startedAt) / 60_000;
  const text = `${markdownTable(results)}\n\nMedians of ${flags.repeats} runs on ${machineText(machine)}, in ${minutes.toFixed(0)} minutes.`;
  process.stdout.write(`${text}\n`);
  writeFileSync(
    flags.json,
    `${JSON.stringify({ machine, repeats: Number(flags.repeats), results }, null, 2)}\n`,
  );
  if (flags['write-readme']) {
    writeFileSync(README, withTable(readFileSync(README, 'utf8'), text));
    writeFileSync(ROOT_README, withTable(readFileSync(ROOT_README, 'utf8'), summaryTable(results)));
    writeFileSync(CHART, chartSvg(results));
  }
}
