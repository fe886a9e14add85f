import { execFileSync } from 'node:child_process';
import { availableParallelism, totalmem } from 'node:os';
import { findRedisBinary } from '@atf/sandbox';

/** What the numbers depend on. Nothing in it names the machine. */
export interface Machine {
  cores: number;
  memoryGb: number;
  node: string;
  redis: string;
}

export function thisMachine(): Machine {
  const binary = findRedisBinary();
  const version = binary ? execFileSync(binary, ['--version'], { encoding: 'utf8' }) : '';
  return {
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    redis: /v=(\S+)/.exec(version)?.[1] ?? 'unknown',
  };
}

export function machineText({ cores, memoryGb, node, redis }: Machine): string {
  return `${cores} cores, ${memoryGb} GB of memory, Node ${node}, Redis ${redis}`;
}
