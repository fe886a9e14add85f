import type { FlagDefinition } from './tool.js';

/** The flags of tools that delete, besides those of all tools. */
export const DESTRUCTIVE_FLAGS = {
  yes: { type: 'boolean', describe: 'Do not ask' },
  backup: {
    type: 'string',
    requiresArg: true,
    describe: 'Save everything that is deleted in this new file first, for restore-backup',
  },
} as const satisfies Record<string, FlagDefinition>;
