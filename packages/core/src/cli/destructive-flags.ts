import type { FlagDefinition } from './tool.js';

/** The flags of tools that delete, beside those of all tools. */
export const DESTRUCTIVE_FLAGS = {
  yes: { type: 'boolean', describe: 'Do not ask' },
  backup: {
    type: 'string',
    requiresArg: true,
    describe: 'Write all that is deleted to this new file first, for restore-backup',
  },
} as const satisfies Record<string, FlagDefinition>;
