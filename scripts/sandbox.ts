#!/usr/bin/env -S node --import tsx/esm
/**
 * Runs a command inside of the sandbox, whether its cluster exists yet or not: `npm run sandbox -- bash` opens a shell
 * in which the lesson's own lines can be typed.
 */
import { runInSandbox } from '../lib/sandbox-shell.ts'

await runInSandbox(import.meta)
