import type { FlagDefinition } from './tool.js';

/** The flags of tools that delete, besides those of all tools. */
export const DESTRUCTIVE_FLAGS = {
  yes: { type: 'boolean', describe: 'Do not ask' },
  backup: {
    type: 'string',
    describe:
      'First save everything that is deleted to a new file in this folder/, or to this new file; for restore-backup',
  },
} as const satisfies Record<string, FlagDefinition>;
