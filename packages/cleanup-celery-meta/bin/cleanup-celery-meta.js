#!/usr/bin/env node
import '@atf/core/node-version';

await import('../dist/cli.js');
