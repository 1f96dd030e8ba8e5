#!/usr/bin/env node
/**
 * Builds Dynoxide, the DynamoDB emulator that storage and DAX are tested against, with cargo: once for each version, into
 * `.cache`. Prints the path of the binary. Plain JavaScript, no dependencies: CI runs it beside `npm ci`, on the machine's own Node.
 * @see https://github.com/nubo-db/dynoxide, MIT or Apache-2.0
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of the crate; the binary names a product version of its own. */
const VERSION = '3.2.0';
/** The server alone: without import and MCP it builds in two thirds of the time. */
const FEATURES = 'native-sqlite,http-server,cli';
const BUILD_LIMIT_MS = 900_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, '.cache', 'dynoxide', VERSION);
const binary = join(folder, 'bin', 'dynoxide');

const say = (text) => process.stderr.write(`${text}\n`);

/** @returns what went wrong, with the remedy; `undefined` when the binary is there */
function build() {
  say(`building Dynoxide ${VERSION} with cargo, once; this takes some minutes`);
  const crate = ['dynoxide-rs', '--version', VERSION, '--locked', '--no-default-features', '--features', FEATURES];
  // Its output goes to standard error: standard output is the path alone.
  const cargo = spawnSync('cargo', ['install', '--quiet', ...crate, '--root', folder], {
    stdio: ['ignore', 2, 2],
    timeout: BUILD_LIMIT_MS,
  });
  if (cargo.error?.code === 'ENOENT') return 'cargo is not there: install Rust 1.88 or newer, https://rustup.rs';
  if (cargo.error !== undefined) return `cargo did not build Dynoxide ${VERSION}: ${cargo.error.message}`;
  if (cargo.status === 0 && existsSync(binary)) return undefined;
  return `cargo could not build Dynoxide ${VERSION}; it needs Rust 1.88 or newer (rustup update) and a C compiler`;
}

const problem = existsSync(binary) ? undefined : build();
if (problem === undefined) process.stdout.write(`${binary}\n`);
else {
  say(problem);
  process.exitCode = 1;
}
